import { chooseSuitable } from '@twostage/core/stages/suitability';
import { loadTensorFlow } from '@twostage/engines/tensorflow/load';
import { describe, expect, it } from 'vitest';
import { fit, fitInput, temporaryFolder, testInput } from '../../test/fitting.ts';
import { normals, panelOf, rSquared } from '../../test/simulatedPanel.ts';
import type { FitInput } from '../trainer.ts';
import { definition } from './definition.ts';
import { trainer } from './trainer.ts';

const rows = 2400;
const normal = normals(4);
const panel = panelOf(rows, 5, () => normal());
const product = Float64Array.from({ length: rows }, (_, row) => panel.features[row]! * panel.features[rows + row]!);
/** Both follow one product; the second is of another size, of the other sign, and much noisier. */
const clear = product.map((value) => 1 + value + 0.3 * normal());
const noisy = product.map((value) => -50 * value + 100 * normal());
const targets = [
  { name: 'clear', values: clear, labelBars: 2 },
  { name: 'noisy', values: noisy, labelBars: 6 },
];
const small = { hiddenUnits: 32, headUnits: 8, dropout: 0.05, learningRate: 0.01, batchSize: 128, patience: 6 };
const input = (given: Record<string, number> = {}, changed: Partial<FitInput> = {}) =>
  fitInput('MultiTask', { panel, target: clear }, { ...small, ...given }, { targets, ...changed });
const test = testInput({ panel, target: clear });

describe('MultiTask', () => {
  it('learns both targets, each in its unit, and trusts the clear one more', async () => {
    const { model, progress } = await fit(trainer, input());
    const { values, byTarget } = await model.predict(test);
    expect(byTarget).toHaveLength(2);
    expect(byTarget![0]).toEqual(values);
    expect(rSquared(clear, test.rows, values)).toBeGreaterThan(0.75);
    // The noise leaves a fifth to be explained.
    expect(rSquared(noisy, test.rows, byTarget![1]!)).toBeGreaterThan(0.1);
    const names = ['weight of clear', 'error of clear', 'weight of noisy', 'error of noisy'];
    expect(progress.every(({ scalars }) => Object.keys(scalars!).join() === names.join())).toBe(true);
    const { scalars, trainLoss } = progress.at(-1)!;
    expect(scalars!['weight of clear']!).toBeGreaterThan(1.2 * scalars!['weight of noisy']!);
    expect(trainLoss).toBeCloseTo((scalars!['error of clear']! + scalars!['error of noisy']!) / 2, 10);
  });

  it('reports the loss that it stops by, and keeps the best epoch', async () => {
    const { model, progress } = await fit(trainer, input({ patience: 1, epochs: 200 }));
    const last = progress.at(-1)!;
    expect(last.step).toBeLessThan(last.totalSteps);
    const { validation } = input();
    const { byTarget } = await model.predict({ ...test, rows: validation });
    const { train } = input();
    const errors = targets.map(({ values }, k) => {
      const mean = train.reduce((sum, row) => sum + values[row]!, 0) / train.length;
      const variance = train.reduce((sum, row) => sum + (values[row]! - mean) ** 2, 0) / train.length;
      const squares = validation.reduce((sum, row, i) => sum + (values[row]! - byTarget![k]![i]!) ** 2, 0);
      return squares / validation.length / variance;
    });
    expect((errors[0]! + errors[1]!) / 2).toBeCloseTo(last.bestValidationLoss!, 5);
  });

  it('shows what the targets weigh and how alike their forecasts are', async () => {
    const { model } = await fit(trainer, input({ epochs: 12 }));
    const figures = await model.figures!({ ...test, target: clear, train: input().train, test: test.rows });
    const [weights, alike, importances] = figures as [
      Extract<(typeof figures)[number], { kind: 'bars' }>,
      Extract<(typeof figures)[number], { kind: 'heatmap' }>,
      Extract<(typeof figures)[number], { kind: 'bars' }>,
    ];
    expect(weights.items.map(({ label }) => label)).toEqual(['clear', 'noisy']);
    expect(alike.values[0]![0]).toBeCloseTo(1, 10);
    expect(alike.values[0]![1]).toBeLessThan(-0.8);
    expect(
      importances.items
        .slice(0, 2)
        .map(({ label }) => label)
        .sort(),
    ).toEqual(['feature 0', 'feature 1']);
  });

  it('keeps the number of tensors the same, however long it trains', async () => {
    const { tf } = loadTensorFlow();
    const before = tf.memory().numTensors;
    const held: number[] = [];
    const report = async () => void held.push(tf.memory().numTensors);
    const model = await trainer.fit(input({ epochs: 20, patience: 0 }, { report }));
    expect(held.length).toBeGreaterThanOrEqual(20);
    expect(new Set(held).size).toBe(1);
    await model.predict(test);
    await model.close();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is left out of a run of one target, and a run that names it is refused', () => {
    const offer = { scope: 'crossSectional', symbols: 31, targets: 1 } as const;
    expect(() => chooseSuitable([definition], ['MultiTask'], offer)).toThrow(
      'MultiTask cannot be trained: it needs at least 2 targets, there is 1',
    );
    expect(chooseSuitable([definition], ['MultiTask'], { ...offer, targets: 2 }).families).toEqual([definition]);
  });

  it('says what is wrong with a folder, with labels that are not known', async () => {
    await expect(trainer.load(await temporaryFolder(), 1, 'cpu')).rejects.toMatchObject({ code: 'BAD_FILE' });
    const holes = [
      targets[0]!,
      { ...targets[1]!, values: noisy.map((value, row) => (row === 7 ? Number.NaN : value)) },
    ];
    await expect(trainer.fit(input({}, { targets: holes }))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const none = input({}, { train: new Uint32Array(0) });
    await expect(trainer.fit(none)).rejects.toMatchObject({
      code: 'TOO_FEW_BARS',
      message: expect.stringMatching(/^MultiTask/),
    });
  });
});
