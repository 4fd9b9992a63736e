import type { DirectionMetrics } from '../../runs/direction.ts';
import { clusteredMean, type Estimate } from '../estimate.ts';
import { finitePairs, type PairInput, type Pairs } from '../pairs.ts';
import { evaluateDirection } from './evaluateDirection.ts';
import { lossesOf } from './probabilityScores.ts';
import { rocAreaWithin } from './rocArea.ts';

export interface DirectionInput extends Omit<PairInput, 'predictions'> {
  /** [rows], what the model itself said: its order is what the area under the ROC curve goes by; NaN = none. */
  readonly scores: Float64Array;
  /** [rows], of a rise, in [0, 1]; NaN = none. */
  readonly probabilities: Float64Array;
  /** Share of the training rows that rose; one a row where folds are pooled. */
  readonly trainMean: number | Float64Array;
  readonly labelBars: number;
  /** [rows], which model scored each: the area under the ROC curve compares scores of one with each other alone. One where absent. */
  readonly blocks?: ArrayLike<number>;
}

/** Probabilities of moves lie close to a half: of tenths they would fill two or three. */
export const shownBins = 20;

/**
 * How well rises are told from falls where the target is the direction itself (1 = rose, 0 = did not), beside what always saying the
 * training rows' share of rises would have scored on the same rows.
 * @throws DomainError SHAPE_MISMATCH, INVALID_INPUT for a probability outside [0, 1]
 */
export function directionMetrics({
  scores,
  probabilities,
  trainMean,
  labelBars,
  blocks,
  ...rest
}: DirectionInput): DirectionMetrics {
  const input = { ...rest, predictions: probabilities, labelBars, outcome: 'direction', bins: shownBins } as const;
  const auc = areaWithin(finitePairs({ ...rest, predictions: scores }), labelBars, blocks);
  const figures = evaluateDirection({ ...input, kind: 'probabilities' }).probabilities!;
  const { bars, positions, predictions, targets } = finitePairs(input);
  const risen = Uint8Array.from(targets, (target) => (target > 0.5 ? 1 : 0));
  const base = Float64Array.from(positions, (at) => (typeof trainMean === 'number' ? trainMean : trainMean[at]!));
  const told = predictions.map((p, i) => ((p > 0.5 ? 1 : 0) === risen[i] ? 1 : 0));
  const accuracy = clusteredMean(bars, told, labelBars);
  const meanOf = (values: Float64Array) => clusteredMean(bars, values, labelBars).value;
  return {
    rows: figures.rows,
    baseRate: figures.baseRate,
    auc: auc.value,
    aucError: auc.standardError,
    logLoss: figures.logLoss.value,
    logLossError: figures.logLoss.standardError,
    baseLogLoss: meanOf(lossesOf(base, risen)),
    brier: figures.brier.value,
    brierError: figures.brier.standardError,
    baseBrier: meanOf(base.map((p, i) => (p - risen[i]!) ** 2)),
    accuracy: accuracy.value,
    accuracyError: accuracy.standardError,
    baseAccuracy: meanOf(base.map((p, i) => ((p > 0.5 ? 1 : 0) === risen[i] ? 1 : 0))),
    calibrationError: figures.calibrationError,
    calibration: figures.calibration.map(({ rows, forecast, observed, standardError }) => ({
      ...{ rows, forecast, observed },
      error: standardError,
    })),
  };
}

function areaWithin(pairs: Pairs, labelBars: number, blocks: DirectionInput['blocks']): Estimate {
  const { bars, positions, predictions, targets } = pairs;
  const risen = Uint8Array.from(targets, (target) => (target > 0.5 ? 1 : 0));
  const own = Uint32Array.from(positions, (at) => blocks?.[at] ?? 0);
  return rocAreaWithin(bars, predictions, risen, own, labelBars);
}
