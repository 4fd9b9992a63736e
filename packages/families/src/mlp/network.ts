import { batchNormalisation } from '@twostage/engines/graph/layers/batchNormalisation';
import { dense } from '@twostage/engines/graph/layers/dense';
import type { Network } from '@twostage/engines/graph/network';

export interface NetworkSize {
  readonly features: number;
  /** Of the first hidden layer; each further one is half as wide, but not below 4. */
  readonly hiddenUnits: number;
  readonly layers: number;
  readonly dropout: number;
}

/** Name of the network's input, [features]. */
export const featureInput = 'features';

/** Dense, batch normalisation, ReLU and dropout for each hidden layer, then a linear map: [batch, features] → [batch, 1]. */
export function mlpNetwork({ features, hiddenUnits, layers, dropout }: NetworkSize): Network {
  return (scope) => {
    let x = scope.input(featureInput, [features]);
    for (let layer = 0; layer < layers; layer++) {
      const units = Math.max(4, Math.floor(hiddenUnits / 2 ** layer));
      x = dense(scope, `hidden.${layer}`, x, units, { bias: false });
      x = batchNormalisation(scope, `norm.${layer}`, x);
      x = scope.dropout(scope.builder.relu(x), dropout);
    }
    return dense(scope, 'head', x, 1);
  };
}
