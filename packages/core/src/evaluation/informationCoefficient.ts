import type { IcMissing } from '../runs/icMissing.ts';
import { mean, pearson } from './correlation.ts';
import { type Estimate, errorOfMean, finiteOrNull, meanEstimate, tValue } from './estimate.ts';
import { type IcSeries, icByBar } from './ic.ts';
import { neweyWestLags, slopeT } from './neweyWest.ts';
import { eachBar, type Pairs } from './pairs.ts';
import { sharpeRatio } from './portfolio/sharpe.ts';
import { averageRanks } from './ranks.ts';

/** What is held against each other. */
export type Sides = Pick<Pairs, 'bars' | 'predictions' | 'targets' | 'oneSymbol'>;

export interface IcFigures {
  readonly icKind: 'crossSectional' | 'timeSeries';
  readonly ic: Estimate;
  readonly rankIc: Estimate;
  readonly icir: Estimate;
  readonly icT: number | null;
  /** Only where `ic` is null. */
  readonly missing: IcMissing | null;
}

/**
 * IC and Rank IC of pairs.
 *
 * - Of two symbols or more: per-bar correlations across symbols, averaged over bars; standard errors and `icT` are Newey–West's;
 *   ICIR is the mean IC over its sample standard deviation (n − 1), not annualised, with the error of `sharpeRatio`.
 * - Of one symbol: correlations over time; `icT` is the t value of the slope of the target on the prediction, and the standard
 *   errors are those of the correlation's influence function, both with Newey–West variance; no ICIR.
 */
export function icFigures(pairs: Sides, labelBars: number): IcFigures {
  return pairs.oneSymbol ? timeSeries(pairs, labelBars) : crossSectional(pairs, labelBars);
}

/** The IC bar by bar and its running sum, which rises steadily where a score works all the time. */
export interface CumulativeIc extends IcSeries {
  /** [bars with a value] */
  readonly cumulative: Float64Array;
}

export function cumulativeIc({ bars, predictions, targets }: Sides, kind: 'pearson' | 'spearman'): CumulativeIc {
  const series = icByBar(bars, predictions, targets, kind);
  let sum = 0;
  return {
    ...series,
    cumulative: series.values.map((value) => {
      sum += value;
      return sum;
    }),
  };
}

function crossSectional(pairs: Sides, labelBars: number): IcFigures {
  const { bars, predictions, targets } = pairs;
  const values = icByBar(bars, predictions, targets, 'pearson').values;
  const rankValues = icByBar(bars, predictions, targets, 'spearman').values;
  const lags = neweyWestLags(values.length, labelBars);
  const ic = meanEstimate(values, lags);
  return {
    icKind: 'crossSectional',
    ic,
    rankIc: meanEstimate(rankValues, neweyWestLags(rankValues.length, labelBars)),
    icir: sharpeRatio(values, lags),
    icT: tValue(ic),
    missing: ic.value === null ? reasonByBar(pairs) : null,
  };
}

function timeSeries({ predictions, targets }: Sides, labelBars: number): IcFigures {
  const lags = neweyWestLags(predictions.length, labelBars);
  const ic = correlationEstimate(predictions, targets, lags);
  return {
    icKind: 'timeSeries',
    ic,
    rankIc: correlationEstimate(averageRanks(predictions), averageRanks(targets), lags),
    icir: { value: null, standardError: null },
    icT: ic.value === null ? null : finiteOrNull(slopeT(predictions, targets, lags)),
    missing: ic.value === null ? reasonOf(predictions) : null,
  };
}

/** With u, v the standardised sides, the correlation ρ reacts to a pair by u·v − ρ (u² + v²) / 2. */
function correlationEstimate(x: Float64Array, y: Float64Array, lags: number): Estimate {
  const rho = pearson(x, y);
  if (Number.isNaN(rho)) return { value: null, standardError: null };
  const [u, v] = [standardised(x), standardised(y)];
  const influence = u.map((value, i) => value * v[i]! - (rho * (value * value + v[i]! * v[i]!)) / 2);
  return { value: rho, standardError: errorOfMean(influence, lags) };
}

function standardised(values: Float64Array): Float64Array {
  const center = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - center) ** 2;
  const deviation = Math.sqrt(squares / values.length);
  return values.map((value) => (value - center) / deviation);
}

function reasonByBar({ bars, predictions }: Sides): IcMissing {
  let reason: IcMissing = 'tooFewPairs';
  eachBar(bars, (start, end) => {
    const own = reasonOf(predictions.subarray(start, end));
    if (own === 'constantTargets' || reason === 'tooFewPairs') reason = own;
  });
  return reason;
}

function reasonOf(predictions: Float64Array): IcMissing {
  if (predictions.length < 2) return 'tooFewPairs';
  // Correlated with itself a side gives 1, unless it does not vary.
  return Number.isNaN(pearson(predictions, predictions)) ? 'constantPredictions' : 'constantTargets';
}
