import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { directionMetricsSchema } from '../../runs/direction.ts';
import { expectClose } from '../testing/expectClose.ts';
import { panelOf, rowsInTime } from '../testing/panelOf.ts';
import { directionMetrics } from './directionMetrics.ts';
import { calibrated, fitSigmoid } from './sigmoidCalibration.ts';

interface DirectionCase {
  symbols: number;
  labelBars: number;
  /** In time order, as the rest. */
  target: number[];
  scores: number[];
  probabilities: number[];
  trainMean: number[];
  /** Which model scored each. */
  blocks: number[];
  expected: object;
  calibration: { rows: number[]; forecast: number[]; observed: number[] };
}
interface SigmoidCase {
  scores: number[];
  risen: number[];
  slope: number;
  intercept: number;
  flat: number;
}
const golden = JSON.parse(readFileSync(new URL('../golden/validation.json', import.meta.url), 'utf8')) as {
  directions: Record<string, DirectionCase>;
  sigmoids: Record<string, SigmoidCase>;
};

function inputOf({ symbols, labelBars, target, scores, probabilities, trainMean, blocks }: DirectionCase) {
  const panel = panelOf(Array.from({ length: target.length / symbols }, () => new Array<number>(symbols).fill(1)));
  const rows = rowsInTime(panel);
  const byRow = new Float64Array(target.length);
  rows.forEach((row, i) => {
    byRow[row] = target[i]!;
  });
  return {
    ...{ panel, rows, labelBars, blocks, target: byRow, scores: Float64Array.from(scores) },
    probabilities: Float64Array.from(probabilities),
    trainMean: Float64Array.from(trainMean),
  };
}

describe('metrics of a direction, against scikit-learn', () => {
  it.each(Object.entries(golden.directions))('%s', (_, given) => {
    const found = directionMetrics(inputOf(given));
    expectClose(found, given.expected);
    expectClose(
      found.calibration.map(({ error: __, ...bin }) => bin),
      given.calibration.rows.map((rows, i) => ({
        rows,
        forecast: given.calibration.forecast[i],
        observed: given.calibration.observed[i],
      })),
    );
    expect(directionMetricsSchema.parse(found)).toEqual(found);
  });

  it('compares the scores of one model with each other alone', () => {
    const panel = panelOf(Array.from({ length: 40 }, () => [1]));
    // Two useless models, each saying the share of rises of the other's block: where more rose, they say less.
    const rose = Float64Array.from({ length: 40 }, (_, i) => ((i < 20 ? i % 4 > 0 : i % 4 === 0) ? 1 : 0));
    const said = Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? 0.25 : 0.75));
    const given = { panel, rows: rowsInTime(panel), labelBars: 1, target: rose, scores: said, probabilities: said };
    expect(directionMetrics({ ...given, trainMean: 0.5 }).auc).toBeCloseTo(0.25, 12);
    const blocks = Array.from({ length: 40 }, (_, i) => (i < 20 ? 0 : 1));
    expect(directionMetrics({ ...given, trainMean: 0.5, blocks })).toMatchObject({ auc: 0.5, aucError: null });
  });

  it('counts a fall, and leaves out what has no probability', () => {
    const panel = panelOf([[1], [1], [1], [1]]);
    const given = { panel, rows: rowsInTime(panel), labelBars: 1, target: Float64Array.of(1, 0, 0, Number.NaN) };
    const said = Float64Array.of(0.9, 0.2, Number.NaN, 0.5);
    expect(directionMetrics({ ...given, scores: said, probabilities: said, trainMean: 0.4 })).toMatchObject({
      ...{ rows: 2, baseRate: 0.5, auc: 1, accuracy: 1, baseAccuracy: 0.5 },
      logLoss: expect.closeTo(-(Math.log(0.9) + Math.log(0.8)) / 2, 12),
    });
  });
});

describe('Platt’s sigmoid', () => {
  it.each(Object.entries(golden.sigmoids))('is the one of greatest likelihood, of scores %s', (_, given) => {
    const { slope, intercept } = fitSigmoid(given.scores, given.risen);
    expect(slope / given.slope).toBeCloseTo(1, 9);
    expect(intercept).toBeCloseTo(given.intercept, 9);
  });

  it('turns no score round: of one that went the wrong way the share of rises is left', () => {
    const [[, given]] = Object.entries(golden.sigmoids) as [[string, SigmoidCase]];
    const turned = fitSigmoid(
      given.scores.map((score) => -score),
      given.risen,
    );
    expect(turned).toEqual({ slope: 0, intercept: expect.closeTo(given.flat, 12) });
  });

  it('never promises certainty, and says nothing of a score that is none', () => {
    const apart = fitSigmoid([-2, -1, Number.NaN, 1, 2], [0, 0, 1, 1, 1]);
    const [low, high, none] = calibrated(apart, Float64Array.of(-2, 2, Number.NaN));
    expect(low).toBeGreaterThan(0.05);
    expect(high).toBeLessThan(0.95);
    expect(high).toBeGreaterThan(0.5);
    expect(none).toBeNaN();
    expect(fitSigmoid([1, 1, 1], [0, 1, 1])).toEqual({ slope: 0, intercept: expect.any(Number) });
    expect(calibrated(fitSigmoid([], []), Float64Array.of(3))[0]).toBe(0.5);
  });
});
