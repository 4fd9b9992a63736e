import type { Tensor } from '../ir.ts';
import type { NetworkScope } from '../network.ts';
import { type Attention, type AttentionSettings, multiHeadAttention } from './attention.ts';
import { dense } from './dense.ts';
import { layerNormalisation } from './layerNormalisation.ts';

export interface EncoderLayerSettings extends AttentionSettings {
  /** Width of the inner layer of the feed-forward network. */
  readonly feedForward: number;
  /** Of what each of the two sublayers adds. */
  readonly dropout: number;
}

/**
 * Pre-norm encoder block (Vaswani et al. 2017; Xiong et al. 2020) over x [T, batch, features]: x + attention(norm x), then
 * x + feed-forward(norm x) with GELU. Named, laid out and started as torch.nn.TransformerEncoderLayer(norm_first=True);
 * its attention weights and inner units are not dropped out.
 * @returns what the last `queries` positions become
 */
export function encoderLayer(
  scope: NetworkScope,
  name: string,
  x: Tensor,
  { feedForward, dropout, ...settings }: EncoderLayerSettings,
): Attention {
  const { builder } = scope;
  const [steps, , features] = x.shape as [number, number, number];
  const queries = settings.queries ?? steps;
  const normed = layerNormalisation(scope, `${name}.norm1`, x);
  const { output, weights } = multiHeadAttention(scope, `${name}.self_attn`, normed, settings);
  const asking = builder.slice(x, 0, steps - queries, steps);
  const attended = builder.add(asking, scope.dropout(output, dropout));
  const inner = dense(scope, `${name}.linear1`, layerNormalisation(scope, `${name}.norm2`, attended), feedForward);
  const fed = dense(scope, `${name}.linear2`, builder.gelu(inner), features);
  return { output: builder.add(attended, scope.dropout(fed, dropout)), weights };
}
