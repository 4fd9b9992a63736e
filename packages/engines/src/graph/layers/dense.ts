import type { Tensor } from '../ir.ts';
import type { NetworkScope } from '../network.ts';

/**
 * x [batch, in] · weightᵀ + bias → [batch, units]; named and laid out as torch.nn.Linear does, and started as it starts:
 * weight and bias uniform within 1 / √in.
 */
export function dense(scope: NetworkScope, name: string, x: Tensor, units: number): Tensor {
  const features = x.shape.at(-1)!;
  const initializer = { kind: 'uniform', bound: 1 / Math.sqrt(features) } as const;
  const weight = scope.parameter(`${name}.weight`, [units, features], initializer);
  const bias = scope.parameter(`${name}.bias`, [units], initializer);
  return scope.builder.linear(x, weight, bias);
}
