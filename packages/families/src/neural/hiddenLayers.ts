import { batchNormalisation } from '@twostage/engines/graph/layers/batchNormalisation';
import { dense } from '@twostage/engines/graph/layers/dense';
import type { Tensor } from '@twostage/engines/graph/ir';
import type { NetworkScope } from '@twostage/engines/graph/network';

export interface HiddenSize {
  /** Of the first hidden layer; each further one is half as wide, but not below 4. */
  readonly hiddenUnits: number;
  readonly layers: number;
  readonly dropout: number;
}

/** Dense, batch normalisation, ReLU and dropout for each layer: [batch, in] → [batch, units of the last one]. */
export function hiddenLayers(scope: NetworkScope, x: Tensor, { hiddenUnits, layers, dropout }: HiddenSize): Tensor {
  let y = x;
  for (let layer = 0; layer < layers; layer++) {
    const units = Math.max(4, Math.floor(hiddenUnits / 2 ** layer));
    y = dense(scope, `hidden.${layer}`, y, units, { bias: false });
    y = batchNormalisation(scope, `norm.${layer}`, y);
    y = scope.dropout(scope.builder.relu(y), dropout);
  }
  return y;
}
