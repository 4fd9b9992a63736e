/**
 * Milliseconds a training step: the graph engine on ONNX Runtime beside PyTorch with fused AdamW, in one run. They take turns,
 * and the best round of each counts: what else the machine does falls on both.
 *   PYTHON=python3 node --import tsx bench/graph-onnx.ts [threads] [steps] [rounds] [network,…] [batch,…]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from '@twostage/core/random';
import { adamWDefaults, adamWHyper } from '@twostage/engines/graph/adamw';
import { meanSquaredError } from '@twostage/engines/graph/losses';
import { createOnnxRuntime } from '@twostage/engines/graph/onnx/runtime';
import { inferenceProgram, trainingProgram } from '@twostage/engines/graph/program';
import type { StepRuntime } from '@twostage/engines/graph/runtime';
import { initialWeights } from '@twostage/engines/graph/weights';
import { networks } from './graph-onnx-networks.ts';

const batches = 8;
/** Losses of so many steps are compared with PyTorch's in float64. */
const comparedSteps = 20;
const [threads, steps, rounds] = [2, 200, 5].map((fallback, i) => Number(process.argv[2 + i] ?? fallback)) as [
  number,
  number,
  number,
];
const names = process.argv[5]?.split(',') ?? Object.keys(networks);
const sizes = process.argv[6]?.split(',').map(Number) ?? [256, 512];
const optimizer = { ...adamWDefaults, learningRate: 1e-3, weightDecay: 1e-2 };

/** One network with one batch size; its data and start lie in files for PyTorch. */
class Contest {
  readonly label: string;
  readonly #x: readonly Float32Array[];
  readonly #y: readonly Float32Array[];
  #runtime = '';
  #ours = Infinity;
  #theirs = Infinity;
  #difference = 0;

  constructor(
    readonly directory: string,
    readonly name: string,
    readonly batch: number,
  ) {
    this.label = `${name}.${batch}`;
    const width = networks[name]!.shape.reduce((product, length) => product * length, 1);
    const random = new Random(name.length);
    const normal = () => Float32Array.from({ length: batch * width }, () => random.normal());
    this.#x = Array.from({ length: batches }, normal);
    this.#y = this.#x.map((rows) =>
      Float32Array.from({ length: batch }, (_, i) => 0.5 * rows[i * width]! + 0.3 * rows[i * width + 1]!),
    );
    this.#write('x', this.#x);
    this.#write('y', this.#y);
    this.#write('start', [initialWeights(this.#training().spec, 1).parameters]);
  }

  /** A round of each. */
  async turn(): Promise<void> {
    const { losses, ms } = await this.#run();
    this.#ours = Math.min(this.#ours, median(ms));
    const script = fileURLToPath(new URL('graph-onnx.py', import.meta.url));
    const compared = this.#theirs === Infinity ? comparedSteps : 0;
    const values = [this.directory, threads, steps, compared, this.name, this.batch].map(String);
    execFileSync(process.env.PYTHON ?? 'python3', [script, ...values], {
      stdio: 'inherit',
      env: { ...process.env, ...keepMemory },
    });
    this.#theirs = Math.min(this.#theirs, median(this.#read('times')));
    const differences = Array.from(this.#read('losses'), (loss, i) => Math.abs(losses[i]! / loss - 1));
    this.#difference = Math.max(this.#difference, ...differences);
  }

  row(): string {
    const ratio = (this.#ours / this.#theirs).toFixed(2);
    const figures = [this.#ours.toFixed(2).padEnd(9), this.#theirs.toFixed(2).padEnd(12), ratio.padEnd(7)];
    const head = [this.name.padEnd(12), String(this.batch).padEnd(7)];
    return [...head, ...figures, this.#difference.toExponential(1).padEnd(28), this.#runtime].join(' ');
  }

  async #run(): Promise<{ losses: number[]; ms: number[] }> {
    const training = this.#training();
    const runtime: StepRuntime = await createOnnxRuntime({
      training,
      inference: inferenceProgram(networks[this.name]!.network, this.batch),
      weights: initialWeights(training.spec, 1),
      options: { threads, device: 'cpu', note: console.error },
    });
    this.#runtime = runtime.description;
    const rowWeights = new Float32Array(this.batch).fill(1);
    const [losses, ms]: [number[], number[]] = [[], []];
    for (let step = 0; step < steps; step++) {
      const begin = performance.now();
      const feeds = { x: this.#x[step % batches]!, target: this.#y[step % batches]!, rowWeights };
      losses.push(await runtime.step(feeds, adamWHyper(step + 1, optimizer)));
      ms.push(performance.now() - begin);
    }
    await runtime.close();
    return { losses, ms: ms.slice(steps / 4) };
  }

  #training() {
    const settings = { loss: meanSquaredError, targetShape: [], optimizer, clipNorm: 0 };
    return trainingProgram(networks[this.name]!.network, this.batch, settings);
  }

  #write(suffix: string, arrays: readonly Float32Array[]): void {
    const bytes = Buffer.concat(arrays.map((array) => Buffer.from(array.buffer)));
    writeFileSync(join(this.directory, `${this.label}.${suffix}`), bytes);
  }

  #read(suffix: string): Float64Array {
    const bytes = readFileSync(join(this.directory, `${this.label}.${suffix}`));
    return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  }
}

const median = (values: ArrayLike<number>) => Array.from(values).sort((a, b) => a - b)[values.length >> 1]!;

/** PyTorch at its best: without these its allocator gives memory back to the system at each step. */
const keepMemory = { MALLOC_MMAP_THRESHOLD_: '1073741824', MALLOC_TRIM_THRESHOLD_: '1073741824' };
const directory = mkdtempSync(join(tmpdir(), 'graph-onnx-'));
try {
  const contests = names.flatMap((name) => sizes.map((batch) => new Contest(directory, name, batch)));
  for (let round = 0; round < rounds; round++) for (const contest of contests) await contest.turn();
  console.log(`one AdamW step, float32, ${threads} threads; best of ${rounds} medians of ${steps} steps\n`);
  console.log('network      batch   ONNX ms   PyTorch ms   ratio   20 losses differ by at most  by');
  for (const contest of contests) console.log(contest.row());
} finally {
  rmSync(directory, { recursive: true });
}
