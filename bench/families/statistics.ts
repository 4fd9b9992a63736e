export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export interface Paired {
  readonly mean: number;
  /** Standard error of the mean: sample deviation (n − 1) / √n; null of one pair. */
  readonly error: number | null;
}

/** Of the differences of pairs. */
export function paired(differences: readonly number[]): Paired {
  const n = differences.length;
  const center = mean(differences);
  if (n < 2) return { mean: center, error: null };
  const squares = differences.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return { mean: center, error: Math.sqrt(squares / (n - 1) / n) };
}

/** Whether the mean difference is above so many of its standard errors; of one pair, whether it is above 0. */
export const exceeds = ({ mean: center, error }: Paired, errors: number): boolean => center > errors * (error ?? 0);

/** Mean of independent figures with known standard errors. */
export function pooledMean(
  figures: readonly { readonly value: number; readonly error: number }[],
): Paired & { error: number } {
  const squares = figures.reduce((sum, { error }) => sum + error ** 2, 0);
  return { mean: mean(figures.map(({ value }) => value)), error: Math.sqrt(squares) / figures.length };
}
