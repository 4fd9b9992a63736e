/**
 * Milliseconds a training step: the graph engine on ONNX Runtime beside PyTorch with fused AdamW, in one run. They take turns,
 * and the best round of each counts: what else the machine does falls on both.
 *   PYTHON=python3 node --import tsx bench/graph-onnx.ts [threads] [steps]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from '@twostage/core/random';
import { adamWDefaults, adamWHyper } from '@twostage/engines/graph/adamw';
import { dense } from '@twostage/engines/graph/layers/dense';
import { lstm } from '@twostage/engines/graph/layers/lstm';
import { meanSquaredError } from '@twostage/engines/graph/losses';
import type { Network } from '@twostage/engines/graph/network';
import { createOnnxRuntime } from '@twostage/engines/graph/onnx/runtime';
import { inferenceProgram, trainingProgram } from '@twostage/engines/graph/program';
import { initialWeights } from '@twostage/engines/graph/weights';

const batch = 256;
const batches = 8;
const rounds = 5;
const [threads, steps] = [Number(process.argv[2] ?? 2), Number(process.argv[3] ?? 200)];
const optimizer = { ...adamWDefaults, learningRate: 1e-3, weightDecay: 1e-2 };

const networks: Record<string, { shape: number[]; network: Network }> = {
  lstm: {
    shape: [32, 32],
    network: (scope) => {
      const x = scope.builder.transpose(scope.input('x', [32, 32]), [1, 0, 2]);
      return dense(scope, 'head', lstm(scope, 'lstm', x, 64, 'last'), 1);
    },
  },
  mlp: {
    shape: [64],
    network: (scope) => {
      const { builder } = scope;
      const first = builder.relu(dense(scope, '0', scope.input('x', [64]), 256));
      return dense(scope, '4', builder.relu(dense(scope, '2', first, 128)), 1);
    },
  },
};

function data(name: string, width: number): { x: Float32Array[]; y: Float32Array[] } {
  const random = new Random(name.length);
  const x = Array.from({ length: batches }, () => Float32Array.from({ length: batch * width }, () => random.normal()));
  const y = x.map((rows) =>
    Float32Array.from({ length: batch }, (_, i) => 0.5 * rows[i * width]! + 0.3 * rows[i * width + 1]!),
  );
  return { x, y };
}

async function ours(directory: string, name: string): Promise<{ losses: number[]; times: number[] }> {
  const { network, shape } = networks[name]!;
  const { x, y } = data(
    name,
    shape.reduce((product, length) => product * length, 1),
  );
  const settings = { loss: meanSquaredError, targetShape: [], optimizer, clipNorm: 0 };
  const training = trainingProgram(network, batch, settings);
  const weights = initialWeights(training.spec, 1);
  const write = (suffix: string, arrays: Float32Array[]) =>
    writeFileSync(
      join(directory, `${name}.${suffix}`),
      Buffer.concat(arrays.map((array) => Buffer.from(array.buffer))),
    );
  write('x', x);
  write('y', y);
  write('start', [weights.parameters]);
  const options = { threads, device: 'cpu', note: console.error } as const;
  const runtime = await createOnnxRuntime({ training, inference: inferenceProgram(network, batch), weights, options });
  const rowWeights = new Float32Array(batch).fill(1);
  const [losses, times]: [number[], number[]] = [[], []];
  for (let step = 0; step < steps; step++) {
    const begin = performance.now();
    const feeds = { x: x[step % batches]!, target: y[step % batches]!, rowWeights };
    losses.push(await runtime.step(feeds, adamWHyper(step + 1, optimizer)));
    times.push(performance.now() - begin);
  }
  await runtime.close();
  return { losses, times: times.slice(steps / 4) };
}

function read(directory: string, file: string): Float64Array {
  const bytes = readFileSync(join(directory, file));
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

const median = (values: ArrayLike<number>) => Array.from(values).sort((a, b) => a - b)[values.length >> 1]!;

/** PyTorch at its best: without these its allocator gives memory back to the system at each step. */
const keepMemory = { MALLOC_MMAP_THRESHOLD_: '1073741824', MALLOC_TRIM_THRESHOLD_: '1073741824' };
const directory = mkdtempSync(join(tmpdir(), 'graph-onnx-'));
try {
  const names = Object.keys(networks);
  const best = new Map(names.map((name) => [name, { ours: Infinity, theirs: Infinity, difference: 0 }]));
  for (let round = 0; round < rounds; round++) {
    const results = new Map<string, { losses: number[]; times: number[] }>();
    for (const name of names) results.set(name, await ours(directory, name));
    const script = fileURLToPath(new URL('graph-onnx.py', import.meta.url));
    const env = { ...process.env, ...keepMemory };
    const python = process.env.PYTHON ?? 'python3';
    execFileSync(python, [script, directory, String(threads), String(steps)], { stdio: 'inherit', env });
    for (const [name, { losses, times }] of results) {
      const row = best.get(name)!;
      row.ours = Math.min(row.ours, median(times));
      row.theirs = Math.min(row.theirs, median(read(directory, `${name}.times`)));
      const reference = read(directory, `${name}.losses`);
      row.difference = Math.max(...Array.from(reference, (loss, i) => Math.abs(losses[i]! / loss - 1)));
    }
  }
  console.log(
    `one AdamW step, float32, batch ${batch}, ${threads} threads; best of ${rounds} medians of ${steps} steps\n`,
  );
  console.log('network   ONNX ms   PyTorch ms   ratio   20 losses differ by at most');
  for (const [name, { ours: mine, theirs, difference }] of best) {
    const columns = [name.padEnd(9), mine.toFixed(2).padEnd(9), theirs.toFixed(2).padEnd(12)];
    console.log([...columns, (mine / theirs).toFixed(2).padEnd(7), difference.toExponential(1)].join(' '));
  }
} finally {
  rmSync(directory, { recursive: true });
}
