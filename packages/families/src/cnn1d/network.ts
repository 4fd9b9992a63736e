import { dense } from '@twostage/engines/graph/layers/dense';
import { maximumOverSteps, meanOverSteps } from '@twostage/engines/graph/layers/pooling';
import type { Network } from '@twostage/engines/graph/network';
import { convolutionBlock } from '../neural/convolutionBlock.ts';
import { windowInput } from '../neural/rows.ts';

export interface NetworkSize {
  readonly lookback: number;
  readonly features: number;
  readonly channels: number;
  /** Residual blocks; the taps of each lie twice as far apart as those of the one before. */
  readonly blocks: number;
  /** Taps of a convolution. */
  readonly kernel: number;
  readonly dropout: number;
}

/**
 * Residual blocks of causal convolutions with dilations 1, 2, 4 …, then the mean and the maximum of each channel over the window
 * and a linear map of both: [batch, lookback, features] → [batch, 1]. The maximum tells whether a pattern occurs, wherever it
 * does, and the mean how often.
 */
export function cnn1dNetwork({ lookback, features, channels, blocks, kernel, dropout }: NetworkSize): Network {
  return (scope) => {
    const { builder } = scope;
    let x = builder.transpose(scope.input(windowInput, [lookback, features]), [1, 0, 2]);
    for (let block = 0; block < blocks; block++) {
      x = convolutionBlock(scope, `blocks.${block}`, x, channels, { width: kernel, dilation: 2 ** block, dropout });
    }
    const pooled = builder.concat([meanOverSteps(builder, x), maximumOverSteps(builder, x)], 1);
    return dense(scope, 'head', pooled, 1);
  };
}
