import { DomainError } from '../../errors.ts';
import type { Panel, RowIndices } from '../../panel/panel.ts';
import { checkRows, eachBar } from '../pairs.ts';
import { quantileShares } from './quantileShares.ts';

export interface ScoredRows {
  readonly panel: Panel;
  /** In time order. */
  readonly rows: RowIndices;
  /** [rows]; NaN = none: the row gets no weight. */
  readonly scores: Float64Array;
}

export interface Weights {
  /** [rows], of the capital: positive = long; 0 without a score. */
  readonly weights: Float64Array;
  /** Rows without a score. */
  readonly leftOut: number;
}

/**
 * Top minus bottom quantile of each bar's scores, equally weighted: the long side adds up to 1, the short side to −1. A bar with
 * fewer symbols than quantiles gets as many quantiles as symbols; one symbol alone gets the sign of its score. Scores that tie share
 * their places, so a bar of equal scores holds nothing. Targets play no part: which labels are known later is not known then.
 * @throws DomainError SHAPE_MISMATCH, INVALID_INPUT for fewer than two quantiles
 */
export function longShortWeights({ panel, rows, scores }: ScoredRows, quantiles = 5): Weights {
  if (!Number.isInteger(quantiles) || quantiles < 2)
    throw new DomainError('INVALID_INPUT', `expected 2 or more quantiles to hold against each other, got ${quantiles}`);
  return byBar({ panel, rows, scores }, (own) => {
    const n = own.length;
    if (n === 1) return own.map(Math.sign);
    const count = Math.min(quantiles, n);
    const { shareOf } = quantileShares(own, count);
    return own.map((_, i) => shareOf(i, count - 1) - shareOf(i, 0));
  });
}

/**
 * Positions in [-1, 1] as weights: the capital is spread evenly over the symbols that have a position on that bar.
 * @param scores here: the positions
 * @throws DomainError SHAPE_MISMATCH
 */
export function positionWeights(input: ScoredRows): Weights {
  return byBar(input, (own) => own.map((position) => position / own.length));
}

function byBar({ panel, rows, scores }: ScoredRows, weigh: (scores: Float64Array) => Float64Array): Weights {
  if (scores.length !== rows.length)
    throw new DomainError('SHAPE_MISMATCH', `expected ${rows.length} scores, got ${scores.length}`);
  checkRows(panel, rows);
  const kept = new Uint32Array(rows.length);
  let n = 0;
  for (let i = 0; i < rows.length; i++) if (Number.isFinite(scores[i]!)) kept[n++] = i;
  const positions = kept.subarray(0, n);
  const weights = new Float64Array(rows.length);
  const known = new Float64Array(n);
  const bars = new Uint32Array(n);
  for (let k = 0; k < n; k++) {
    known[k] = scores[positions[k]!]!;
    bars[k] = panel.barOf[rows[positions[k]!]!]!;
  }
  eachBar(bars, (start, end) => {
    weigh(known.subarray(start, end)).forEach((weight, k) => {
      weights[positions[start + k]!] = weight;
    });
  });
  return { weights, leftOut: rows.length - n };
}
