import { mean } from '../correlation.ts';
import { clusteredMean, type Estimate } from '../estimate.ts';
import { type CalibrationBin, calibrationBins, type Decomposition, decompose } from './calibration.ts';

export interface ProbabilityScores {
  readonly rows: number;
  /** Share of rows that rose. */
  readonly baseRate: number | null;
  /** Mean −ln of the probability given to what came; 0.693 = a coin. */
  readonly logLoss: Estimate;
  /** Mean squared error of the probability; 0.25 = a coin. */
  readonly brier: Estimate;
  /** 1 − Brier / that of always saying the base rate. */
  readonly brierSkill: number | null;
  readonly decomposition: Decomposition | null;
  readonly calibration: readonly CalibrationBin[];
  /** Expected calibration error: mean |forecast − frequency| of the bins, weighted by their rows. */
  readonly calibrationError: number | null;
}

/** A probability of exactly 0 or 1 that turns out wrong costs −ln of this, as in scikit-learn, not infinity. */
const leastProbability = 2 ** -52;

/**
 * How good probabilities of a rise are. Standard errors: rows of one bar taken together, Newey–West over bars.
 * @param bars [rows], ascending
 * @param probabilities [rows], in [0, 1]
 * @param risen [rows], 1 = rose, 0 = fell
 * @param bins of equal width, for calibration and decomposition
 */
export function probabilityScores(
  bars: ArrayLike<number>,
  probabilities: Float64Array,
  risen: Uint8Array,
  labelBars: number,
  bins = 10,
): ProbabilityScores {
  const rows = probabilities.length;
  const logLosses = lossesOf(probabilities, risen);
  const squares = probabilities.map((p, i) => (p - risen[i]!) ** 2);
  const brier = clusteredMean(bars, squares, labelBars);
  const calibration = calibrationBins(bars, probabilities, risen, labelBars, bins);
  const decomposition = rows > 0 ? decompose(probabilities, risen, calibration, bins) : null;
  const uncertainty = decomposition?.uncertainty ?? 0;
  return {
    rows,
    baseRate: rows > 0 ? mean(risen) : null,
    logLoss: clusteredMean(bars, logLosses, labelBars),
    brier,
    brierSkill: brier.value !== null && uncertainty > 0 ? 1 - brier.value / uncertainty : null,
    decomposition,
    calibration,
    calibrationError:
      rows > 0
        ? calibration.reduce((sum, bin) => sum + (bin.rows / rows) * Math.abs(bin.forecast - bin.observed), 0)
        : null,
  };
}

/** −ln of the probability given to what came. @returns [rows] */
export function lossesOf(probabilities: Float64Array, risen: Uint8Array): Float64Array {
  return probabilities.map((p, i) => {
    const given = risen[i] === 1 ? p : 1 - p;
    return -Math.log(Math.min(1 - leastProbability, Math.max(leastProbability, given)));
  });
}
