import { clusteredError, type Estimate } from '../estimate.ts';
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
  const found = areaOf(scores, risen);
  if (!found) return { value: null, standardError: null, deLongError: null };
  const { area, influence, deLong } = found;
  return {
    value: area,
    standardError: clusteredError(bars, influence, labelBars),
    deLongError: deLong > 0 ? deLong : null,
  };
}

/**
 * The area within blocks of rows, each counting by its pairs of a risen and a fallen row. Scores of several models are so compared with
 * their own alone: a model that learnt from the other blocks says the less of rises the more there are in its own, and pooled
 * over all pairs a useless one would seem worse than a coin (Airola et al. 2011).
 * @param blocks [rows], which model scored each
 */
export function rocAreaWithin(
  bars: ArrayLike<number>,
  scores: Float64Array,
  risen: Uint8Array,
  blocks: ArrayLike<number>,
  labelBars: number,
): Estimate {
  const places = new Map<number, number[]>();
  for (let i = 0; i < scores.length; i++) {
    const own = places.get(blocks[i]!) ?? [];
    places.set(blocks[i]!, own);
    own.push(i);
  }
  const parts = [...places.values()].flatMap((own) => {
    const found = areaOf(
      Float64Array.from(own, (i) => scores[i]!),
      Uint8Array.from(own, (i) => risen[i]!),
    );
    return found ? { own, ...found } : [];
  });
  const pairs = parts.reduce((sum, part) => sum + part.pairs, 0);
  if (pairs === 0) return { value: null, standardError: null };
  const influence = new Float64Array(scores.length);
  let value = 0;
  for (const part of parts) {
    const weight = part.pairs / pairs;
    value += weight * part.area;
    part.own.forEach((i, k) => {
      influence[i] = (weight * part.influence[k]! * scores.length) / part.own.length;
    });
  }
  return { value, standardError: clusteredError(bars, influence, labelBars) };
}

/** The area, how much each row moves it (times the rows), and its error for independent rows; null without rows of both. */
function areaOf(scores: Float64Array, risen: Uint8Array) {
  const n = scores.length;
  let ups = 0;
  for (let i = 0; i < n; i++) ups += risen[i]!;
  const downs = n - ups;
  if (ups === 0 || downs === 0) return null;
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
  return { area, influence, deLong, pairs: ups * downs };
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
