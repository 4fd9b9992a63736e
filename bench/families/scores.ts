import { evaluate } from '@twostage/core/evaluation/evaluate';
import { evaluatePolicy } from '@twostage/core/evaluation/policy';
import { scoreUncertainty } from '@twostage/core/evaluation/scoreUncertainty';
import type { Uncertainty } from '@twostage/core/evaluation/uncertainty';
import type { Ground } from './ground.ts';

/** What a contestant, or the oracle, says of the test rows. */
export interface Forecast {
  readonly values: Float64Array;
  readonly uncertainty?: Uncertainty;
  /** [targets][rows] */
  readonly byTarget?: readonly Float64Array[];
  /** Whether `values` are positions in [-1, 1]. */
  readonly positions?: boolean;
}

/** Figures of the test rows; absent where they mean nothing for such a forecast. */
export interface Scores {
  readonly ic: number;
  /** Newey–West standard error of the mean IC; null where the IC is the same at every bar. */
  readonly icError: number | null;
  readonly r2?: number;
  /** Mean over the targets. */
  readonly meanR2?: number;
  readonly netSharpe?: number;
  readonly pinball?: number;
  readonly crps?: number;
  readonly nll?: number;
  /** Share of outcomes within the 80 % interval. */
  readonly coverage?: number;
  /** Of the features that a sparse model keeps, against those that count. */
  readonly support?: { readonly precision: number; readonly recall: number };
}

export const costBasisPoints = 5;
const pinballLevels = [0.1, 0.5, 0.9];

/** @throws Error where a test row has no forecast: a contestant is judged on all of them */
export function scoresOf(ground: Ground, forecast: Forecast): Scores {
  const { panel, targets, rows } = ground;
  const columns = targets.length > 1 ? forecast.byTarget : [forecast.values];
  if (columns?.length !== targets.length) throw new Error(`expected forecasts of ${targets.length} targets`);
  for (const column of columns) {
    const missing = column.filter((value) => !Number.isFinite(value)).length;
    if (column.length !== rows.test.length || missing > 0)
      throw new Error(
        `expected ${rows.test.length} forecasts, got ${column.length}, of which ${missing} are no number`,
      );
  }
  const points = targets.map(({ values: target, labelBars }, i) => {
    const trainMean = rows.train.reduce((sum, row) => sum + target[row]!, 0) / rows.train.length;
    return evaluate({ panel, target, rows: rows.test, predictions: columns[i]!, trainMean, labelBars });
  });
  const [{ ic, icT, r2 }] = points as [(typeof points)[number]];
  return {
    ic: ic ?? 0,
    icError: ic === null || icT === null || icT === 0 ? null : ic / icT,
    ...(forecast.positions ? { netSharpe: netSharpeOf(ground, forecast) } : { r2: r2 ?? Number.NaN }),
    ...(targets.length > 1 && {
      meanR2: points.reduce((sum, each) => sum + (each.r2 ?? Number.NaN), 0) / points.length,
    }),
    ...(forecast.uncertainty && uncertaintyScores(ground, forecast.values, forecast.uncertainty)),
  };
}

function netSharpeOf({ panel, targets: [{ values: target, labelBars }], rows }: Ground, forecast: Forecast): number {
  const book = { panel, target, rows: rows.test, positions: forecast.values, labelBars, costBasisPoints };
  // Who never trades earns nothing.
  return evaluatePolicy(book).netSharpe ?? 0;
}

function uncertaintyScores({ targets: [{ values }], rows }: Ground, points: Float64Array, uncertainty: Uncertainty) {
  const target = Float64Array.from(rows.test, (row) => values[row]!);
  const { pinball, crps, nll, interval } = scoreUncertainty({ target, values: points, uncertainty });
  const losses = pinball.filter(({ level }) => pinballLevels.some((own) => Math.abs(own - level) < 1e-9));
  return {
    ...(losses.length === pinballLevels.length && {
      pinball: losses.reduce((sum, { loss }) => sum + (loss ?? Number.NaN), 0) / losses.length,
    }),
    ...(crps !== null && { crps }),
    ...(nll !== null && { nll }),
    ...(interval !== null && interval.coverage !== null && { coverage: interval.coverage }),
  };
}

export type MeasureName = 'r2' | 'meanR2' | 'netSharpe' | 'pinball' | 'crps' | 'nll';

interface Measure {
  readonly title: string;
  /** 1: more is better; -1: less is better. */
  readonly sign: 1 | -1;
  /** Shown times this. */
  readonly factor: number;
}

export const measures: Record<MeasureName, Measure> = {
  r2: { title: 'R² %', sign: 1, factor: 100 },
  meanR2: { title: 'mean R² %', sign: 1, factor: 100 },
  netSharpe: { title: 'net Sharpe', sign: 1, factor: 1 },
  pinball: { title: 'pinball ‱', sign: -1, factor: 10_000 },
  crps: { title: 'CRPS ‱', sign: -1, factor: 10_000 },
  nll: { title: 'NLL', sign: -1, factor: 1 },
};
