import type { Tensor } from '../ir.ts';
import type { NetworkScope } from '../network.ts';

const epsilon = 1e-12;

/**
 * A dense layer, x [batch, in] → [batch, units], whose weight is divided by its largest singular value (Miyato et al. 2018), so
 * that it stretches no distance. That value comes from one power iteration a step, carried on from the step before, and
 * counts its singular vectors as constants, as torch.nn.utils.spectral_norm does. Inference takes the vectors as they are.
 */
export function spectrallyNormalisedDense(scope: NetworkScope, name: string, x: Tensor, units: number): Tensor {
  const { builder } = scope;
  const features = x.shape.at(-1)!;
  const initializer = { kind: 'uniform', bound: 1 / Math.sqrt(features) } as const;
  const weight = scope.parameter(`${name}.weight_orig`, [units, features], initializer);
  const bias = scope.parameter(`${name}.bias`, [units], initializer);
  let left = builder.reshape(scope.state(`${name}.weight_u`, [units], 1 / Math.sqrt(units)), [units, 1]);
  let right = builder.reshape(scope.state(`${name}.weight_v`, [features], 1 / Math.sqrt(features)), [features, 1]);
  if (scope.mode === 'training') {
    const now = scope.detached(`${name}.weight_orig`);
    const unit = (vector: Tensor) => {
      const length = builder.sqrt(builder.reduceSum(builder.square(vector)));
      return builder.divide(vector, builder.maximum(length, epsilon));
    };
    right = unit(builder.matmul(now, left, { transposeA: true }));
    left = unit(builder.matmul(now, right));
    scope.updateState(`${name}.weight_u`, builder.reshape(left, [units]));
    scope.updateState(`${name}.weight_v`, builder.reshape(right, [features]));
  }
  const largest = builder.reduceSum(builder.multiply(left, builder.matmul(weight, right)));
  return builder.linear(x, builder.divide(weight, largest), bias);
}
