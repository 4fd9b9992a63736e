import { normalCentral, normalPdf } from './normal.ts';
import type { Uncertainty } from './uncertainty.ts';

type Of<Kind extends Uncertainty['kind']> = Extract<Uncertainty, { kind: Kind }>;

/** CRPS of a Normal forecast, in the target's unit. @param deviation > 0 */
export function normalCrps(target: number, mean: number, deviation: number): number {
  const z = (target - mean) / deviation;
  return deviation * (z * normalCentral(z) + 2 * normalPdf(z) - 1 / Math.sqrt(Math.PI));
}

/** Σ|xᵢ − y| / m − ΣΣ|xᵢ − xⱼ| / 2m(m − 1); the double sum over ascending draws is 2 Σ (2i − m + 1) xᵢ, i from 0. */
export function drawsCrps(target: number, { draws, perRow }: Of<'draws'>, row: number): number {
  let distance = 0;
  let spread = 0;
  for (let i = 0; i < perRow; i++) {
    // Against the outcome, so that draws far from 0 do not cancel; the weights sum to 0.
    const away = draws[row * perRow + i]! - target;
    distance += Math.abs(away);
    spread += (2 * i - perRow + 1) * away;
  }
  return distance / perRow - (perRow > 1 ? spread / (perRow * (perRow - 1)) : 0);
}

/**
 * ∫ (F(x) − 1{x ≥ y})² dx of the distribution function F that is linear between a row's quantiles, 0 before the first and 1
 * from the last on: comparable with what the others are scored by, whatever the levels. Of one quantile its absolute error.
 */
export function quantilesCrps(target: number, { levels, values }: Of<'quantiles'>, row: number): number {
  const [first, last] = [row * levels.length, (row + 1) * levels.length - 1];
  let sum = Math.max(0, values[first]! - target) + Math.max(0, target - values[last]!);
  for (let k = 0; k + 1 < levels.length; k++) {
    const [low, high] = [values[first + k]!, values[first + k + 1]!];
    const width = high - low;
    if (width <= 0) continue;
    const share = Math.min(1, Math.max(0, (target - low) / width));
    const [from, to] = [levels[k]!, levels[k + 1]!];
    const middle = from + share * (to - from);
    sum += width * (share * meanSquare(from, middle) + (1 - share) * meanSquare(1 - middle, 1 - to));
  }
  return sum;
}

/** Of what goes evenly from a to b. */
const meanSquare = (a: number, b: number): number => (a * a + a * b + b * b) / 3;
