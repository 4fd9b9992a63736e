import type { GraphBuilder } from '../builder.ts';
import type { Tensor } from '../ir.ts';
import type { NetworkScope } from '../network.ts';

/** `values` · `weight` + `bias` along the last axis of `values`, not yet computed. */
export interface Affine {
  /** [..., features] */
  readonly values: Tensor;
  /** [features] each. */
  readonly weight: Tensor;
  readonly bias: Tensor;
}

/**
 * Ba, Kiros & Hinton 2016 over the last axis of x [..., features], with the names, start and biased variance of
 * torch.nn.LayerNorm.
 */
export function layerNormalisation(scope: NetworkScope, name: string, x: Tensor, epsilon = 1e-5): Tensor {
  const { builder } = scope;
  const { values, weight, bias } = normalisation(scope, name, x, epsilon);
  return builder.add(builder.multiply(values, weight), bias);
}

/** As `layerNormalisation`, its weight and bias left to the linear layers that read it: passes over all rows that need not be. */
export function normalisation(scope: NetworkScope, name: string, x: Tensor, epsilon = 1e-5): Affine {
  const { builder } = scope;
  const features = x.shape.at(-1)!;
  const last = [x.shape.length - 1];
  const weight = scope.parameter(`${name}.weight`, [features], { kind: 'constant', value: 1 });
  const bias = scope.parameter(`${name}.bias`, [features], { kind: 'constant', value: 0 });
  const centred = builder.subtract(x, builder.reduceMean(x, last, true));
  const variance = builder.reduceMean(builder.square(centred), last, true);
  // One division a row: the rest, and its gradient, is products.
  const scale = builder.divide(1, builder.sqrt(builder.add(variance, epsilon)));
  return { values: builder.multiply(centred, scale), weight, bias };
}

/**
 * What a linear layer reads `values` with, so that it gives what it would give of the whole: (v · w + b) · Wᵀ + c is
 * v · (W · w)ᵀ + (b · Wᵀ + c).
 * @param weight [units, features]
 * @param bias [units]
 */
export function takenIn(
  builder: GraphBuilder,
  affine: Omit<Affine, 'values'>,
  weight: Tensor,
  bias: Tensor,
): { weight: Tensor; bias: Tensor } {
  const row = builder.reshape(affine.bias, [1, affine.bias.shape[0]!]);
  return {
    weight: builder.multiply(weight, affine.weight),
    bias: builder.reshape(builder.linear(row, weight, bias), bias.shape),
  };
}
