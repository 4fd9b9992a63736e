const sqrtTwoPi = Math.sqrt(2 * Math.PI);
/** From here on the continued fraction of the tail, before it the series of the middle: where both keep full precision. */
const seriesEnds = 1.5;

/** Density of the standard normal. */
export function normalPdf(z: number): number {
  // Without the error that rounding z² would bring: the square of a float32 is exact.
  const head = Math.fround(z);
  if (!Number.isFinite(head)) return Number.isNaN(z) ? Number.NaN : 0;
  return (Math.exp((-head * head) / 2) * Math.exp((-(z - head) * (z + head)) / 2)) / sqrtTwoPi;
}

/** Probability that a standard normal is at most `z`: full double precision, relative in the lower tail too. */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  const x = Math.abs(z);
  const tail = x < seriesEnds ? 0.5 - upToZ(x) : beyondZ(x);
  return z > 0 ? 1 - tail : tail;
}

/** Φ(z) − Φ(−z), precise also near 0. @param z any sign: odd in it */
export function normalCentral(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  const x = Math.abs(z);
  return Math.sign(z) * (x < seriesEnds ? 2 * upToZ(x) : 1 - 2 * beyondZ(x));
}

/**
 * Where the standard normal's distribution function is `p`: the rational start of Abramowitz & Stegun (1964, 26.2.23),
 * polished to full double precision by Halley's rule.
 * @param p in [0, 1]; ∓Infinity at the ends, NaN outside
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0 || p === 1) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  let z = numerator / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 3; step++) {
    const excess = (normalCdf(z) - p) / normalPdf(z);
    if (!Number.isFinite(excess)) break;
    z -= excess / (1 + (z * excess) / 2);
  }
  return z;
}

/** Φ(z) − ½ = φ(z) Σ z^(2n+1) / (2n+1)!!, a sum of positive terms (Abramowitz & Stegun 26.2.11). @param z in [0, seriesEnds) */
function upToZ(z: number): number {
  let term = z;
  let sum = z;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (z * z) / (2 * n + 1);
    sum += term;
  }
  return normalPdf(z) * sum;
}

/** 1 − Φ(z) = φ(z) / (z + 1/(z + 2/(z + 3/(z + …)))) (Abramowitz & Stegun 26.2.14), from the innermost of enough levels. */
function beyondZ(z: number): number {
  let tail = 0;
  for (let level = Math.ceil(20 + 280 / (z * z)); level > 0; level--) tail = level / (z + tail);
  return normalPdf(z) / (z + tail);
}
