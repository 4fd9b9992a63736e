/**
 * Milliseconds a training step: the graph engine on ONNX Runtime beside PyTorch with fused AdamW, in one run. They take turns,
 * and the best round of each counts; ours takes several steps by one call where training does: what else the machine does falls on both.
 *   PYTHON=python3 node --import tsx bench/graph-onnx.ts [threads] [steps] [rounds] [network,…] [batch,…]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from '@twostage/core/random';
import { adamWDefaults, adamWHyper, hyperLength } from '@twostage/engines/graph/adamw';
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
    const { several } = runtime;
    const count = several?.count ?? 1;
    const calls = Math.ceil(steps / count);
    const feeds = Array.from({ length: batches }, (_, first) => ({
      x: this.#stacked(this.#x, first, count),
      target: this.#stacked(this.#y, first, count),
      rowWeights: new Float32Array(count * this.batch).fill(1),
    }));
    const [losses, ms]: [number[], number[]] = [[], []];
    for (let call = 0; call < calls; call++) {
      const begin = performance.now();
      const fed = feeds[(call * count) % batches]!;
      const hyper = new Float32Array(count * hyperLength);
      for (let i = 0; i < count; i++) hyper.set(adamWHyper(call * count + i + 1, optimizer), i * hyperLength);
      if (several) losses.push(...(await several.step(fed, hyper)));
      else losses.push(await runtime.step(fed, hyper));
      ms.push((performance.now() - begin) / count);
    }
    await runtime.close();
    return { losses, ms: ms.slice(calls / 4) };
  }

  /** Batches one after the other, from a first one on. */
  #stacked(arrays: readonly Float32Array[], first: number, count: number): Float32Array {
    const all = new Float32Array(count * arrays[0]!.length);
    for (let i = 0; i < count; i++) all.set(arrays[(first + i) % batches]!, i * arrays[0]!.length);
    return all;
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
