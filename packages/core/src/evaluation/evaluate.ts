import { DomainError } from '../errors.ts';
import type { Panel, RowIndices } from '../panel/panel.ts';
import type { Metrics } from '../runs/training.ts';
import { mean, pearson, spearman } from './correlation.ts';
import { icByBar } from './ic.ts';
import { meanT, neweyWestLags, slopeT } from './neweyWest.ts';

export interface EvaluationInput {
  readonly panel: Panel;
  /** [panel.rows]; NaN = not known. */
  readonly target: Float64Array;
  /** In time order. */
  readonly rows: RowIndices;
  /** [rows], in the target's unit; NaN = not predicted: the pair is left out. */
  readonly predictions: Float64Array;
  /** Mean target of the training rows; one a row where rows of several folds are pooled. */
  readonly trainMean: number | Float64Array;
  readonly labelBars: number;
}

/**
 * Figures of point predictions over one test block, or over all of them pooled.
 *
 * - With two symbols or more: IC and Rank IC are per-bar correlations across symbols, averaged over bars; ICIR is the mean
 *   IC over its sample standard deviation (n − 1), not annualised; `icT` is the Newey–West t of the mean IC.
 * - With one symbol: IC and Rank IC are correlations over time; `icir` is null; `icT` is the t value of the slope of the
 *   target on the prediction with Newey–West variance. `icKind` says which.
 * - Lags of both t values: see `neweyWestLags`.
 * - R² is 1 − Σ(y − ŷ)² / Σ(y − training mean)², so 0 is what predicting the training mean gives.
 * - Hit rate: share of rows with a non-zero target whose prediction has the target's sign; a prediction of 0 is a miss.
 *
 * Whatever is not defined is null, never NaN.
 * @throws DomainError SHAPE_MISMATCH
 */
export function evaluate(input: EvaluationInput): Metrics {
  const pairs = finitePairs(input);
  const { bars, symbols, predictions, targets, trainMeans } = pairs;
  const n = predictions.length;
  const distinctBars = countDistinct(bars);
  const timeSeries = input.panel.symbols.length === 1 || countDistinct(Uint32Array.from(symbols).sort()) === 1;
  return {
    rows: n,
    bars: distinctBars,
    ...(timeSeries ? timeSeriesIc(pairs, input.labelBars) : crossSectionalIc(pairs, input.labelBars)),
    ...errors(predictions, targets, trainMeans),
    hitRate: hitRate(predictions, targets),
  };
}

interface Pairs {
  readonly bars: Uint32Array;
  readonly symbols: Uint32Array;
  readonly predictions: Float64Array;
  readonly targets: Float64Array;
  readonly trainMeans: Float64Array;
}
type IcFigures = Pick<Metrics, 'icKind' | 'ic' | 'rankIc' | 'icir' | 'icT'>;

function finitePairs({ panel, target, rows, predictions, trainMean }: EvaluationInput): Pairs {
  const means = typeof trainMean === 'number' ? null : trainMean;
  if (target.length !== panel.rows || predictions.length !== rows.length || (means && means.length !== rows.length)) {
    throw new DomainError(
      'SHAPE_MISMATCH',
      `expected ${panel.rows} targets and ${rows.length} predictions and training means, got ${target.length}, ${predictions.length} and ${means?.length ?? 1}`,
    );
  }
  const kept: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    if (Number.isFinite(predictions[i]!) && Number.isFinite(target[rows[i]!]!)) kept.push(i);
    if (i > 0 && panel.barOf[rows[i]!]! < panel.barOf[rows[i - 1]!]!) {
      throw new DomainError('SHAPE_MISMATCH', `rows to evaluate must be in time order; row ${i} goes back in time`);
    }
  }
  return {
    bars: Uint32Array.from(kept, (i) => panel.barOf[rows[i]!]!),
    symbols: Uint32Array.from(kept, (i) => panel.symbolOf[rows[i]!]!),
    predictions: Float64Array.from(kept, (i) => predictions[i]!),
    targets: Float64Array.from(kept, (i) => target[rows[i]!]!),
    trainMeans: Float64Array.from(kept, (i) => (means ? means[i]! : (trainMean as number))),
  };
}

function crossSectionalIc({ bars, predictions, targets }: Pairs, labelBars: number): IcFigures {
  const ic = icByBar(bars, predictions, targets, 'pearson').values;
  const rankIc = icByBar(bars, predictions, targets, 'spearman').values;
  const center = mean(ic);
  let squares = 0;
  for (const value of ic) squares += (value - center) ** 2;
  const deviation = Math.sqrt(squares / (ic.length - 1));
  return {
    icKind: 'crossSectional',
    ic: finiteOrNull(center),
    rankIc: finiteOrNull(mean(rankIc)),
    icir: deviation > 0 ? finiteOrNull(center / deviation) : null,
    icT: finiteOrNull(meanT(ic, neweyWestLags(ic.length, labelBars))),
  };
}

function timeSeriesIc({ predictions, targets }: Pairs, labelBars: number): IcFigures {
  const ic = pearson(predictions, targets);
  return {
    icKind: 'timeSeries',
    ic: finiteOrNull(ic),
    rankIc: finiteOrNull(spearman(predictions, targets)),
    icir: null,
    icT: Number.isNaN(ic)
      ? null
      : finiteOrNull(slopeT(predictions, targets, neweyWestLags(predictions.length, labelBars))),
  };
}

function errors(
  predictions: Float64Array,
  targets: Float64Array,
  trainMeans: Float64Array,
): Pick<Metrics, 'mse' | 'mae' | 'r2'> {
  let squared = 0;
  let absolute = 0;
  let total = 0;
  for (let i = 0; i < targets.length; i++) {
    const error = targets[i]! - predictions[i]!;
    squared += error * error;
    absolute += Math.abs(error);
    total += (targets[i]! - trainMeans[i]!) ** 2;
  }
  return {
    mse: finiteOrNull(squared / targets.length),
    mae: finiteOrNull(absolute / targets.length),
    r2: total > 0 ? finiteOrNull(1 - squared / total) : null,
  };
}

function hitRate(predictions: Float64Array, targets: Float64Array): number | null {
  let judged = 0;
  let hits = 0;
  for (let i = 0; i < targets.length; i++) {
    if (targets[i] === 0) continue;
    judged++;
    if (Math.sign(predictions[i]!) === Math.sign(targets[i]!)) hits++;
  }
  return judged > 0 ? hits / judged : null;
}

/** Distinct values of an ascending list. */
function countDistinct(sorted: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) count++;
  return count;
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
