/** Below, the recurrence leads up to where the series is exact. */
const seriesFrom = 12;

/** Logarithm of the gamma function, x > 0: Stirling's series (Abramowitz & Stegun 6.1.41), to about 1e-14. */
export function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  while (at < seriesFrom) shift += Math.log(at++);
  const inverse = 1 / at;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))));
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
