import { DomainError } from '../../errors.ts';
import { finitePairs, type PairInput, type Pairs } from '../pairs.ts';
import { type ProbabilityScores, probabilityScores } from './probabilityScores.ts';
import { type RocArea, rocArea } from './rocArea.ts';

export interface DirectionFigures {
  readonly rows: number;
  /** Rows that miss prediction or target. */
  readonly leftOut: number;
  /** Rows whose target, a return, is 0: neither a rise nor a fall, in none of the figures. */
  readonly unchanged: number;
  readonly auc: RocArea;
  /** Only where the predictions are probabilities. */
  readonly probabilities?: ProbabilityScores;
}

/**
 * How well predictions tell rises from falls: of any score the area under the ROC curve; of probabilities of a rise also log loss,
 * Brier score and calibration.
 * @param input.predictions [rows], scores or, where `kind` says so, probabilities; NaN = none
 * @throws DomainError SHAPE_MISMATCH, INVALID_INPUT for a probability outside [0, 1]
 */
export function evaluateDirection(
  input: PairInput & {
    readonly labelBars: number;
    readonly kind: 'scores' | 'probabilities';
    /** What the target is: a return, whose sign counts, or the direction itself, 1 = rose. A return by default. */
    readonly outcome?: 'return' | 'direction';
    /** Bins of equal width for the calibration; 10 by default. */
    readonly bins?: number;
  },
): DirectionFigures {
  const { labelBars, kind, outcome = 'return' } = input;
  const pairs = finitePairs(input);
  const { bars, scores, risen } = outcome === 'direction' ? directionsOf(pairs) : movesOf(pairs);
  const strange = kind === 'probabilities' ? scores.find((p) => p < 0 || p > 1) : undefined;
  if (strange !== undefined)
    throw new DomainError('INVALID_INPUT', `expected probabilities from 0 to 1, got ${strange}`);
  return {
    rows: scores.length,
    leftOut: pairs.leftOut,
    unchanged: pairs.positions.length - scores.length,
    auc: rocArea(bars, scores, risen, labelBars),
    ...(kind === 'probabilities' && { probabilities: probabilityScores(bars, scores, risen, labelBars, input.bins) }),
  };
}

/** Every pair, its target as it is. */
const directionsOf = ({ bars, predictions, targets }: Pairs) => ({
  bars,
  scores: predictions,
  risen: Uint8Array.from(targets, (target) => (target > 0.5 ? 1 : 0)),
});

/** The pairs whose target is not 0. */
function movesOf({ bars, predictions, targets }: Pairs) {
  const n = targets.length;
  const moves = { bars: new Uint32Array(n), scores: new Float64Array(n), risen: new Uint8Array(n) };
  let count = 0;
  for (let k = 0; k < n; k++) {
    if (targets[k] === 0) continue;
    moves.bars[count] = bars[k]!;
    moves.scores[count] = predictions[k]!;
    moves.risen[count++] = targets[k]! > 0 ? 1 : 0;
  }
  return {
    bars: moves.bars.subarray(0, count),
    scores: moves.scores.subarray(0, count),
    risen: moves.risen.subarray(0, count),
  };
}
