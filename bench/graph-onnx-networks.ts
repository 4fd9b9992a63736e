/** The networks of graph-onnx.ts; graph-onnx.py has the same in PyTorch, parameters in the same order. */
import { conv1d } from '@twostage/engines/graph/layers/conv1d';
import { dense } from '@twostage/engines/graph/layers/dense';
import { encoderLayer } from '@twostage/engines/graph/layers/encoderLayer';
import { lstm } from '@twostage/engines/graph/layers/lstm';
import type { Network, NetworkScope } from '@twostage/engines/graph/network';

export interface BenchNetwork {
  /** Of one row of the input `x`. */
  readonly shape: readonly number[];
  readonly network: Network;
}

const [steps, features, units] = [32, 32, 64];

/** x [T, batch, features] */
const window = (scope: NetworkScope) => scope.builder.transpose(scope.input('x', [steps, features]), [1, 0, 2]);

export const networks: Readonly<Record<string, BenchNetwork>> = {
  mlp: {
    shape: [64],
    network: (scope) => {
      const { builder } = scope;
      const first = builder.relu(dense(scope, '0', scope.input('x', [64]), 256));
      return dense(scope, '4', builder.relu(dense(scope, '2', first, 128)), 1);
    },
  },
  transformer: {
    shape: [steps, features],
    network: (scope) => {
      const settings = { heads: 4, feedForward: 128, dropout: 0 };
      let x = dense(scope, 'embedding', window(scope), units);
      for (const layer of [0, 1]) x = encoderLayer(scope, `encoder.${layer}`, x, settings).output;
      return dense(scope, 'head', scope.builder.reduceMean(x, [0]), 1);
    },
  },
  cnn: {
    shape: [steps, features],
    network: (scope) => {
      const { builder } = scope;
      const first = builder.relu(conv1d(scope, 'first', window(scope), units, { width: 3 }));
      const second = builder.relu(conv1d(scope, 'second', first, units, { width: 3 }));
      return dense(scope, 'head', builder.reduceMean(second, [0]), 1);
    },
  },
  lstm: {
    shape: [steps, features],
    network: (scope) => dense(scope, 'head', lstm(scope, 'lstm', window(scope), units, 'last'), 1),
  },
};
