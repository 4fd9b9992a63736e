import type { Tensor } from '@twostage/engines/graph/ir';
import { dense } from '@twostage/engines/graph/layers/dense';
import { encoderLayer } from '@twostage/engines/graph/layers/encoderLayer';
import { featureTokens } from '@twostage/engines/graph/layers/featureTokens';
import { layerNormalisation } from '@twostage/engines/graph/layers/layerNormalisation';
import type { NetworkScope } from '@twostage/engines/graph/network';
import { featureInput } from '../neural/rows.ts';

export interface NetworkSize {
  readonly features: number;
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  readonly feedForward: number;
  readonly dropout: number;
}

export interface Reading {
  /** [batch, 1] */
  readonly output: Tensor;
  /** A layer, from first to last: how much each token looks at each, [batch · heads, queries, features + 1]; [CLS] is last. */
  readonly attention: readonly Tensor[];
}

/**
 * Features as tokens, pre-norm attention across them, and a linear map of what the [CLS] token has become. The last layer is
 * computed for that token alone, since no other is read.
 */
export function tabTransformer(scope: NetworkScope, size: NetworkSize): Reading {
  const { features, width, heads, layers, feedForward, dropout } = size;
  let x = featureTokens(scope, 'tokenizer', scope.input(featureInput, [features]), width);
  const attention: Tensor[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const queries = layer === layers - 1 ? 1 : features + 1;
    const block = encoderLayer(scope, `encoder.layers.${layer}`, x, { heads, feedForward, dropout, queries });
    x = block.output;
    attention.push(block.weights);
  }
  const cls = scope.builder.reshape(layerNormalisation(scope, 'encoder.norm', x), [scope.batchSize, width]);
  return { output: dense(scope, 'head', scope.builder.relu(cls), 1), attention };
}
