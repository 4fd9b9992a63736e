import { mean } from '../correlation.ts';
import { errorOfMean } from '../estimate.ts';
import { neweyWestLags } from '../neweyWest.ts';
import { countDistinct } from '../pairs.ts';

/** Rows whose probability lies above `from` and up to `to`; the first bin holds 0 too. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Mean probability. */
  readonly forecast: number;
  /** Share that rose. */
  readonly observed: number;
  /** Of `observed`; null where the bin's rows are too few or all alike. */
  readonly standardError: number | null;
}

/** Murphy's (1973) parts of the Brier score = reliability − resolution + uncertainty + withinBins. */
export interface Decomposition {
  /** Mean squared distance of a bin's forecast from its frequency: 0 is calibrated. */
  readonly reliability: number;
  /** Mean squared distance of a bin's frequency from the base rate: the more, the better it tells rows apart. */
  readonly resolution: number;
  /** Base rate × (1 − base rate): what the outcomes themselves bring. */
  readonly uncertainty: number;
  /** What bins of finite width hide: variance of the forecasts in them less twice their covariance with the outcomes (Stephenson 2008). */
  readonly withinBins: number;
}

/** Bin of a probability among `count` of equal width, each open below and closed above. */
function binOf(probability: number, count: number): number {
  const bin = Math.max(0, Math.min(count - 1, Math.ceil(probability * count) - 1));
  // The product may be rounded across an edge.
  if (probability <= bin / count && bin > 0) return bin - 1;
  return probability > (bin + 1) / count ? bin + 1 : bin;
}

/** @param bars [rows], ascending @returns only bins that hold a row, ascending */
export function calibrationBins(
  bars: ArrayLike<number>,
  probabilities: Float64Array,
  risen: Uint8Array,
  labelBars: number,
  count: number,
): CalibrationBin[] {
  const rows = new Float64Array(count);
  const [forecasts, rises] = [new Float64Array(count), new Float64Array(count)];
  const binOfRow = new Uint32Array(probabilities.length);
  for (let i = 0; i < probabilities.length; i++) {
    const bin = binOf(probabilities[i]!, count);
    binOfRow[i] = bin;
    rows[bin]!++;
    forecasts[bin]! += probabilities[i]!;
    rises[bin]! += risen[i]!;
  }
  const observed = rises.map((value, bin) => value / rows[bin]!);
  const surprises = surprisesByBar(bars, binOfRow, risen, observed);
  const bins: CalibrationBin[] = [];
  for (let bin = 0; bin < count; bin++) {
    if (rows[bin] === 0) continue;
    const own = surprises[bin]!;
    const error = errorOfMean(own, neweyWestLags(own.length, labelBars));
    bins.push({
      from: bin / count,
      to: (bin + 1) / count,
      rows: rows[bin]!,
      forecast: forecasts[bin]! / rows[bin]!,
      observed: observed[bin]!,
      standardError: error === null ? null : (error * own.length) / rows[bin]!,
    });
  }
  return bins;
}

/** Of each bin Σ (rose − observed share) of each bar's rows. @returns [bins][bars] */
function surprisesByBar(
  bars: ArrayLike<number>,
  binOfRow: Uint32Array,
  risen: Uint8Array,
  observed: Float64Array,
): Float64Array[] {
  const barCount = countDistinct(bars);
  const sums = Array.from(observed, () => new Float64Array(barCount));
  let place = 0;
  for (let i = 0; i < bars.length; i++) {
    if (i > 0 && bars[i] !== bars[i - 1]) place++;
    sums[binOfRow[i]!]![place]! += risen[i]! - observed[binOfRow[i]!]!;
  }
  return sums;
}

export function decompose(
  probabilities: Float64Array,
  risen: Uint8Array,
  bins: readonly CalibrationBin[],
  count: number,
): Decomposition {
  const n = probabilities.length;
  const baseRate = mean(risen);
  let [reliability, resolution, withinBins] = [0, 0, 0];
  const byBin: CalibrationBin[] = [];
  for (const bin of bins) {
    reliability += (bin.rows / n) * (bin.forecast - bin.observed) ** 2;
    resolution += (bin.rows / n) * (bin.observed - baseRate) ** 2;
    byBin[Math.round(bin.from * count)] = bin;
  }
  for (let i = 0; i < n; i++) {
    const { forecast, observed } = byBin[binOf(probabilities[i]!, count)]!;
    const off = probabilities[i]! - forecast;
    withinBins += (off * off - 2 * off * (risen[i]! - observed)) / n;
  }
  return { reliability, resolution, uncertainty: baseRate * (1 - baseRate), withinBins };
}
