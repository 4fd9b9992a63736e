import type { NormalGamma } from './bocpd.ts';
import { pelt, SquaredCost } from './pelt.ts';

/** The prior's belief that an observation's variance is 1, in observations. */
const varianceTrust = 20;
/** Least variance of the relation between segments, in that of the noise. */
const leastBetween = 0.02;
/** A break at every so many observations is as often as it is thought of. */
const mostFrequent = 10;

export interface Segments {
  /** Observations at which a segment begins, but the first. */
  readonly breaks: readonly {
    readonly at: number /** 1 − penalty / gain of this break: 0 … 1. */;
    readonly strength: number;
  }[];
  readonly prior: NormalGamma;
  readonly hazard: number;
}

/**
 * Breaks of the training bars by PELT, penalised by the Bayesian information criterion, and what they say of breaks to come: how far
 * the relation moves, and how often.
 * @param signal [observations, dimensions], in units of noise
 */
export function findSegments(
  signal: Float64Array,
  dimensions: number,
  minimumLength: number,
  penaltyFactor: number,
): Segments {
  const cost = new SquaredCost(signal, dimensions);
  const { length } = cost;
  // A break costs its place and a mean of each dimension; the squared cost is twice the log-likelihood at variance 1.
  const penalty = penaltyFactor * (dimensions + 1) * Math.log(Math.max(2, length));
  const { breaks } = pelt(cost, penalty, minimumLength);
  const edges = [0, ...breaks, length];
  const strengths = breaks.map((at, i) => {
    const [before, after] = [edges[i]!, edges[i + 2]!];
    const gain = cost.of(before, after) - cost.of(before, at) - cost.of(at, after);
    return { at, strength: Math.max(0, Math.min(1, 1 - penalty / gain)) };
  });
  const mean = length > 0 ? cost.mean(0, length) : new Float64Array(dimensions);
  return {
    breaks: strengths,
    prior: {
      mean,
      kappa: 1 / Math.max(leastBetween, betweenVariance(cost, edges, mean)),
      alpha: varianceTrust / 2,
      beta: new Float64Array(dimensions).fill(varianceTrust / 2),
    },
    hazard: Math.min(1 / mostFrequent, (breaks.length + 1) / Math.max(1, length)),
  };
}

/** Of a dimension's mean from segment to segment, less what noise adds; of one segment alone, as much as its mean is worth. */
function betweenVariance(cost: SquaredCost, edges: readonly number[], mean: Float64Array): number {
  const { dimensions, length } = cost;
  if (length === 0) return 0;
  if (edges.length === 2) return mean.reduce((sum, value) => sum + value * value - 1 / length, 0) / dimensions;
  let sum = 0;
  for (let i = 0; i + 1 < edges.length; i++) {
    const own = cost.mean(edges[i]!, edges[i + 1]!);
    const noise = 1 / (edges[i + 1]! - edges[i]!);
    own.forEach((value, k) => {
      sum += (value - mean[k]!) ** 2 - noise;
    });
  }
  return sum / ((edges.length - 1) * dimensions);
}
