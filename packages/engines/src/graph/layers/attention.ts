import { DomainError } from '@twostage/core/errors';
import type { GraphBuilder } from '../builder.ts';
import type { Tensor } from '../ir.ts';
import type { NetworkScope } from '../network.ts';
import { type Affine, takenIn } from './layerNormalisation.ts';

export interface AttentionSettings {
  readonly heads: number;
  /** A position sees itself and those before it. */
  readonly causal?: boolean;
  /** How many of the last positions ask, all if not given: what nobody reads is not computed. */
  readonly queries?: number;
  /** Weight and bias [features] of the normalisation that x came out of, not yet applied to it. */
  readonly normalised?: Omit<Affine, 'values'>;
}

export interface Attention {
  /** [queries, batch, features] */
  readonly output: Tensor;
  /** How much each query looks at each position: [batch · heads, queries, T], rows sum to 1. */
  readonly weights: Tensor;
}

/** Far below any score, yet finite: e to its power is 0. */
const masked = -1e9;

/**
 * Scaled dot-product attention of several heads (Vaswani et al. 2017) of x [T, batch, features] on itself, named, laid out
 * and started as torch.nn.MultiheadAttention.
 * @throws DomainError INVALID_INPUT if the heads do not divide the features
 */
export function multiHeadAttention(
  scope: NetworkScope,
  name: string,
  x: Tensor,
  { heads, causal = false, queries = x.shape[0]!, normalised }: AttentionSettings,
): Attention {
  const { builder } = scope;
  const [steps, batch, features] = x.shape as [number, number, number];
  if (features % heads !== 0) {
    throw new DomainError('INVALID_INPUT', `attention heads divide the width ${features}, got ${heads} heads`);
  }
  const zero = { kind: 'constant', value: 0 } as const;
  const uniform = (bound: number) => ({ kind: 'uniform', bound }) as const;
  const inWeight = scope.parameter(
    `${name}.in_proj_weight`,
    [3 * features, features],
    uniform(Math.sqrt(6 / (4 * features))),
  );
  const inBias = scope.parameter(`${name}.in_proj_bias`, [3 * features], zero);
  const outWeight = scope.parameter(`${name}.out_proj.weight`, [features, features], uniform(1 / Math.sqrt(features)));
  const outBias = scope.parameter(`${name}.out_proj.bias`, [features], zero);

  const width = features / heads;
  const thirds = [features, features, features];
  const projection = normalised ? takenIn(builder, normalised, inWeight, inBias) : { weight: inWeight, bias: inBias };
  const [wq, wk, wv] = builder.split(projection.weight, 0, thirds) as [Tensor, Tensor, Tensor];
  const [bq, bk, bv] = builder.split(projection.bias, 0, thirds) as [Tensor, Tensor, Tensor];
  // Heads lie beside each other in a row: [T, batch · heads, width] is no copy.
  const byHead = (source: Tensor, weight: Tensor, bias: Tensor) => {
    const rows = builder.linear(source, weight, bias);
    return builder.transpose(builder.reshape(rows, [source.shape[0]!, batch * heads, width]), [1, 0, 2]);
  };
  const asking = builder.slice(x, 0, steps - queries, steps);
  const scale = 1 / Math.sqrt(width);
  const q = byHead(asking, builder.multiply(wq, scale), builder.multiply(bq, scale));
  const scores = builder.matmul(q, byHead(x, wk, bk), { transposeB: true });
  // The last position sees all of them.
  const seen = causal && queries > 1 ? builder.add(scores, causalMask(builder, queries, steps)) : scores;
  const weights = builder.softmax(seen);
  const mixed = builder.transpose(builder.matmul(weights, byHead(x, wv, bv)), [1, 0, 2]);
  const output = builder.linear(builder.reshape(mixed, [queries, batch, features]), outWeight, outBias);
  return { output, weights };
}

/** [queries, steps]: 0 where a query may look, else `masked`; queries are the last steps. */
function causalMask(builder: GraphBuilder, queries: number, steps: number): Tensor {
  const mask = new Float32Array(queries * steps);
  for (let query = 0; query < queries; query++)
    mask.fill(masked, query * steps + steps - queries + query + 1, (query + 1) * steps);
  return builder.constant([queries, steps], mask);
}
