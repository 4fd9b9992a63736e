import { dense } from '@twostage/engines/graph/layers/dense';
import type { Network, NetworkSpec } from '@twostage/engines/graph/network';
import type { Loss, Weights } from '@twostage/engines/graph/program';
import { type HiddenSize, hiddenLayers } from '../neural/hiddenLayers.ts';
import { featureInput } from '../neural/rows.ts';

export interface MultiTaskSize extends HiddenSize {
  readonly features: number;
  readonly targets: number;
  /** Hidden units of each target's head; 0: the head is a line on the trunk. */
  readonly headUnits: number;
}

/** Name of the parameter [targets] that holds each target's log variance. */
const logVariances = 'logVariances';

/** A trunk of hidden layers that all targets share, and a head for each: [batch, features] → [batch, targets]. */
export function multiTaskNetwork({ features, targets, headUnits, ...size }: MultiTaskSize): Network {
  return (scope) => {
    const { builder } = scope;
    const trunk = hiddenLayers(scope, scope.input(featureInput, [features]), size);
    const heads = Array.from({ length: targets }, (_, k) => {
      const own = headUnits > 0 ? builder.relu(dense(scope, `heads.${k}.hidden`, trunk, headUnits)) : trunk;
      return dense(scope, `heads.${k}.output`, own, 1);
    });
    scope.expose(logVariances, scope.parameter(logVariances, [targets], { kind: 'constant', value: 0 }));
    return builder.concat(heads, 1);
  };
}

/** Names of a target's curves: its weight in the loss, and its mean squared error. */
export const scalarsOf = (target: string) => ({ weight: `weight of ${target}`, error: `error of ${target}` });

/**
 * Targets weighted by the uncertainty that is learnt with them (Kendall, Gal & Cipolla 2018, eq. 10, times 2): Σ exp(−s) · L + s over
 * targets, with L the mean squared error and s the log variance of each. Output and target [batch, targets].
 * @param names one a target, for the terms
 */
export function uncertaintyWeighted(names: readonly string[]): Loss {
  return (builder, output, target, rowWeights, scope) => {
    const [batch, targets] = target.shape as [number, number];
    const squares = builder.square(builder.subtract(output, target));
    const shares = builder.reshape(builder.divide(rowWeights, builder.reduceSum(rowWeights)), [1, batch]);
    const errors = builder.reshape(builder.matmul(shares, squares), [targets]);
    const s = scope.exposed(logVariances);
    const weights = builder.exp(builder.negate(s));
    names.forEach((name, k) => {
      scope.term(scalarsOf(name).weight, builder.reshape(builder.slice(weights, 0, k, k + 1), []));
      scope.term(scalarsOf(name).error, builder.reshape(builder.slice(errors, 0, k, k + 1), []));
    });
    return builder.reduceSum(builder.add(builder.multiply(weights, errors), s));
  };
}

/** What the targets weigh in the loss, one number a target. */
export function taskWeights({ parameters }: NetworkSpec, { parameters: values }: Weights): number[] {
  const { offset, shape } = parameters.find(({ name }) => name === logVariances)!;
  return Array.from(values.subarray(offset, offset + shape[0]!), (s) => Math.exp(-s));
}
