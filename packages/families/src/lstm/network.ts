import type { Tensor } from '@twostage/engines/graph/ir';
import { dense } from '@twostage/engines/graph/layers/dense';
import { lstm } from '@twostage/engines/graph/layers/lstm';
import type { Network } from '@twostage/engines/graph/network';
import { windowInput } from '../neural/rows.ts';

export interface NetworkSize {
  readonly lookback: number;
  readonly features: number;
  readonly hiddenUnits: number;
  readonly layers: number;
  readonly dropout: number;
}

/** LSTM layers stacked on each other, then a linear map of the last hidden state: [batch, lookback, features] → [batch, 1]. */
export function lstmNetwork({ lookback, features, hiddenUnits, layers, dropout }: NetworkSize): Network {
  return (scope) => {
    let x: Tensor = scope.builder.transpose(scope.input(windowInput, [lookback, features]), [1, 0, 2]);
    for (let layer = 0; layer < layers; layer++) {
      x = lstm(scope, `lstm.${layer}`, x, hiddenUnits, layer === layers - 1 ? 'last' : 'sequence');
      x = scope.dropout(x, dropout);
    }
    return dense(scope, 'head', x, 1);
  };
}
