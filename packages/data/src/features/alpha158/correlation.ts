import { historyBars, rollingColumn, stillStd, windows } from './catalogue.ts';
import { type BarHistory, lastKnown, type MaskedSeries } from './history.ts';
import { deviationOf } from './sums.ts';

/** Correlations of the close with ln(volume + 1), and of their changes from bar to bar. */
export function correlations(history: BarHistory, rows: number, into: readonly Float64Array[], at: number): void {
  const always = { values: history.inputs.close, mask: null };
  correlate(history.age, always, history.logVolume, rows, into, rollingColumn('CORR'), at);
  correlate(history.age, history.ratio, history.logVolumeRatio, rows, into, rollingColumn('CORD'), at);
}

/**
 * Pearson correlation over the pairs of each window of which both are there; NaN where either series alone stands still in it.
 * Sums are of differences from the last pair, for the reason given in trend.ts.
 * @param a has a value wherever b has one; mask null: everywhere
 */
function correlate(
  age: number,
  a: { readonly values: Float64Array; readonly mask: Float64Array | null },
  b: MaskedSeries,
  rows: number,
  into: readonly Float64Array[],
  base: number,
  at: number,
): void {
  const longest = windows[windows.length - 1]!;
  // Rows in a row, up to the one before, on which both are there.
  let whole = 0;
  for (let k = 1; k <= age && b.mask[historyBars - k] === 1; k++) whole++;
  for (let r = 0; r < rows; r++) {
    const i = historyBars + r;
    const seen = Math.min(longest, age + r + 1);
    whole = b.mask[i] === 1 ? whole + 1 : 0;
    if (whole >= seen) correlateWhole(a.values, b.values, i, seen, into, base, at + r);
    else correlateHoled(a, b, i, seen, into, base, at + r);
  }
}

function correlateWhole(
  a: Float64Array,
  b: Float64Array,
  i: number,
  seen: number,
  into: readonly Float64Array[],
  base: number,
  row: number,
): void {
  const [a0, b0] = [a[i]!, b[i]!];
  let k = 0;
  let sumA = 0;
  let sumB = 0;
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  for (let w = 0; w < windows.length; w++) {
    const n = Math.min(windows[w]!, seen);
    for (; k < n; k++) {
      const x = a[i - k]! - a0;
      const y = b[i - k]! - b0;
      sumA += x;
      sumB += y;
      squaresA += x * x;
      squaresB += y * y;
      products += x * y;
    }
    const moving = deviationOf(n, sumA, squaresA) > stillStd && deviationOf(n, sumB, squaresB) > stillStd;
    into[base + w]![row] = moving ? correlationOf(n, sumA, sumB, squaresA, squaresB, products) : Number.NaN;
  }
}

function correlateHoled(
  a: { readonly values: Float64Array; readonly mask: Float64Array | null },
  b: MaskedSeries,
  i: number,
  seen: number,
  into: readonly Float64Array[],
  base: number,
  row: number,
): void {
  const pair = lastKnown(b.mask, i, seen);
  const own = a.mask ? lastKnown(a.mask, i, seen) : i;
  const [a0, b0, own0] = [a.values[pair]!, b.values[pair]!, a.values[own]!];
  let k = 0;
  let n = 0;
  let sumA = 0;
  let sumB = 0;
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  let ownCount = 0;
  let ownSum = 0;
  let ownSquares = 0;
  for (let w = 0; w < windows.length; w++) {
    for (const end = Math.min(windows[w]!, seen); k < end; k++) {
      const both = b.mask[i - k]!;
      const x = both * (a.values[i - k]! - a0);
      const y = both * (b.values[i - k]! - b0);
      n += both;
      sumA += x;
      sumB += y;
      squaresA += x * x;
      squaresB += y * y;
      products += x * y;
      const there = a.mask ? a.mask[i - k]! : 1;
      const z = there * (a.values[i - k]! - own0);
      ownCount += there;
      ownSum += z;
      ownSquares += z * z;
    }
    const still = deviationOf(ownCount, ownSum, ownSquares) <= stillStd || deviationOf(n, sumB, squaresB) <= stillStd;
    const known = !still && n >= 2;
    into[base + w]![row] = known ? correlationOf(n, sumA, sumB, squaresA, squaresB, products) : Number.NaN;
  }
}

/** Pearson's, from sums around one pair; NaN where a side does not vary over the pairs. */
function correlationOf(
  n: number,
  sumA: number,
  sumB: number,
  squaresA: number,
  squaresB: number,
  products: number,
): number {
  const aroundA = squaresA - (sumA * sumA) / n;
  const aroundB = squaresB - (sumB * sumB) / n;
  if (!(aroundA > 0 && aroundB > 0)) return Number.NaN;
  return (products - (sumA * sumB) / n) / Math.sqrt(aroundA * aroundB);
}
