import type { Uncertainty } from '@twostage/core/evaluation/uncertainty';
import { normalCrps } from '@twostage/core/evaluation/crps';
import { scoreUncertainty } from '@twostage/core/evaluation/scoreUncertainty';
import { Random } from '@twostage/core/random';
import { loadTensorFlow } from '@twostage/engines/tensorflow/load';
import { describe, expect, it } from 'vitest';
import { fit, fitInput, temporaryFolder, testInput } from '../../test/fitting.ts';
import { panelOf, rSquared } from '../../test/simulatedPanel.ts';
import type { FitInput, Prediction } from '../trainer.ts';
import { asForecast, drawnRows, latentDraws } from './draws.ts';
import { trainer } from './trainer.ts';

/** Up or down by 1.5, with a coin, around the first feature; in hundredths. */
const rows = 2400;
const random = new Random(3);
const panel = panelOf(rows, 3, () => random.normal());
const centre = Float64Array.from({ length: rows }, (_, row) => 0.01 * panel.features[row]!);
const target = centre.map((value) => value + 0.01 * ((random.uniform() < 0.5 ? -1.5 : 1.5) + 0.2 * random.normal()));
const data = { panel, target };
const small = {
  hiddenUnits: 32,
  batchSize: 128,
  maxSteps: 400,
  epochs: 100,
  patience: 0,
  learningRate: 0.002,
  averaging: 0.98,
};
const input = (given: Record<string, number> = {}, changed: Partial<FitInput> = {}) =>
  fitInput('GAN', data, { ...small, ...given }, changed);
const test = testInput(data);
const drawsOf = ({ uncertainty }: Prediction) => uncertainty as Extract<Uncertainty, { kind: 'draws' }>;

describe('GAN', () => {
  it('finds two humps: the gap between them stays empty, and the CRPS is below that of one Normal', async () => {
    const { model, progress } = await fit(trainer, input());
    const forecast = await model.predict(test);
    const { draws, perRow } = drawsOf(forecast);
    expect(perRow).toBe(100);
    const aside = [0, 0, 0];
    draws.forEach((draw, i) => {
      const away = (draw - centre[test.rows[Math.floor(i / perRow)]!]!) / 0.01;
      aside[away < -0.7 ? 0 : away > 0.7 ? 2 : 1]! += 1 / draws.length;
    });
    const [down, between, up] = aside as [number, number, number];
    expect(down).toBeGreaterThan(0.3);
    expect(up).toBeGreaterThan(0.3);
    expect(between).toBeLessThan(0.15);

    const outcomes = Float64Array.from(test.rows, (row) => target[row]!);
    const { crps } = scoreUncertainty({
      target: outcomes,
      values: forecast.values,
      uncertainty: forecast.uncertainty!,
    });
    const deviation = 0.01 * Math.hypot(1.5, 0.2);
    const ofNormal = test.rows.reduce((sum, row, i) => sum + normalCrps(outcomes[i]!, centre[row]!, deviation), 0);
    expect(crps!).toBeLessThan((0.95 * ofNormal) / test.rows.length);
    expect(rSquared(target, test.rows, forecast.values)).toBeGreaterThan(0.2);

    const epochs = progress.filter(({ validationLoss }) => validationLoss !== null);
    expect(Object.keys(epochs[0]!.scalars!)).toEqual(['generator', 'discriminator']);
    const { bestStep, bestValidationLoss, step } = progress.at(-1)!;
    expect(step).toBe(400);
    expect(bestValidationLoss).toBe(Math.min(...epochs.map(({ validationLoss }) => validationLoss!)));
    expect(epochs.find((said) => said.step === bestStep)!.validationLoss).toBe(bestValidationLoss);
    // In the target's unit, training and validation alike.
    expect(bestValidationLoss! / crps!).toBeCloseTo(1, 0);
    expect(epochs.at(-1)!.trainLoss! / epochs.at(-1)!.validationLoss!).toBeCloseTo(1, 0);
  });

  it('draws the same for a row whatever else is asked; the forecast is the mean of the draws', async () => {
    const { model } = await fit(trainer, input({ maxSteps: 20, draws: 30 }));
    const all = await model.predict(test);
    const few = await model.predict({ ...test, rows: test.rows.slice(5, 8) });
    const { draws, perRow } = drawsOf(all);
    expect(drawsOf(few).draws).toEqual(draws.slice(5 * perRow, 8 * perRow));
    const mean = draws.subarray(0, perRow).reduce((sum, draw) => sum + draw, 0) / perRow;
    expect(all.values[0]).toBeCloseTo(mean, 12);
  });

  it('stops once the validation CRPS has not become better for `patience` epochs', async () => {
    const { progress } = await fit(trainer, input({ patience: 2, maxSteps: 5000, epochs: 500 }));
    const last = progress.at(-1)!;
    expect(last.step).toBeLessThan(last.totalSteps);
    // 1,440 rows in batches of 128, two a step, are 6 steps: an epoch is of 25.
    expect(last.step - last.bestStep!).toBe(2 * 25);
  });

  it('keeps the number of tensors the same over hundreds of steps, and frees them all when it is cancelled', async () => {
    const { tf } = loadTensorFlow();
    const before = tf.memory().numTensors;
    const held: number[] = [];
    const report = async () => {
      held.push(tf.memory().numTensors);
      if (held.length === 40) throw new Error('enough');
    };
    await expect(trainer.fit(input({ maxSteps: 1000, epochs: 500 }, { report }))).rejects.toThrow('enough');
    expect(new Set(held).size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('shows what it draws beside what came', async () => {
    const { model } = await fit(trainer, input({ maxSteps: 150 }));
    const figures = await model.figures!({ ...test, target, train: input().train, test: test.rows });
    const [shares, single, importances] = figures;
    if (shares?.kind !== 'lines' || single?.kind !== 'lines' || importances?.kind !== 'bars')
      throw new Error('figures');
    expect(shares.series.map(({ name }) => name)).toEqual(['observed', 'drawn']);
    for (const { y } of shares.series) expect(y.reduce<number>((sum, value) => sum + value!, 0)).toBeGreaterThan(0.9);
    expect(single.series).toHaveLength(3);
    expect(importances.items[0]!.label).toBe('feature 0');
  });

  it('says what is wrong with a folder, and with no training rows', async () => {
    await expect(trainer.load(await temporaryFolder(), 1, 'cpu')).rejects.toMatchObject({ code: 'BAD_FILE' });
    const none = input({}, { train: new Uint32Array(0) });
    await expect(trainer.fit(none)).rejects.toMatchObject({ code: 'TOO_FEW_BARS' });
  });
});

describe('draws', () => {
  it('come from a seed, and are paired with every row', () => {
    expect(latentDraws(50, 2, 7)).toEqual(latentDraws(50, 2, 7));
    expect(latentDraws(50, 2, 7)).not.toEqual(latentDraws(50, 2, 8));
    const source = drawnRows(Float32Array.of(1, 2, 3, 4), 2, Float32Array.of(10, 20, 30), 1);
    expect(source.rows).toBe(6);
    const inputs = { features: new Float32Array(6), latent: new Float32Array(3) };
    source.fill(Uint32Array.of(1, 3, 5), inputs);
    expect([...inputs.features, ...inputs.latent]).toEqual([1, 2, 3, 4, 3, 4, 20, 10, 30]);
    expect(asForecast(Float64Array.of(3, 1, 2, 4), 2)).toEqual({
      values: Float64Array.of(2, 3),
      draws: Float64Array.of(1, 3, 2, 4),
    });
  });
});
