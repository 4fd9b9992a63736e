import type { FigureInput } from '@twostage/core/runs/figures';
import { Random } from '@twostage/core/random';
import { loadTensorFlow } from '@twostage/engines/tensorflow/load';
import { describe, expect, it } from 'vitest';
import { fit, fitInput, temporaryFolder, testInput } from '../../test/fitting.ts';
import { panelOf, rowsBetween, rSquared } from '../../test/simulatedPanel.ts';
import type { FitInput } from '../trainer.ts';
import { unlabelledRows } from './rows.ts';
import { betaAt, trainer } from './trainer.ts';

/** Twelve features of two hidden numbers and a little noise; the label is the first of these, known on one training row in 20. */
const rows = 2000;
const random = new Random(12);
const hidden = Float64Array.from({ length: 2 * rows }, () => random.normal());
const slopes = Float64Array.from({ length: 24 }, () => random.normal());
const panel = panelOf(rows, 12, (row, column) => {
  const along = slopes[2 * column]! * hidden[2 * row]! + slopes[2 * column + 1]! * hidden[2 * row + 1]!;
  return 3 + 2 * along + random.normal();
});
const truth = Float64Array.from({ length: rows }, (_, row) => hidden[2 * row]! + 0.5 * random.normal());
const target = truth.map((value, row) => (row < 1200 && row % 20 !== 0 ? Number.NaN : value));
const labelled = rowsBetween(0, 1200).filter((row) => row % 20 === 0);
const small = { hiddenUnits: 32, layers: 1, latents: 3, batchSize: 100, epochs: 25 };
const input = (given: Record<string, number> = {}, changed: Partial<FitInput> = {}) =>
  fitInput('VAE', { panel, target }, { ...small, ...given }, { train: labelled, ...changed });
const test = testInput({ panel, target });

describe('VAE', () => {
  it('forecasts from 60 labels; the reconstruction error falls and the KL divergence is finite', async () => {
    const { model, progress } = await fit(trainer, input());
    expect(rSquared(target, test.rows, (await model.predict(test)).values)).toBeGreaterThan(0.6);
    const epochs = progress.filter(({ validationLoss }) => validationLoss !== null);
    const reconstruction = epochs.map(({ scalars }) => scalars!.reconstruction!);
    expect(Object.keys(epochs[0]!.scalars!)).toEqual(['reconstruction', 'KL']);
    expect(reconstruction.at(-1)!).toBeLessThan(0.6 * reconstruction[0]!);
    for (const { scalars } of epochs) expect(scalars!.KL!).toBeGreaterThan(0);
    // What the noise of the features leaves unexplained is all that is left, or nearly.
    expect(reconstruction.at(-1)!).toBeLessThan(0.45);
    expect(epochs.at(-1)!.trainLoss!).toBeLessThan(epochs[0]!.trainLoss!);
    // From the first to the last row with a label, whether they have one or not.
    expect(progress.reduce((sum, said) => sum + said.rows, 0)).toBe(epochs.length * 1181);
  });

  it('learns from rows without a label', async () => {
    // To whom every other row has a label has none to take from.
    const full = target.map((value) => (Number.isFinite(value) ? value : 0));
    const scores: number[] = [];
    for (const shown of [target, full]) {
      const { model } = await fit(trainer, input({}, { target: shown }));
      scores.push(rSquared(target, test.rows, (await model.predict(test)).values));
    }
    expect(scores[0]!).toBeGreaterThan(scores[1]! + 0.05);
  });

  it('takes rows without a label from the training bars alone', () => {
    expect(unlabelledRows(panel, target, Uint32Array.of(40, 20, 60))).toEqual(
      rowsBetween(21, 60).filter((row) => row % 20 !== 0),
    );
    expect(unlabelledRows(panel, target, rowsBetween(1300, 1400))).toHaveLength(0);
  });

  it('lets beta rise over the first steps', () => {
    const settings = { beta: 2, annealing: 0.5 };
    expect([1, 25, 50, 100].map((step) => betaAt(settings, step, 100))).toEqual([0.04, 1, 2, 2]);
    expect(betaAt({ beta: 2, annealing: 0 }, 1, 100)).toBe(2);
  });

  it('shows what can be read back of the features, and what the latent variables stand for', async () => {
    const { model } = await fit(trainer, input());
    const figures = await model.figures!({ ...test, target, train: labelled, test: test.rows });
    const bars = figures.filter((figure): figure is Extract<FigureInput, { kind: 'bars' }> => figure.kind === 'bars');
    const [reconstruction, activity] = bars as [(typeof bars)[number], (typeof bars)[number]];
    expect(reconstruction.items).toHaveLength(12);
    expect(reconstruction.items[0]!.value).toBeGreaterThan(0.6);
    // Two hidden numbers: the third latent variable has nothing to say.
    expect(activity.items[1]!.value).toBeGreaterThan(0.3);
    expect(activity.items[2]!.value).toBeLessThan(0.1);
  });

  it('keeps the number of tensors the same, however long it trains', async () => {
    const { tf } = loadTensorFlow();
    const before = tf.memory().numTensors;
    const held: number[] = [];
    const report = async () => void held.push(tf.memory().numTensors);
    const model = await trainer.fit(input({ epochs: 10 }, { report }));
    expect(new Set(held).size).toBe(1);
    await model.close();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says what is wrong with a folder, and with no labels at all', async () => {
    await expect(trainer.load(await temporaryFolder(), 1, 'cpu')).rejects.toMatchObject({ code: 'BAD_FILE' });
    const none = input({}, { train: new Uint32Array(0) });
    await expect(trainer.fit(none)).rejects.toMatchObject({ code: 'TOO_FEW_BARS' });
  });
});
