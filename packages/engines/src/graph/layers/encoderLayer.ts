import type { Tensor } from '../ir.ts';
import type { NetworkScope } from '../network.ts';
import { type Attention, type AttentionSettings, multiHeadAttention } from './attention.ts';
import { feedForward } from './dense.ts';
import { normalisation } from './layerNormalisation.ts';

export interface EncoderLayerSettings extends Omit<AttentionSettings, 'normalised'> {
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
  { dropout, ...settings }: EncoderLayerSettings,
): Attention {
  const { builder } = scope;
  const [steps, , features] = x.shape as [number, number, number];
  const queries = settings.queries ?? steps;
  const { values, ...normalised } = normalisation(scope, `${name}.norm1`, x);
  const { output, weights } = multiHeadAttention(scope, `${name}.self_attn`, values, { ...settings, normalised });
  const asking = builder.slice(x, 0, steps - queries, steps);
  const attended = builder.add(asking, scope.dropout(output, dropout));
  const normed = normalisation(scope, `${name}.norm2`, attended);
  const fed = feedForward(scope, [`${name}.linear1`, `${name}.linear2`], normed, [settings.feedForward, features]);
  return { output: builder.add(attended, scope.dropout(fed, dropout)), weights };
}
