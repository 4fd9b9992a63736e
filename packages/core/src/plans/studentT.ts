/**
 * Probability that Student's t with whole degrees of freedom exceeds `t`: the finite sums of Abramowitz & Stegun (1964, 26.7.3 and
 * 26.7.4), exact to rounding (about 1e-15, absolute).
 * @param degrees 1, 2, 3 …
 */
export function studentTail(t: number, degrees: number): number {
  if (Number.isNaN(t) || !(degrees >= 1)) return Number.NaN;
  if (!Number.isFinite(t)) return t > 0 ? 0 : 1;
  const angle = Math.atan(t / Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees > 1 ? term : 0;
  for (let k = odd ? 3 : 2; k < degrees; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  const central = odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
  return Math.min(1, Math.max(0, (1 - central) / 2));
}
