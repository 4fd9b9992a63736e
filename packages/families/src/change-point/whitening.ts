/** Uncorrelated combinations of some features: the inverse of a lower triangular factor, applied to the features chosen. */
export interface Whitening {
  /** [rank], indices of features, the ones that say most first. */
  readonly columns: readonly number[];
  /** [rank, rank], lower triangular, row-major. */
  readonly factor: readonly number[];
}

/** A feature of which the chosen ones leave less than this share unexplained adds noise, not directions. */
const leastShare = 0.1;

/**
 * Cholesky's factor with pivots, stopped early: each further feature is the one whose variance is explained least so far.
 * @param covariance [features, features]; the lower triangle is read
 */
export function fitWhitening(covariance: Float64Array, features: number, mostColumns: number): Whitening {
  const of = (i: number, j: number) => covariance[Math.max(i, j) * features + Math.min(i, j)]!;
  const left = Float64Array.from({ length: features }, (_, i) => of(i, i));
  const share = (i: number) => (of(i, i) > 0 ? left[i]! / of(i, i) : 0);
  const lines: Float64Array[] = [];
  const columns: number[] = [];
  while (columns.length < Math.min(mostColumns, features)) {
    let pivot = 0;
    for (let i = 1; i < features; i++) if (share(i) > share(pivot)) pivot = i;
    if (share(pivot) < leastShare) break;
    const root = Math.sqrt(left[pivot]!);
    const line = Float64Array.from({ length: features }, (_, i) => {
      const explained = lines.reduce((sum, other) => sum + other[i]! * other[pivot]!, 0);
      return (of(i, pivot) - explained) / root;
    });
    for (let i = 0; i < features; i++) left[i] = Math.max(0, left[i]! - line[i]! ** 2);
    left[pivot] = 0;
    lines.push(line);
    columns.push(pivot);
  }
  const factor = columns.flatMap((column, i) => lines.map((line, j) => (j <= i ? line[column]! : 0)));
  return { columns, factor };
}

/** One row of standardised features, uncorrelated. @param matrix [rows, features] @param out [rank] */
export function whiten({ columns, factor }: Whitening, matrix: Float32Array, offset: number, out: Float64Array): void {
  const rank = columns.length;
  for (let i = 0; i < rank; i++) {
    let value = matrix[offset + columns[i]!]!;
    for (let j = 0; j < i; j++) value -= factor[i * rank + j]! * out[j]!;
    out[i] = value / factor[i * rank + i]!;
  }
}
