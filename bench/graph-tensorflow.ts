/**
 * Milliseconds a training step of a 64-256-128-1 MLP: the graph engine on native TensorFlow beside a Keras model in tf.function and
 * beside PyTorch with fused AdamW, in one run; ours and Keras with a call a step and with several steps a call. They take turns, and the best round's median counts: what else the machine does
 * falls on all.
 *   PYTHON=python3 node --import tsx bench/graph-tensorflow.ts [threads] [steps] [rounds]
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Random } from '@twostage/core/random';
import { adamWDefaults, adamWHyper, hyperLength } from '@twostage/engines/graph/adamw';
import { dense } from '@twostage/engines/graph/layers/dense';
import { meanSquaredError } from '@twostage/engines/graph/losses';
import type { Network } from '@twostage/engines/graph/network';
import { inferenceProgram, trainingProgram } from '@twostage/engines/graph/program';
import { createTensorFlowRuntime } from '@twostage/engines/graph/tensorflow/runtime';
import { initialWeights } from '@twostage/engines/graph/weights';

const [features, batch] = [64, 256];
const [threads, steps, rounds] = [2, 500, 5].map((fallback, i) => Number(process.argv[2 + i] ?? fallback)) as [
  number,
  number,
  number,
];
const optimizer = { ...adamWDefaults, learningRate: 1e-3, weightDecay: 1e-2 };
/** Without these the allocator gives memory back to the system at each step. */
const keepMemory = { MALLOC_MMAP_THRESHOLD_: '1073741824', MALLOC_TRIM_THRESHOLD_: '1073741824' };

const network: Network = (scope) => {
  const { builder } = scope;
  const first = builder.relu(dense(scope, '0', scope.input('x', [features]), 256));
  return dense(scope, '4', builder.relu(dense(scope, '2', first, 128)), 1);
};

interface Measured {
  readonly version: string;
  readonly ms: readonly number[];
}

async function ours(stepsACall: 'one' | 'several'): Promise<Measured> {
  const settings = { loss: meanSquaredError, targetShape: [], optimizer, clipNorm: 0 };
  const training = trainingProgram(network, batch, settings);
  const runtime = await createTensorFlowRuntime({
    training,
    inference: inferenceProgram(network, batch),
    weights: initialWeights(training.spec, 1),
    options: { threads, device: 'cpu', note: console.error },
  });
  const several = stepsACall === 'several' ? runtime.several! : null;
  const count = several?.count ?? 1;
  const random = new Random(1);
  const normal = (length: number) => Float32Array.from({ length: count * length }, () => random.normal());
  const rowWeights = new Float32Array(count * batch).fill(1);
  const feeds = { x: normal(batch * features), target: normal(batch), rowWeights };
  const hyper = new Float32Array(count * hyperLength);
  const ms: number[] = [];
  for (let step = 1; step <= 2 * steps; step += count) {
    const begin = performance.now();
    for (let i = 0; i < count; i++) hyper.set(adamWHyper(step + i, optimizer), i * hyperLength);
    await (several ? several.step(feeds, hyper) : runtime.step(feeds, hyper));
    if (step > steps) ms.push((performance.now() - begin) / count);
  }
  await runtime.close();
  return { version: `${runtime.description}, ${count} a call`, ms };
}

function reference(engine: 'keras' | 'keras-several' | 'torch'): Measured {
  const script = fileURLToPath(new URL('graph-tensorflow.py', import.meta.url));
  const output = execFileSync(process.env.PYTHON ?? 'python3', [script, engine, String(threads), String(steps)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...keepMemory },
  });
  return JSON.parse(output.trim().split('\n').at(-1)!) as Measured;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;

const contenders = {
  'graph engine': () => ours('several'),
  'graph engine, a step a call': () => ours('one'),
  'Keras, tf.function': async () => reference('keras'),
  'Keras, 4 steps a call': async () => reference('keras-several'),
  'PyTorch, fused AdamW': async () => reference('torch'),
};
const best = new Map<string, { version: string; ms: number }>();
for (let round = 0; round < rounds; round++) {
  for (const [name, measure] of Object.entries(contenders)) {
    const { version, ms } = await measure();
    best.set(name, { version, ms: Math.min(best.get(name)?.ms ?? Number.POSITIVE_INFINITY, median(ms)) });
  }
}
console.log(
  `one AdamW step, MLP 64-256-128-1, float32, batch ${batch}, ${threads} threads; best of ${rounds} medians of ${steps}\n`,
);
const mine = best.get('graph engine')!.ms;
for (const [name, { version, ms }] of best) {
  const ratio = name === 'graph engine' ? '' : `ratio ${(mine / ms).toFixed(2)}`;
  console.log(`${name.padEnd(28)} ${ms.toFixed(3).padStart(7)} ms   ${ratio.padEnd(12)} ${version}`);
}
