/**
 * Wall time of training: the LightGBM family beside Python's LightGBM on the same data and parameters, both processes
 * started and warm. They take turns, and the median of the pairs' ratios counts: what else the machine does falls on both.
 * Both begin with columns in memory and a fold's rows in time order, scattered as those of many symbols are; ours includes
 * a report a round.
 *   PYTHON=python3 node --import tsx bench/lightgbm.ts [rows] [features] [rounds] [pairs] [threads]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Panel } from '@twostage/core/panel/panel';
import { Random } from '@twostage/core/random';
import { parameters as schema } from '@twostage/families/lightgbm/definition';
import { lightgbmParameters } from '@twostage/families/lightgbm/settings';
import { trainer } from '@twostage/families/lightgbm/trainer';

const defaults = [500_000, 50, 100, 5, availableParallelism()];
const [rows, columns, rounds, pairs, threads] = defaults.map((value, i) => Number(process.argv[2 + i] ?? value)) as [
  number,
  number,
  number,
  number,
  number,
];
const seed = 1;
const trainEnd = Math.floor(rows * 0.8);
const validationEnd = Math.floor(rows * 0.9);

function simulate(): { panel: Panel; target: Float64Array } {
  const random = new Random(seed);
  const features = new Float32Array(rows * columns);
  for (let index = 0; index < features.length; index++) features[index] = random.normal();
  const target = Float64Array.from({ length: rows }, (_, row) => {
    const value = (column: number) => features[column * rows + row]!;
    return 0.01 * (0.3 * value(0) * value(1) + 0.2 * Math.max(0, value(2)) + random.normal());
  });
  const panel = {
    rows,
    symbols: ['SIM'],
    featureNames: Array.from({ length: columns }, (_, column) => `feature_${column}`),
    features,
    symbolOf: new Uint32Array(rows),
    barOf: Uint32Array.from({ length: rows }, (_, row) => row),
    times: new Float64Array(rows),
  };
  return { panel, target };
}

/** Time order over fifty symbols whose rows stand one symbol after the other. */
const symbols = 50;
const order = Uint32Array.from(
  { length: rows },
  (_, i) => (i % symbols) * Math.floor(rows / symbols) + Math.floor(i / symbols),
);
const [trainRows, validationRows, testRows] = [
  order.slice(0, trainEnd),
  order.slice(trainEnd, validationEnd),
  order.slice(validationEnd),
];

async function fitOurs({ panel, target }: ReturnType<typeof simulate>) {
  const validationLosses: number[] = [];
  const begin = performance.now();
  const model = await trainer.fit({
    panel,
    target,
    train: trainRows,
    validation: validationRows,
    parameters: settings,
    lookback: 1,
    seed,
    threads,
    device: 'cpu',
    report: async ({ validationLoss }) => {
      validationLosses.push(validationLoss!);
      await setImmediate();
    },
    note: console.error,
  });
  return { model, validationLosses, seconds: (performance.now() - begin) / 1000 };
}

/** Python as a server: one line asks, one line answers. */
function startPython(folder: string) {
  const script = fileURLToPath(new URL('lightgbm-reference.py', import.meta.url));
  const child = spawn(process.env.PYTHON ?? 'python3', [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('Python ended: does PYTHON name an interpreter with lightgbm?');
    return JSON.parse(value) as T;
  };
  const ask = <T>(question: 'fit' | 'predict'): Promise<T> => {
    child.stdin.write(`${question}\n`);
    return answer<T>();
  };
  return { ready: answer<{ version: string }>(), ask, end: () => child.stdin.end() };
}

const settings = schema.parse({ rounds, patience: 0 });
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const folder = mkdtempSync(path.join(tmpdir(), 'twostage-bench-'));
try {
  const data = simulate();
  const parameters = lightgbmParameters(settings, { seed, threads, targetDeviation: 1 });
  writeFileSync(path.join(folder, 'features.f32'), data.panel.features);
  writeFileSync(path.join(folder, 'target.f64'), data.target);
  writeFileSync(path.join(folder, 'rows.u32'), order);
  writeFileSync(
    path.join(folder, 'job.json'),
    JSON.stringify({ rows, columns, trainEnd, validationEnd, rounds, parameters }),
  );
  const python = startPython(folder);
  const { version } = await python.ready;
  console.log(
    `${rows} × ${columns} float32, ${rounds} rounds, ${threads} threads: ${await trainer.describe(threads, 'cpu')} beside Python's ${version}`,
  );
  const ratios: number[] = [];
  // The first pair warms both up.
  for (let pair = 0; pair <= pairs; pair++) {
    const mine = await fitOurs(data);
    const theirs = await python.ask<{ seconds: number }>('fit');
    if (pair > 0) {
      const ratio = mine.seconds / theirs.seconds;
      ratios.push(ratio);
      console.log(
        `ours ${mine.seconds.toFixed(2)} s   Python ${theirs.seconds.toFixed(2)} s   ratio ${ratio.toFixed(3)}`,
      );
    }
    if (pair === pairs) {
      const reference = await python.ask<{ bestRound: number; validationLosses: number[] }>('predict');
      const { values } = await mine.model.predict({
        panel: data.panel,
        rows: testRows,
        lookback: 1,
        threads,
        device: 'cpu',
      });
      const bytes = readFileSync(path.join(folder, 'predictions.f64'));
      const expected = new Float64Array(bytes.buffer, bytes.byteOffset, values.length);
      const apart = values.reduce((largest, value, i) => Math.max(largest, Math.abs(value - expected[i]!)), 0);
      const lossesApart = mine.validationLosses.reduce(
        (largest, loss, i) => Math.max(largest, Math.abs(loss - reference.validationLosses[i]!)),
        0,
      );
      console.log(`largest difference: predictions ${apart}, validation losses ${lossesApart}`);
      if (!(apart <= 1e-9)) throw new Error(`predictions differ by ${apart}, expected at most 1e-9`);
    }
    await mine.model.close();
  }
  python.end();
  console.log(`median ratio ${median(ratios).toFixed(3)} (aim ≤ 1.05)`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
