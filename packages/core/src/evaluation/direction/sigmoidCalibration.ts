/** Probability of a rise = 1 / (1 + e^−(intercept + slope × score)). */
export interface SigmoidCalibration {
  readonly slope: number;
  readonly intercept: number;
}

const mostSteps = 100;

/**
 * Platt's (1999) sigmoid, by Newton's method with the outcomes drawn in as he does: a rise counts (n₊ + 1) / (n₊ + 2), anything else
 * 1 / (n₋ + 2), so that few rows never promise certainty. A score that went the wrong way on these rows gets slope 0: it is
 * not turned round, it is worth no more than their share of rises.
 * @param scores [rows]; rows without one are left out
 * @param risen [rows], 1 = rose
 */
export function fitSigmoid(scores: ArrayLike<number>, risen: ArrayLike<number>): SigmoidCalibration {
  const known = Array.from(scores, (score, i) => ({ score, rose: risen[i]! > 0.5 })).filter(({ score }) =>
    Number.isFinite(score),
  );
  const ups = known.filter(({ rose }) => rose).length;
  const [high, low] = [(ups + 1) / (ups + 2), 1 / (known.length - ups + 2)];
  const goal = known.map(({ rose }) => (rose ? high : low));
  const share = known.length > 0 ? goal.reduce((sum, value) => sum + value, 0) / known.length : 0.5;
  const flat = { slope: 0, intercept: logit(share) };
  // Scores of some hundredths would make the equations nearly singular: they are fitted in their own deviations.
  const center = known.reduce((sum, { score }) => sum + score, 0) / known.length;
  const scale = Math.sqrt(known.reduce((sum, { score }) => sum + (score - center) ** 2, 0) / known.length);
  if (!(scale > 4 * Number.EPSILON * Math.abs(center))) return flat;
  const x = known.map(({ score }) => (score - center) / scale);
  const loss = (slope: number, intercept: number) =>
    x.reduce((sum, value, i) => sum + softplus(intercept + slope * value) - goal[i]! * (intercept + slope * value), 0);
  let [slope, intercept] = [0, flat.intercept];
  for (let step = 0; step < mostSteps; step++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    for (let i = 0; i < x.length; i++) {
      const p = sigmoid(intercept + slope * x[i]!);
      const [error, weight] = [p - goal[i]!, p * (1 - p)];
      g0 += error;
      g1 += error * x[i]!;
      h00 += weight;
      h01 += weight * x[i]!;
      h11 += weight * x[i]! ** 2;
    }
    const determinant = h00 * h11 - h01 ** 2;
    if (!(determinant > 0) || Math.hypot(g0, g1) < 1e-12 * x.length) break;
    const [d0, d1] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
    // Newton's step may overshoot where the scores nearly separate the rows: it is halved until it helps.
    let size = 1;
    const before = loss(slope, intercept);
    while (size > 1e-10 && loss(slope - size * d1, intercept - size * d0) > before) size /= 2;
    slope -= size * d1;
    intercept -= size * d0;
  }
  if (!(slope > 0)) return flat;
  return { slope: slope / scale, intercept: intercept - (slope * center) / scale };
}

/** @returns [rows], in (0, 1); NaN where the score is */
export const calibrated = ({ slope, intercept }: SigmoidCalibration, scores: Float64Array): Float64Array =>
  scores.map((score) => sigmoid(intercept + slope * score));

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
const softplus = (value: number): number => Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
const logit = (share: number): number => Math.log(share / (1 - share));
