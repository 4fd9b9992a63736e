import type { Tensor } from '../ir.ts';
import type { NetworkScope } from '../network.ts';

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
  const initializer = { kind: 'uniform', bound: 1 / Math.sqrt(features) } as const;
  const weight = scope.parameter(`${name}.weight`, [units, features], initializer);
  if (!bias) return scope.builder.matmul(x, weight, { transposeB: true });
  return scope.builder.linear(x, weight, scope.parameter(`${name}.bias`, [units], initializer));
}
