import type { Tensor } from '../ir.ts';
import type { NetworkScope } from '../network.ts';

/** x [T, batch, features] plus a learnt vector a position, as Gehring et al. 2017; parameter `name` is [T, features]. */
export function learntPositions(scope: NetworkScope, name: string, x: Tensor): Tensor {
  const [steps, , features] = x.shape as [number, number, number];
  const bound = 1 / Math.sqrt(features);
  const positions = scope.parameter(name, [steps, features], { kind: 'uniform', bound });
  return scope.builder.add(x, scope.builder.reshape(positions, [steps, 1, features]));
}
