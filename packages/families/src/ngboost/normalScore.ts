const halfLog2Pi = 0.5 * Math.log(2 * Math.PI);

/** Parameters of a Normal distribution a row: mean, and logarithm of the standard deviation. [rows] each. */
export interface NormalParameters {
  readonly mean: Float64Array;
  readonly logDeviation: Float64Array;
}

/** Mean negative log likelihood of outcomes. */
export function meanNll({ mean, logDeviation }: NormalParameters, outcomes: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < outcomes.length; i++) {
    const z = (outcomes[i]! - mean[i]!) * Math.exp(-logDeviation[i]!);
    sum += logDeviation[i]! + 0.5 * z * z;
  }
  return sum / outcomes.length + halfLog2Pi;
}

/** The same once `scale` times a step is taken off the parameters. */
export function meanNllAfter(
  { mean, logDeviation }: NormalParameters,
  step: NormalParameters,
  scale: number,
  outcomes: Float32Array,
): number {
  let sum = 0;
  for (let i = 0; i < outcomes.length; i++) {
    const s = logDeviation[i]! - scale * step.logDeviation[i]!;
    const z = (outcomes[i]! - mean[i]! + scale * step.mean[i]!) * Math.exp(-s);
    sum += s + 0.5 * z * z;
  }
  return sum / outcomes.length + halfLog2Pi;
}

/**
 * Natural gradient of the negative log likelihood: the gradient by (mean, log deviation), (μ − y) / σ² and 1 − (y − μ)² / σ², times
 * the inverse of the Fisher information, diag(1 / σ², 2) (Duan et al. 2020, section 3).
 * @param out filled, [rows] each
 */
export function naturalGradient(
  { mean, logDeviation }: NormalParameters,
  outcomes: Float32Array,
  out: { readonly mean: Float32Array; readonly logDeviation: Float32Array },
): void {
  for (let i = 0; i < outcomes.length; i++) {
    const error = mean[i]! - outcomes[i]!;
    const z = error * Math.exp(-logDeviation[i]!);
    out.mean[i] = error;
    out.logDeviation[i] = 0.5 * (1 - z * z);
  }
}

/** Steps longer or shorter than this are not looked at. */
const [longest, shortest] = [2 ** 8, 2 ** -20] as const;

/**
 * How far to go along a step: doubled while that lowers the loss, halved until it does (algorithm 1 of the paper).
 * @param present loss before the step
 * @returns 0 where no length lowers it
 */
export function lineSearch(present: number, lossAfter: (scale: number) => number): number {
  let [scale, best] = [1, lossAfter(1)];
  if (best < present) {
    while (scale < longest) {
      const further = lossAfter(2 * scale);
      if (!(further < best)) return scale;
      [scale, best] = [2 * scale, further];
    }
    return scale;
  }
  while (scale > shortest) {
    scale /= 2;
    if (lossAfter(scale) < present) return scale;
  }
  return 0;
}
