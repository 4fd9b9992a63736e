import { mean } from '@twostage/core/evaluation/correlation';
import { type Estimate, errorOfMean, meanEstimate } from '@twostage/core/evaluation/estimate';
import { icByBar } from '@twostage/core/evaluation/ic';
import { neweyWestLags } from '@twostage/core/evaluation/neweyWest';
import { rankInfluence } from '@twostage/core/evaluation/rankInfluence';
import type { Ground } from './ground.ts';

/** Forecasts of each fold's test block, in the order of its positions. */
export type Forecasts = readonly Float64Array[];

/** A rank IC as a mean of parts in time order: of all symbols, the ICs of the bars; of one, its rows' shares in the folds' correlations over time. */
export interface Score {
  readonly ic: Estimate;
  /** [folds][bars or rows] */
  readonly parts: readonly Float64Array[];
  /** Of one symbol: the IC's reaction to each row, all folds together. */
  readonly influence: Float64Array;
}

/** The IC alone, as shifts need it; 0 where it is not defined. */
export const icOf = (ground: Ground, forecasts: Forecasts, labels: Float64Array): number => {
  const parts = partsOf(ground, forecasts, labels).flatMap(({ series }) => [...series]);
  return parts.length > 0 ? mean(parts) : 0;
};

export function scoreForecasts(ground: Ground, forecasts: Forecasts, labels: Float64Array): Score {
  const folds = partsOf(ground, forecasts, labels);
  const parts = folds.map(({ series }) => series);
  const series = concat(parts);
  const influence = concat(folds.map((fold) => fold.influence));
  const lags = lagsOf(ground, series.length);
  const own = ground.panel.symbols.length === 1;
  const ic: Estimate =
    series.length === 0
      ? { value: 0, standardError: null }
      : own
        ? { value: mean(series), standardError: errorOfMean(influence, lags) }
        : meanEstimate(series, lags);
  return { ic, parts, influence };
}

/** How much better one forecast of one symbol's rows is than another, in IC. */
export function icAdvantage(ground: Ground, ours: Score, theirs: Score): Estimate {
  const difference = ours.influence.map((value, i) => value - theirs.influence[i]!);
  return {
    value: (ours.ic.value ?? 0) - (theirs.ic.value ?? 0),
    standardError: errorOfMean(difference, lagsOf(ground, difference.length)),
  };
}

/** Out of sample, against each fold's training mean; null where labels do not vary about it. */
export function r2Of(ground: Ground, forecasts: Forecasts, trainMeans: readonly number[]): number | null {
  let [errors, total] = [0, 0];
  for (const [i, { test }] of ground.folds.entries()) {
    for (let k = 0; k < test.length; k++) {
      const label = ground.labels[test[k]!]!;
      if (Number.isNaN(label)) continue;
      errors += (label - forecasts[i]![k]!) ** 2;
      total += (label - trainMeans[i]!) ** 2;
    }
  }
  return total > 0 ? 1 - errors / total : null;
}

/** Means of equal parts of a series; a part that would be empty is left out. */
export function meansOfParts(series: Float64Array, count: number): number[] {
  const at = (part: number) => Math.round((part * series.length) / count);
  return Array.from({ length: count }, (_, part) => series.subarray(at(part), at(part + 1)))
    .filter((part) => part.length > 0)
    .map((part) => mean(part));
}

const lagsOf = ({ labelBars, everyBars }: Ground, n: number): number =>
  neweyWestLags(n, Math.ceil(labelBars / everyBars));

interface FoldParts {
  readonly series: Float64Array;
  readonly influence: Float64Array;
}

function partsOf(ground: Ground, forecasts: Forecasts, labels: Float64Array): FoldParts[] {
  const own = ground.panel.symbols.length === 1;
  return ground.folds.map(({ test }, i) => {
    const kept = test.map((_, k) => k).filter((k) => !Number.isNaN(labels[test[k]!]!));
    const predictions = Float64Array.from(kept, (k) => forecasts[i]![k]!);
    const targets = Float64Array.from(kept, (k) => labels[test[k]!]!);
    if (own) {
      const { products, influence } = rankInfluence(predictions, targets);
      return { series: products, influence };
    }
    const bars = kept.map((k) => ground.panel.barOf[ground.rows[test[k]!]!]!);
    return { series: icByBar(bars, predictions, targets, 'spearman').values, influence: new Float64Array(0) };
  });
}

export function concat(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
