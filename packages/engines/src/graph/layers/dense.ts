import type { Tensor } from '../ir.ts';
import type { NetworkScope } from '../network.ts';
import { type Affine, takenIn } from './layerNormalisation.ts';

/**
 * x [batch, in] · weightᵀ + bias → [batch, units]; named and laid out as torch.nn.Linear does, and started as it starts:
 * weight and bias uniform within 1 / √in. Before a batch normalisation a bias has no effect but noise: leave it out there.
 */
export function dense(
  scope: NetworkScope,
  name: string,
  x: Tensor,
  units: number,
  { bias = true }: { bias?: boolean } = {},
): Tensor {
  const features = x.shape.at(-1)!;
  if (bias) return scope.builder.linear(x, ...learnt(scope, name, features, units));
  const weight = scope.parameter(`${name}.weight`, [units, features], startOf(features));
  return scope.builder.matmul(x, weight, { transposeB: true });
}

/**
 * Two dense layers with GELU between them, of a normalisation: what would be passes over all rows, its weight and bias and the
 * factors of GELU, the layers' own weights bear.
 * @param names of the two layers
 * @param units of the first and of the second
 */
export function feedForward(
  scope: NetworkScope,
  names: readonly [string, string],
  x: Affine,
  units: readonly [number, number],
): Tensor {
  const { builder } = scope;
  const half = (tensor: Tensor) => builder.multiply(tensor, Math.SQRT1_2);
  const first = takenIn(builder, x, ...learnt(scope, names[0], x.values.shape.at(-1)!, units[0]));
  const inner = builder.scaledGelu(builder.linear(x.values, half(first.weight), half(first.bias)));
  const [weight, bias] = learnt(scope, names[1], units[0], units[1]);
  return builder.linear(inner, half(weight), bias);
}

/** Weight [units, features] and bias [units]. */
function learnt(scope: NetworkScope, name: string, features: number, units: number): [Tensor, Tensor] {
  const start = startOf(features);
  return [scope.parameter(`${name}.weight`, [units, features], start), scope.parameter(`${name}.bias`, [units], start)];
}

const startOf = (features: number) => ({ kind: 'uniform', bound: 1 / Math.sqrt(features) }) as const;
