import type { Tensor } from '../ir.ts';
import type { NetworkScope } from '../network.ts';

/**
 * Continuous features as tokens (Gorishniy et al. 2021): token j is xⱼ · weightⱼ + biasⱼ, and a learnt token of its own, [CLS],
 * comes last. Started as there: uniform within 1 / √width.
 * @param x [batch, features]
 * @returns [features + 1, batch, width]
 */
export function featureTokens(scope: NetworkScope, name: string, x: Tensor, width: number): Tensor {
  const { builder } = scope;
  const [batch, features] = x.shape as [number, number];
  const initializer = { kind: 'uniform', bound: 1 / Math.sqrt(width) } as const;
  const weight = scope.parameter(`${name}.weight`, [features, width], initializer);
  const bias = scope.parameter(`${name}.bias`, [features, width], initializer);
  const cls = scope.parameter(`${name}.cls`, [width], initializer);
  // Products of [xⱼ, 1] with [weightⱼ; biasⱼ]: their gradient is a product too, not a sum over the batch.
  const values = builder.reshape(builder.transpose(x, [1, 0]), [features, batch, 1]);
  const withOne = builder.concat([values, builder.fill([features, batch, 1], 1)], 2);
  const rows = [weight, bias].map((rows) => builder.reshape(rows, [features, 1, width]));
  const tokens = builder.matmul(withOne, builder.concat(rows, 1));
  return builder.concat([tokens, builder.broadcast(cls, [1, batch, width])], 0);
}
