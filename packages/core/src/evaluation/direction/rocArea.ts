import { clusteredError } from '../estimate.ts';
import { tiedPlaces } from '../ranks.ts';

export interface RocArea {
  /** Probability that a risen row has a higher score than a fallen one, ties counting half; 0.5 = no use. Null without rows of both. */
  readonly value: number | null;
  /** Rows of one bar taken together, with Newey–West variance over bars: see `clusteredError`. */
  readonly standardError: number | null;
  /** Of DeLong, DeLong & Clarke-Pearson (1988), for independent rows. Null with fewer than two rows of either, or without variance. */
  readonly deLongError: number | null;
}

/**
 * Area under the ROC curve of scores for a direction (Mann & Whitney): of a risen row its placement is the share of fallen ones below
 * it, of a fallen row that of risen ones above it. One sort gives all placements, as Sun & Xu (2014) found: n log n.
 * @param bars [rows], ascending
 * @param scores [rows], finite
 * @param risen [rows], 1 = rose, 0 = fell
 */
export function rocArea(bars: ArrayLike<number>, scores: Float64Array, risen: Uint8Array, labelBars: number): RocArea {
  const n = scores.length;
  let ups = 0;
  for (let i = 0; i < n; i++) ups += risen[i]!;
  const downs = n - ups;
  if (ups === 0 || downs === 0) return { value: null, standardError: null, deLongError: null };
  const placement = placements(scores, risen, ups);
  let sum = 0;
  for (let i = 0; i < n; i++) if (risen[i] === 1) sum += placement[i]!;
  const area = sum / ups;
  const influence = new Float64Array(n);
  let [upSquares, downSquares] = [0, 0];
  for (let i = 0; i < n; i++) {
    const off = placement[i]! - area;
    influence[i] = (off * n) / (risen[i] === 1 ? ups : downs);
    if (risen[i] === 1) upSquares += off * off;
    else downSquares += off * off;
  }
  const deLong = Math.sqrt(upSquares / (ups - 1) / ups + downSquares / (downs - 1) / downs);
  return {
    value: area,
    standardError: clusteredError(bars, influence, labelBars),
    deLongError: deLong > 0 ? deLong : null,
  };
}

function placements(scores: Float64Array, risen: Uint8Array, ups: number): Float64Array {
  const n = scores.length;
  const { start, end } = tiedPlaces(scores);
  // Risen rows among those that tie at each place, then those below it.
  const tied = new Uint32Array(n);
  for (let i = 0; i < n; i++) tied[start[i]!]! += risen[i]!;
  const below = new Uint32Array(n + 1);
  for (let place = 0; place < n; place++) below[place + 1] = below[place]! + tied[place]!;
  const placement = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const place = start[i]!;
    const upsBelow = below[place]!;
    const upsTied = tied[place]!;
    const downsTied = end[i]! - place - upsTied;
    placement[i] =
      risen[i] === 1 ? (place - upsBelow + downsTied / 2) / (n - ups) : (ups - upsBelow - upsTied / 2) / ups;
  }
  return placement;
}
