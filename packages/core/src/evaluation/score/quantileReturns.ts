import { DomainError } from '../../errors.ts';
import { spearman } from '../correlation.ts';
import { clusteredError, type Estimate, finiteOrNull, meanEstimate } from '../estimate.ts';
import { neweyWestLags } from '../neweyWest.ts';
import { eachBar, finitePairs, type PairInput, type Pairs } from '../pairs.ts';
import { quantileShares } from '../portfolio/quantileShares.ts';

export interface QuantileReturns {
  /** `crossSectional`: of each bar's symbols, then over bars; `timeSeries`: of one symbol's bars. */
  readonly kind: 'crossSectional' | 'timeSeries';
  /** [quantiles], mean target, lowest scores first, with Newey–West errors. */
  readonly quantiles: readonly Estimate[];
  /** Top less bottom. */
  readonly spread: Estimate;
  /** Rank correlation of a quantile's place and its mean: 1 = each pays more than the one below. */
  readonly monotonicity: number | null;
  /** Bars (of one symbol: rows) that count. */
  readonly bars: number;
  /** Bars with fewer symbols than quantiles. */
  readonly barsLeftOut: number;
  /** Rows that miss score or target. */
  readonly leftOut: number;
}

/**
 * Mean target by quantile of the score (`quantileShares`): on each bar across symbols, then averaged over bars; with one symbol over all
 * its bars at once, by quantiles that are known only in hindsight. Does not change with the scale of the score.
 * @throws DomainError SHAPE_MISMATCH, INVALID_INPUT for fewer than two quantiles
 */
export function quantileReturns(input: PairInput & { labelBars: number; quantiles?: number }): QuantileReturns {
  const { labelBars, quantiles = 5 } = input;
  if (!Number.isInteger(quantiles) || quantiles < 2)
    throw new DomainError('INVALID_INPUT', `expected 2 or more quantiles of a score, got ${quantiles}`);
  const pairs = finitePairs(input);
  const found = pairs.oneSymbol ? overTime(pairs, quantiles, labelBars) : byBar(pairs, quantiles, labelBars);
  const means = found.quantiles.map(({ value }) => value);
  return {
    ...found,
    monotonicity: means.every((value) => value !== null)
      ? finiteOrNull(
          spearman(
            means.map((_, i) => i),
            means,
          ),
        )
      : null,
    leftOut: pairs.leftOut,
  };
}

type Found = Omit<QuantileReturns, 'monotonicity' | 'leftOut'>;

function byBar({ bars, predictions, targets }: Pairs, quantiles: number, labelBars: number): Found {
  const series: number[][] = Array.from({ length: quantiles }, () => []);
  let barsLeftOut = 0;
  eachBar(bars, (start, end) => {
    if (end - start < quantiles) {
      barsLeftOut++;
      return;
    }
    const means = meansOf(predictions.subarray(start, end), targets.subarray(start, end), quantiles);
    for (let quantile = 0; quantile < quantiles; quantile++) series[quantile]!.push(means[quantile]!);
  });
  const count = series[0]!.length;
  const lags = neweyWestLags(count, labelBars);
  const [bottom, top] = [series[0]!, series[quantiles - 1]!];
  return {
    kind: 'crossSectional',
    quantiles: series.map((means) => meanEstimate(means, lags)),
    spread: meanEstimate(
      top.map((value, i) => value - bottom[i]!),
      lags,
    ),
    bars: count,
    barsLeftOut,
  };
}

function meansOf(scores: Float64Array, targets: Float64Array, quantiles: number): Float64Array {
  const { shareOf, lowest, highest } = quantileShares(scores, quantiles);
  const means = new Float64Array(quantiles);
  for (let i = 0; i < scores.length; i++) {
    for (let quantile = lowest(i); quantile <= highest(i); quantile++)
      means[quantile]! += shareOf(i, quantile) * targets[i]!;
  }
  return means;
}

/** A mean with weights that add up to 1 reacts to a row by n · weight · (value − mean). */
function overTime({ bars, predictions, targets }: Pairs, quantiles: number, labelBars: number): Found {
  const n = predictions.length;
  const none = { value: null, standardError: null };
  if (n < quantiles) {
    const empty = Array.from({ length: quantiles }, () => none);
    return { kind: 'timeSeries', quantiles: empty, spread: none, bars: 0, barsLeftOut: n };
  }
  const { shareOf } = quantileShares(predictions, quantiles);
  const means = meansOf(predictions, targets, quantiles);
  const influenceOf = (quantile: number) =>
    targets.map((target, i) => n * shareOf(i, quantile) * (target - means[quantile]!));
  const [bottom, top] = [influenceOf(0), influenceOf(quantiles - 1)];
  return {
    kind: 'timeSeries',
    quantiles: Array.from(means, (value, quantile) => ({
      value,
      standardError: clusteredError(bars, influenceOf(quantile), labelBars),
    })),
    spread: {
      value: means[quantiles - 1]! - means[0]!,
      standardError: clusteredError(
        bars,
        top.map((value, i) => value - bottom[i]!),
        labelBars,
      ),
    },
    bars: n,
    barsLeftOut: 0,
  };
}
