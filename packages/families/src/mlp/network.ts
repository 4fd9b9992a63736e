import { dense } from '@twostage/engines/graph/layers/dense';
import type { Network } from '@twostage/engines/graph/network';
import { type HiddenSize, hiddenLayers } from '../neural/hiddenLayers.ts';
import { featureInput } from '../neural/rows.ts';

export interface NetworkSize extends HiddenSize {
  readonly features: number;
}

/** Hidden layers, then a linear map: [batch, features] → [batch, 1]. */
export function mlpNetwork({ features, ...size }: NetworkSize): Network {
  return (scope) => dense(scope, 'head', hiddenLayers(scope, scope.input(featureInput, [features]), size), 1);
}
