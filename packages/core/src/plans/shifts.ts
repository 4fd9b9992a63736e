import { Random } from '../random.ts';

export interface ShiftSettings {
  /** Steps of the circle: the target's own length. */
  readonly length: number;
  /** Least distance from no shift, either way round. */
  readonly leastSteps: number;
  readonly count: number;
  readonly seed: number;
  readonly stream: number;
}

/**
 * By how many steps a target is turned round in time to break its relation to the features while its autocorrelation, and what
 * symbols have in common, stay. Never so few that a label reaches back into its own window, or (the other way round) that it lies
 * within what features remember. Drawn without repeats while there are enough; where there are fewer different ones, all of them.
 * @returns empty where the target is too short for any
 */
export function drawShifts({ length, leastSteps, count, seed, stream }: ShiftSettings): number[] {
  const choices = length - 2 * leastSteps + 1;
  if (choices < 1) return [];
  const order = Uint32Array.from({ length: choices }, (_, i) => leastSteps + i);
  new Random(seed, stream).shuffle(order);
  return [...order.subarray(0, count)];
}

/**
 * Length of the longest choice of rows whose label windows share no bar: what a sample of overlapping labels is worth.
 * @param bars of rows with a label, ascending; repeats count once
 */
export function disjointWindows(bars: ArrayLike<number>, labelBars: number): number {
  let count = 0;
  let free = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < bars.length; i++) {
    if (bars[i]! < free) continue;
    count++;
    free = bars[i]! + Math.max(1, labelBars);
  }
  return count;
}
