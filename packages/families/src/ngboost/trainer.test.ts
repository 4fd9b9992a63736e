import { scoreUncertainty } from '@twostage/core/evaluation/scoreUncertainty';
import { LightgbmBooster } from '@twostage/engines/lightgbm/booster';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fit, fitInput, roundTrip, testInput } from '../../test/fitting.ts';
import { largestDifference, normals, panelOf, rowsBetween, type Simulated } from '../../test/simulatedPanel.ts';
import golden from './golden/golden.json' with { type: 'json' };
import type { NgboostModel } from './model.ts';
import { lineSearch, meanNll, meanNllAfter, naturalGradient } from './normalScore.ts';
import { scaleTrees } from './scaleTrees.ts';
import { trainer } from './trainer.ts';

/** Mean 0.4 · x0, standard deviation exp(0.6 · x1), both times a hundredth. */
function spreadingPanel(rows: number): Simulated {
  const normal = normals(2);
  const panel = panelOf(rows, 4, () => normal());
  const at = (row: number, column: number) => panel.features[column * rows + row]!;
  const target = Float64Array.from(
    { length: rows },
    (_, row) => 0.01 * (0.4 * at(row, 0) + Math.exp(0.6 * at(row, 1)) * normal()),
  );
  return { panel, target };
}
const quick = { rounds: 80, learningRate: 0.1, minLeafRows: 50 };

describe('NGBoost', () => {
  it('is natural gradient boosting as its definition with scikit-learn’s trees computes it', async () => {
    const { train: count, rate, leaves, least, losses } = golden;
    const rows = golden.y.length;
    const panel = panelOf(rows, 3, (row, column) => golden.x[row]![column]!);
    const target = Float64Array.from(golden.y);
    const blocks = { train: rowsBetween(0, count), validation: rowsBetween(count, rows) };
    const given = { rounds: losses.length, learningRate: rate, leaves, minLeafRows: least, patience: 0 };
    const { model, progress } = await fit(trainer, fitInput('NGBoost', { panel, target }, given, blocks));
    losses.forEach((expected, round) => {
      expect(progress[round]!.trainLoss).toBeCloseTo(expected.train, 5);
      expect(progress[round]!.validationLoss).toBeCloseTo(expected.validation, 5);
    });
    const best = progress.at(-1)!.bestStep!;
    expect(best, 'the last round is the best, so that forecasts compare').toBe(losses.length);
    const all = { ...testInput({ panel, target }), rows: rowsBetween(0, rows) };
    const { values, uncertainty } = await model.predict(all);
    if (uncertainty?.kind !== 'normal') throw new Error('expected a Normal distribution');
    expect(largestDifference(values, golden.means)).toBeLessThan(1e-4);
    expect(largestDifference(uncertainty.deviations, golden.deviations)).toBeLessThan(1e-4);
  });

  it('knows where outcomes spread: likelier and sharper than one Normal for all', async () => {
    const data = spreadingPanel(6000);
    const input = fitInput('NGBoost', data, quick);
    const { model, progress } = await fit(trainer, input);
    const asked = testInput(data);
    const { values, uncertainty } = await model.predict(asked);
    const target = Float64Array.from(asked.rows, (row) => data.target[row]!);
    const scored = scoreUncertainty({ target, values, uncertainty: uncertainty! });
    const known = Float64Array.from(input.train, (row) => data.target[row]!);
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const deviation = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
    const rival = scoreUncertainty({
      target,
      values: values.map(() => mean),
      uncertainty: { kind: 'normal', deviations: values.map(() => deviation) },
    });
    expect(scored.nll!).toBeLessThan(rival.nll! - 0.1);
    expect(scored.crps!).toBeLessThan(rival.crps! * 0.95);
    expect(scored.interval!.coverage).toBeGreaterThan(0.76);
    expect(scored.interval!.coverage).toBeLessThan(0.84);
    expect(progress.at(-1)!.trainLoss!).toBeLessThan(progress[0]!.trainLoss!);
    expect(model.importances!()[0]!.feature).toBe('feature 0');
    const [figure] = await model.figures!(undefined as never);
    if (figure?.kind !== 'bars') throw new Error('expected bars');
    expect(figure.items[0]!.label).toBe('feature 1');
    expect(await roundTrip(trainer, model, asked)).toEqual(values);
  });

  it('is the same with one thread and with two', async () => {
    const data = spreadingPanel(2000);
    const forecasts = [];
    for (const threads of [1, 2]) {
      const { model } = await fit(trainer, fitInput('NGBoost', data, { ...quick, rounds: 5 }, { threads }));
      forecasts.push(await model.predict(testInput(data)));
    }
    expect(forecasts[1]).toEqual(forecasts[0]);
  });

  it('is the training rows’ own Normal where no feature says anything', async () => {
    const panel = panelOf(300, 2, () => 1);
    const target = Float64Array.from({ length: 300 }, (_, row) => 0.01 + 0.002 * (row % 2));
    const { model } = await fit(trainer, fitInput('NGBoost', { panel, target }, quick));
    const { values, uncertainty } = await model.predict(testInput({ panel, target }));
    if (uncertainty?.kind !== 'normal') throw new Error('expected a Normal distribution');
    for (const value of values) expect(value).toBeCloseTo(0.011, 6);
    for (const value of uncertainty.deviations) expect(value).toBeCloseTo(0.001, 6);
  });
});

