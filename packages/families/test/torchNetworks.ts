import { adamWDefaults } from '@twostage/engines/graph/adamw';
import { meanSquaredError } from '@twostage/engines/graph/losses';
import type { Network } from '@twostage/engines/graph/network';
import { createOnnxRuntime } from '@twostage/engines/graph/onnx/runtime';
import { inferenceProgram, trainingProgram } from '@twostage/engines/graph/program';
import type { RuntimeOptions } from '@twostage/engines/graph/runtime';
import { initialWeights } from '@twostage/engines/graph/weights';
import { onTestFinished } from 'vitest';
import { cnn1dNetwork } from '../src/cnn1d/network.ts';
import { lstmNetwork } from '../src/lstm/network.ts';
import golden from '../src/neural/golden/golden.json' with { type: 'json' };
import { featureInput, windowInput } from '../src/neural/rows.ts';
import { tabCnnNetwork } from '../src/tab-cnn/network.ts';
import { tabLstm } from '../src/tab-lstm/network.ts';
import { tabTransformer } from '../src/tab-transformer/network.ts';
import { transformer } from '../src/transformer/network.ts';

const [features, lookback, batchSize] = [3, 6, 16] as const;
const common = { features, lookback, dropout: 0 };
const encoder = { ...common, width: 8, heads: 2, layers: 2, feedForward: 12 };
/** As golden/make.py has them. */
const networks: Record<keyof typeof golden, Network> = {
  CNN1D: cnn1dNetwork({ ...common, channels: 8, blocks: 2, kernel: 3 }),
  LSTM: lstmNetwork({ ...common, hiddenUnits: 8, layers: 2 }),
  Transformer: (scope) => transformer(scope, encoder).output,
  TabCNN: tabCnnNetwork({ ...common, channels: 4, positions: 5, blocks: 1, kernel: 3 }),
  TabLSTM: (scope) => tabLstm(scope, { ...common, hiddenUnits: 8, embeddingUnits: 5 }).output,
  TabTransformer: (scope) => tabTransformer(scope, encoder).output,
};
export const optimizer = { ...adamWDefaults, learningRate: 0.01, weightDecay: 0.01 };

export type TorchNetwork = keyof typeof golden;
export const torchNetworks = Object.keys(golden) as TorchNetwork[];

/** A small network of the Torch group as PyTorch had it, at its start, with the batches PyTorch was given. */
export async function openTorchNetwork(name: TorchNetwork, options: RuntimeOptions) {
  const settings = { loss: meanSquaredError, targetShape: [], optimizer, clipNorm: 0 };
  const training = trainingProgram(networks[name], batchSize, settings);
  const start = golden[name].start as Record<string, number[]>;
  const weights = initialWeights(training.spec, 1);
  for (const { name: parameter, offset } of training.spec.parameters) {
    // PyTorch's gates have two biases, as these have.
    weights.parameters.set(start[parameter]!, offset);
  }
  const inference = inferenceProgram(networks[name], batchSize);
  const runtime = await createOnnxRuntime({ training, inference, weights, options });
  onTestFinished(() => runtime.close());
  const declared = new Set(training.spec.inputs.map((input) => input.name));
  const feeds = golden[name].batches.map(([window, row, target]) => {
    const rows = target!.length;
    const padded = (values: number[]) => {
      const whole = new Float32Array((values.length / rows) * batchSize).fill(3);
      whole.set(values);
      return whole;
    };
    return {
      ...(declared.has(windowInput) && { [windowInput]: padded(window!) }),
      ...(declared.has(featureInput) && { [featureInput]: padded(row!) }),
      target: padded(target!),
      rowWeights: new Float32Array(batchSize).fill(1, 0, rows),
    };
  });
  return { runtime, training, weights, feeds };
}
