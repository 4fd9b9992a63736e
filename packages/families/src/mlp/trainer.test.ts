import { DomainError } from '@twostage/core/errors';
import { loadTensorFlow } from '@twostage/engines/tensorflow/load';
import { describe, expect, it } from 'vitest';
import { fit, fitInput, roundTrip, temporaryFolder, testInput } from '../../test/fitting.ts';
import { rSquared, type Simulated, uniformPanel } from '../../test/simulatedPanel.ts';
import { trainer } from './trainer.ts';

const data = uniformPanel(2400, 5, 21);
const small = {
  hiddenUnits: 32,
  layers: 2,
  dropout: 0.05,
  learningRate: 0.01,
  batchSize: 128,
  epochs: 40,
  patience: 8,
};

describe('MLP', () => {
  it('learns a product that no line sees, and keeps the best epoch', async () => {
    const { model, progress } = await fit(trainer, fitInput('MLP', data, small));
    const test = testInput(data);
    const { values } = await model.predict(test);
    expect(rSquared(data.target, test.rows, values)).toBeGreaterThan(0.6);
    const epochs = progress.filter(({ validationLoss }) => validationLoss !== null);
    const { bestStep, bestValidationLoss } = progress.at(-1)!;
    expect(bestValidationLoss).toBe(Math.min(...epochs.map(({ validationLoss }) => validationLoss!)));
    expect(epochs.find(({ step }) => step === bestStep)!.validationLoss).toBe(bestValidationLoss);

    const input = fitInput('MLP', data, small);
    const onValidation = await model.predict({ ...test, rows: input.validation });
    expect(rSquared(data.target, input.validation, onValidation.values)).toBeGreaterThan(0.6);
    const squares = [...input.validation].map((row, i) => (data.target[row]! - onValidation.values[i]!) ** 2);
    const loss = squares.reduce((sum, square) => sum + square, 0) / squares.length;
    expect(loss, 'what it predicts with is what the best epoch had').toBeCloseTo(bestValidationLoss!, 5);
  });

  it('stops early, or runs to the end where patience is 0', async () => {
    const eager = await fit(trainer, fitInput('MLP', data, { ...small, patience: 1, epochs: 200 }));
    expect(eager.progress.at(-1)!.step).toBeLessThan(eager.progress.at(-1)!.totalSteps);
    const patient = await fit(trainer, fitInput('MLP', data, { ...small, patience: 0, epochs: 3 }));
    expect(patient.progress.at(-1)!.step).toBe(patient.progress.at(-1)!.totalSteps);
    expect(patient.progress.reduce((sum, { rows }) => sum + rows, 0)).toBe(3 * fitInput('MLP', data).train.length);
  });

  it('is the same to the bit run again and loaded again; another seed is another model', async () => {
    const test = testInput(data);
    const quick = { ...small, epochs: 4 };
    const first = await fit(trainer, fitInput('MLP', data, quick));
    const again = await fit(trainer, fitInput('MLP', data, quick));
    const other = await fit(trainer, fitInput('MLP', data, quick, { seed: 6 }));
    const { values } = await first.model.predict(test);
    expect((await again.model.predict(test)).values).toEqual(values);
    expect(again.progress.map(({ trainLoss }) => trainLoss).at(-1)).toBe(first.progress.at(-1)!.trainLoss);
    expect((await other.model.predict(test)).values).not.toEqual(values);
    expect(await roundTrip(trainer, first.model, test)).toEqual(values);
    expect((await first.model.predict({ ...test, rows: test.rows.slice(0, 7) })).values).toEqual(values.slice(0, 7));
  });

  it('predicts in the target’s unit', async () => {
    const shifted: Simulated = { panel: data.panel, target: data.target.map((value) => 1000 + 50 * value) };
    const quick = { ...small, epochs: 4 };
    const plain = await fit(trainer, fitInput('MLP', data, quick));
    const moved = await fit(trainer, fitInput('MLP', shifted, quick));
    const test = testInput(data);
    const expected = (await plain.model.predict(test)).values;
    (await moved.model.predict(test)).values.forEach((value, i) => {
      expect(value).toBeCloseTo(1000 + 50 * expected[i]!, 2);
    });
  });

  it('frees what it holds when it is cancelled', async () => {
    const { tf } = loadTensorFlow();
    const before = tf.memory().numTensors;
    const input = fitInput('MLP', data, small, {
      report: async () => {
        throw new DomainError('CANCELLED', 'the run was cancelled');
      },
    });
    await expect(trainer.fit(input)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says what is wrong with a folder, with the features, with the training rows', async () => {
    const folder = await temporaryFolder();
    await expect(trainer.load(folder, 1, 'cpu')).rejects.toMatchObject({ code: 'BAD_FILE' });
    const { model } = await fit(trainer, fitInput('MLP', data, { ...small, epochs: 1 }));
    const other = uniformPanel(100, 4, 1);
    await expect(model.predict(testInput(other))).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    const none = fitInput('MLP', data, small, { train: new Uint32Array(0) });
    await expect(trainer.fit(none)).rejects.toMatchObject({ code: 'TOO_FEW_BARS' });
  });

  it('names its engine', async () => {
    expect(await trainer.describe(2, 'cpu')).toMatch(/^TensorFlow 2\.\d+\.\d+, cpu, 2 threads$/);
  });
});