describe('the score of a Normal distribution', () => {
  const parameters = { mean: Float64Array.of(0.5, -1), logDeviation: Float64Array.of(0.2, -0.4) };
  const outcomes = Float32Array.of(1.25, 0.5);

  it('has the natural gradient that its differences and the Fisher information give', () => {
    const out = { mean: new Float32Array(2), logDeviation: new Float32Array(2) };
    naturalGradient(parameters, outcomes, out);
    const h = 1e-5;
    for (const i of [0, 1]) {
      for (const name of ['mean', 'logDeviation'] as const) {
        const moved = (by: number) => {
          const own = { mean: parameters.mean.slice(), logDeviation: parameters.logDeviation.slice() };
          own[name][i]! += by;
          return 2 * meanNll(own, outcomes);
        };
        const gradient = (moved(h) - moved(-h)) / (2 * h);
        const information = name === 'mean' ? Math.exp(-2 * parameters.logDeviation[i]!) : 2;
        expect(out[name][i]!).toBeCloseTo(gradient / information, 5);
      }
    }
  });

  it('after a step is that of the parameters it leads to', () => {
    const step = { mean: Float64Array.of(0.3, 0.1), logDeviation: Float64Array.of(-0.2, 0.5) };
    const moved = {
      mean: parameters.mean.map((value, i) => value - 0.7 * step.mean[i]!),
      logDeviation: parameters.logDeviation.map((value, i) => value - 0.7 * step.logDeviation[i]!),
    };
    expect(meanNllAfter(parameters, step, 0.7, outcomes)).toBeCloseTo(meanNll(moved, outcomes), 12);
  });

  it.each([
    ['doubles while that helps', (s: number) => (s - 9) ** 2, 8],
    ['halves until it helps', (s: number) => (s - 0.2) ** 2 + (s > 0.3 ? 1 : 0), 0.25],
    ['does not move where nothing helps', (s: number) => 100 + s, 0],
    ['takes no step to where there is no loss', (s: number) => (s >= 1 ? Number.NaN : (s - 0.4) ** 2), 0.5],
  ])('line search %s', (_, loss, expected) => {
    expect(lineSearch(expected === 0 ? 100 : loss(0), loss)).toBe(expected);
  });
});

describe('scaleTrees', () => {
  it('multiplies what each tree says', async () => {
    const data = spreadingPanel(800);
    const { model } = await fit(trainer, fitInput('NGBoost', data, { ...quick, rounds: 3, minLeafRows: 20 }));
    const { text } = (model as NgboostModel).models.mean;
    const trees = text.match(/^Tree=/gm)!.length;
    const open = (factors: number[]) => {
      const booster = LightgbmBooster.fromText(scaleTrees(text, factors));
      onTestFinished(() => booster.close());
      const values = new Float64Array(200);
      const matrix = Float32Array.from({ length: 800 }, (_, i) => data.panel.features[(i % 4) * 800 + (i >> 2)]!);
      booster.predict({ values: matrix, rows: 200, columns: 4, layout: 'rowMajor' }, values, 1);
      return values;
    };
    const one = (place: number) => Array.from({ length: trees }, (_, i) => (i === place ? 1 : 0));
    const parts = Array.from({ length: trees }, (_, i) => open(one(i)));
    const mixed = open(Array.from({ length: trees }, (_, i) => 0.5 - i));
    for (const [row, value] of mixed.entries())
      expect(value).toBeCloseTo(
        parts.reduce((sum, part, i) => sum + (0.5 - i) * part[row]!, 0),
        12,
      );
    expect(() => scaleTrees(text, [1])).toThrow(/a factor for each of \d+ trees, got 1/);
  });
});
