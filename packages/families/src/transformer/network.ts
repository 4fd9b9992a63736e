import type { Tensor } from '@twostage/engines/graph/ir';
import { dense } from '@twostage/engines/graph/layers/dense';
import { encoderLayer } from '@twostage/engines/graph/layers/encoderLayer';
import { layerNormalisation } from '@twostage/engines/graph/layers/layerNormalisation';
import { learntPositions } from '@twostage/engines/graph/layers/positions';
import type { NetworkScope } from '@twostage/engines/graph/network';
import { windowInput } from '../neural/rows.ts';

export interface NetworkSize {
  readonly lookback: number;
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
  /** Of the last layer: how much the last bar looks at each bar of the window, [batch · heads, 1, lookback]. */
  readonly attention: Tensor;
}

/**
 * Pre-norm encoder over the bars of a window: linear embedding, learnt positions, causal self-attention, and a linear map of
 * what the last bar has become. The last layer is computed for the last bar alone, since no other is read.
 */
export function transformer(scope: NetworkScope, size: NetworkSize): Reading {
  const { lookback, features, width, heads, layers, feedForward, dropout } = size;
  const { builder } = scope;
  const window = builder.transpose(scope.input(windowInput, [lookback, features]), [1, 0, 2]);
  let x = learntPositions(scope, 'positions', dense(scope, 'embedding', window, width));
  let attention = x;
  for (let layer = 0; layer < layers; layer++) {
    const queries = layer === layers - 1 ? 1 : lookback;
    const settings = { heads, feedForward, dropout, causal: true, queries };
    const block = encoderLayer(scope, `encoder.layers.${layer}`, x, settings);
    x = block.output;
    attention = block.weights;
  }
  const last = builder.reshape(layerNormalisation(scope, 'encoder.norm', x), [scope.batchSize, width]);
  return { output: dense(scope, 'head', last, 1), attention };
}
