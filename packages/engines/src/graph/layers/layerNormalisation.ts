import type { Tensor } from '../ir.ts';
import type { NetworkScope } from '../network.ts';

/**
 * Ba, Kiros & Hinton 2016 over the last axis of x [..., features], with the names, start and biased variance of
 * torch.nn.LayerNorm.
 */
export function layerNormalisation(scope: NetworkScope, name: string, x: Tensor, epsilon = 1e-5): Tensor {
  const { builder } = scope;
  const features = x.shape.at(-1)!;
  const last = [x.shape.length - 1];
  const weight = scope.parameter(`${name}.weight`, [features], { kind: 'constant', value: 1 });
  const bias = scope.parameter(`${name}.bias`, [features], { kind: 'constant', value: 0 });
  const centred = builder.subtract(x, builder.reduceMean(x, last, true));
  const variance = builder.reduceMean(builder.square(centred), last, true);
  // One division a row: the rest, and its gradient, is products.
  const scale = builder.divide(1, builder.sqrt(builder.add(variance, epsilon)));
  return builder.add(builder.multiply(builder.multiply(centred, scale), weight), bias);
}
