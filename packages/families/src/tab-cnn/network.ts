import { dense } from '@twostage/engines/graph/layers/dense';
import type { Network } from '@twostage/engines/graph/network';
import { convolutionBlock } from '../neural/convolutionBlock.ts';
import { featureInput } from '../neural/rows.ts';

export interface NetworkSize {
  readonly features: number;
  readonly channels: number;
  /** Places that the learnt order has. */
  readonly positions: number;
  readonly blocks: number;
  /** Taps of a convolution; odd. */
  readonly kernel: number;
  readonly dropout: number;
}

/**
 * Soft ordering: features have no order in which neighbours belong together, so a dense layer learns one, of `positions` places
 * with `channels` values each; residual blocks of convolutions over the places follow, and a linear map of all that comes out:
 * [batch, features] → [batch, 1].
 */
export function tabCnnNetwork({ features, channels, positions, blocks, kernel, dropout }: NetworkSize): Network {
  return (scope) => {
    const { builder, batchSize } = scope;
    const ordered = builder.relu(dense(scope, 'order', scope.input(featureInput, [features]), positions * channels));
    let x = builder.transpose(builder.reshape(ordered, [batchSize, positions, channels]), [1, 0, 2]);
    for (let block = 0; block < blocks; block++) {
      x = convolutionBlock(scope, `blocks.${block}`, x, channels, { width: kernel, sees: 'same', dropout });
    }
    const flat = builder.reshape(builder.transpose(x, [1, 0, 2]), [batchSize, positions * channels]);
    return dense(scope, 'head', flat, 1);
  };
}
