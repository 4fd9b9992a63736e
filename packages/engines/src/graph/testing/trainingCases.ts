import { readFileSync } from 'node:fs';
import { adamWDefaults, adamWHyper } from '../adamw.ts';
import { batchNormalisation } from '../layers/batchNormalisation.ts';
import { dense } from '../layers/dense.ts';
import { lstm } from '../layers/lstm.ts';
import { meanSquaredError } from '../losses.ts';
import type { Network } from '../network.ts';
import {
  type InferenceProgram,
  inferenceProgram,
  type TrainingProgram,
  trainingProgram,
  type Weights,
} from '../program.ts';
import type { RuntimeFactory } from '../runtime.ts';
import { initialWeights } from '../weights.ts';

/** The networks of golden/make_golden.py, parameters in the same order. */
const networks = {
  lstm: (scope) => {
    const x = scope.builder.transpose(scope.input('x', [7, 3]), [1, 0, 2]);
    return dense(scope, 'head', lstm(scope, 'second', lstm(scope, 'first', x, 5, 'sequence'), 4, 'last'), 1);
  },
  mlp: (scope) => {
    const { builder } = scope;
    const first = batchNormalisation(scope, '1', dense(scope, '0', scope.input('x', [6]), 16, { bias: false }));
    return dense(scope, '5', builder.relu(dense(scope, '3', builder.relu(first), 8)), 1);
  },
} satisfies Record<string, Network>;

export interface GoldenTraining {
  readonly clipNorm: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly batchSize: number;
  readonly start: { readonly data: number[] };
  readonly batches: readonly { readonly x: { readonly data: number[] }; readonly y: { readonly data: number[] } }[];
  readonly losses: readonly number[];
  readonly predictions: { readonly data: number[] };
}

export interface TrainingCase {
  readonly name: string;
  readonly training: TrainingProgram;
  readonly inference: InferenceProgram;
  readonly start: Weights;
  readonly golden: GoldenTraining;
}

/** Networks with PyTorch's losses of twenty AdamW steps, one batch in five partial, and its predictions afterwards. */
export function loadTrainingCases(): TrainingCase[] {
  const file = new URL('../golden/training.json', import.meta.url);
  const golden = JSON.parse(readFileSync(file, 'utf8')) as Record<keyof typeof networks, GoldenTraining>;
  return (Object.keys(networks) as (keyof typeof networks)[]).map((name) =>
    trainingCase(name, networks[name], golden[name]),
  );
}

/** Programs of a network beside what PyTorch made of it. */
export function trainingCase(name: string, network: Network, golden: GoldenTraining): TrainingCase {
  const { batchSize, clipNorm } = golden;
  const settings = { loss: meanSquaredError, targetShape: [], optimizer: adamWDefaults, clipNorm };
  const training = trainingProgram(network, batchSize, settings);
  const start = { ...initialWeights(training.spec, 0), parameters: Float32Array.from(golden.start.data) };
  return { name, training, inference: inferenceProgram(network, batchSize), start, golden };
}

/** What a runtime makes of a case: the loss of each step and the predictions for the first batch afterwards. */
export async function runTrainingCase(
  create: RuntimeFactory,
  { training, inference, start, golden }: TrainingCase,
  threads: number,
): Promise<{ losses: number[]; predictions: Float32Array; weights: Weights }> {
  const options = { threads, device: 'cpu', note: () => {} } as const;
  const runtime = await create({ training, inference, weights: start, options });
  try {
    const padded = (data: readonly number[], rows: number) => {
      const array = new Float32Array((data.length / rows) * golden.batchSize);
      // Padding that would show if it mattered.
      array.fill(3).set(data);
      return array;
    };
    const losses: number[] = [];
    const inputs = golden.batches.map(({ x, y }) => {
      const rows = y.data.length;
      const rowWeights = new Float32Array(golden.batchSize).fill(1, 0, rows);
      return { x: padded(x.data, rows), target: padded(y.data, rows), rowWeights };
    });
    for (let step = 1; step <= golden.losses.length; step++) {
      const hyper = adamWHyper(step, { ...adamWDefaults, ...golden });
      losses.push(await runtime.step(inputs[(step - 1) % inputs.length]!, hyper));
    }
    const predictions = await runtime.predict({ x: inputs[0]!.x });
    return { losses, predictions, weights: await runtime.weights() };
  } finally {
    await runtime.close();
  }
}
