/**
 * Sample standard deviation (ddof 1) of n values from their sum and sum of squares around one of them; NaN of fewer than two.
 * Rounding may leave a sum of squares below 0.
 */
export const deviationOf = (n: number, sum: number, squares: number): number =>
  Math.sqrt(Math.max(0, squares - (sum * sum) / n) / (n - 1));
