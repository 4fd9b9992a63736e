import { averageRanks } from './ranks.ts';

/** Mean in two passes: the second takes off what the first one's sum has rounded, so that thousands of equal numbers have their own mean. */
export function mean(values: ArrayLike<number>): number {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i]!;
  const rough = sum / n;
  if (!Number.isFinite(rough)) return rough;
  let rest = 0;
  for (let i = 0; i < n; i++) rest += values[i]! - rough;
  return rough + rest / n;
}

/**
 * Pearson's correlation; NaN with fewer than two pairs or where one side does not vary.
 * Two passes, so that prices and returns of any size keep their digits.
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  if (n < 2) return Number.NaN;
  const meanX = mean(x);
  const meanY = mean(y);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < n; i++) {
    const dx = x[i]! - meanX;
    const dy = y[i]! - meanY;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  // A constant block of numbers that have no exact mean leaves a residue of rounding, not a variance.
  if (!varies(xx, meanX, n) || !varies(yy, meanY, n)) return Number.NaN;
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx) / Math.sqrt(yy)));
}

function varies(sumOfSquares: number, center: number, n: number): boolean {
  const rounding = n * (Number.EPSILON * Math.abs(center)) ** 2 * 4;
  return sumOfSquares > rounding;
}

/** Spearman's correlation: Pearson's of the average ranks. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return pearson(averageRanks(x), averageRanks(y));
}
