import type { Tensor } from '@twostage/engines/graph/ir';
import { type Conv1dSettings, conv1d } from '@twostage/engines/graph/layers/conv1d';
import { dense } from '@twostage/engines/graph/layers/dense';
import type { NetworkScope } from '@twostage/engines/graph/network';

/**
 * Residual block of Bai, Kolter & Koltun (2018), without its weight normalisation: relu(x + f(x)), where f is twice a
 * convolution, ReLU and dropout. Where x has other channels, it goes around through a linear map.
 * @param x [T, batch, channels] @returns [T, batch, units]
 */
export function convolutionBlock(
  scope: NetworkScope,
  name: string,
  x: Tensor,
  units: number,
  { dropout, ...taps }: Conv1dSettings & { readonly dropout: number },
): Tensor {
  const { builder } = scope;
  const once = (conv: string, input: Tensor) =>
    channelDropout(scope, builder.relu(conv1d(scope, `${name}.${conv}`, input, units, taps)), dropout);
  const twice = once('conv2', once('conv1', x));
  const around = x.shape.at(-1) === units ? x : dense(scope, `${name}.downsample`, x, units);
  return builder.relu(builder.add(around, twice));
}

/** Silences a channel of a row at every step or at none: its steps tell much the same. @param x [T, batch, channels] */
function channelDropout(scope: NetworkScope, x: Tensor, rate: number): Tensor {
  if (scope.mode === 'inference' || rate === 0) return x;
  const { builder } = scope;
  return builder.multiply(x, scope.dropout(builder.fill([1, ...x.shape.slice(1)], 1), rate));
}
