import type { Tensor } from '../ir.ts';
import type { NetworkScope } from '../network.ts';

export interface BatchNormalisationSettings {
  /** Share of a step's statistics in the running ones. */
  readonly momentum: number;
  readonly epsilon: number;
}

/**
 * Ioffe & Szegedy 2015 over the rows of x [batch, features], with the conventions of torch.nn.BatchNorm1d: biased variance
 * to normalise, unbiased variance in the running statistics. The padding of a partial batch counts for nothing.
 */
export function batchNormalisation(
  scope: NetworkScope,
  name: string,
  x: Tensor,
  { momentum, epsilon }: BatchNormalisationSettings = { momentum: 0.1, epsilon: 1e-5 },
): Tensor {
  const { builder, rowWeights } = scope;
  const [batch, features] = x.shape as [number, number];
  const gamma = scope.parameter(`${name}.weight`, [features], { kind: 'constant', value: 1 });
  const beta = scope.parameter(`${name}.bias`, [features], { kind: 'constant', value: 0 });
  const runningMean = scope.state(`${name}.running_mean`, [features], 0);
  const runningVariance = scope.state(`${name}.running_var`, [features], 1);

  const normalise = (centred: Tensor, variance: Tensor) => {
    const scale = builder.divide(gamma, builder.sqrt(builder.add(variance, epsilon)));
    return builder.add(builder.multiply(centred, scale), beta);
  };
  if (rowWeights === null) return normalise(builder.subtract(x, runningMean), runningVariance);

  const rows = builder.reduceSum(rowWeights);
  const shares = builder.reshape(builder.divide(rowWeights, rows), [1, batch]);
  const meanOf = (values: Tensor) => builder.reshape(builder.matmul(shares, values), [features]);
  const mean = meanOf(x);
  const centred = builder.subtract(x, mean);
  const variance = meanOf(builder.square(centred));
  const unbiased = builder.multiply(variance, builder.divide(rows, builder.maximum(builder.subtract(rows, 1), 1)));
  const blend = (old: Tensor, current: Tensor) =>
    builder.add(builder.multiply(old, 1 - momentum), builder.multiply(current, momentum));
  scope.updateState(`${name}.running_mean`, blend(runningMean, mean));
  scope.updateState(`${name}.running_var`, blend(runningVariance, unbiased));
  return normalise(centred, variance);
}
