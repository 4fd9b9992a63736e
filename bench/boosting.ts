/**
 * Wall time of training: each family of boosted trees beside Python's library on the same data and parameters, both processes
 * started and warm. They take turns, and the median of the pairs' ratios counts: what else the machine does falls on both.
 * Both begin with columns in memory and a fold's rows in time order, scattered as those of many symbols are; ours includes
 * a report a round.
 *   PYTHON=python3 node --import tsx bench/boosting.ts [family,…] [pairs] [threads]
 * PYTHON_XGBOOST names another interpreter, where that is the one with xgboost.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { contests, type Contest } from './boosting/contests.ts';
import { startPeer } from './boosting/peer.ts';
import { simulate, type Simulated } from './boosting/simulate.ts';

const names = process.argv[2]?.split(',') ?? Object.keys(contests);
const [pairs, threads] = [5, availableParallelism()].map((value, i) => Number(process.argv[3 + i] ?? value)) as [
  number,
  number,
];
const seed = 1;
let lastLoss: number | null = null;
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;

for (const name of names) {
  const contest = contests[name];
  if (!contest) throw new Error(`no family "${name}"; there are ${Object.keys(contests).join(', ')}`);
  await hold(name, contest);
}

async function hold(name: string, { open, size, interpreter, aim }: Contest): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'twostage-bench-'));
  try {
    const data = simulate(size.rows, size.columns, seed);
    const { trainer, settings, parameters } = await open({ seed, threads, rounds: size.rounds, data });
    writeFileSync(path.join(folder, 'features.f32'), data.panel.features);
    writeFileSync(path.join(folder, 'target.f64'), data.target);
    const { train, validation, test } = data;
    const fold = [train, validation, test].flatMap((rows) => [...rows]);
    writeFileSync(path.join(folder, 'rows.u32'), Uint32Array.from(fold));
    const ends = { trainEnd: train.length, validationEnd: train.length + validation.length };
    writeFileSync(path.join(folder, 'job.json'), JSON.stringify({ family: name, ...size, ...ends, parameters }));
    const peer = await startPeer(interpreter, folder);
    console.log(
      `\n${name}: ${size.rows} × ${size.columns} float32, ${size.rounds} rounds, ${threads} threads: ${await trainer.describe(threads, 'cpu')} beside ${peer.version}`,
    );
    const ratios: number[] = [];
    // The first pair warms both up.
    for (let pair = 0; pair <= pairs; pair++) {
      const begin = performance.now();
      const model = await trainer.fit(fitInput(data, settings));
      const seconds = (performance.now() - begin) / 1000;
      const theirs = await peer.ask<{ seconds: number }>('fit');
      if (pair > 0) {
        ratios.push(seconds / theirs.seconds);
        console.log(
          `ours ${seconds.toFixed(2)} s   Python ${theirs.seconds.toFixed(2)} s   ratio ${ratios.at(-1)!.toFixed(3)}`,
        );
      }
      if (pair === pairs) {
        const { loss } = await peer.ask<{ loss: number }>('predict');
        const { values } = await model.predict({ panel: data.panel, rows: test, lookback: 1, threads, device: 'cpu' });
        const bytes = readFileSync(path.join(folder, 'predictions.f64'));
        const expected = new Float64Array(bytes.buffer, bytes.byteOffset, values.length);
        const apart = values.reduce((largest, value, i) => Math.max(largest, Math.abs(value - expected[i]!)), 0);
        console.log(
          `point forecasts differ by at most ${apart.toExponential(1)}; validation loss ${lastLoss} beside ${loss}`,
        );
      }
      await model.close();
    }
    peer.end();
    console.log(`${name}: median ratio ${median(ratios).toFixed(3)} (aim ≤ ${aim})`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fitInput(
  { panel, target, train, validation }: Simulated,
  parameters: Record<string, number | boolean | string>,
) {
  return {
    ...{ panel, target, train, validation, parameters, seed, threads },
    targets: [{ name: 'target', values: target, labelBars: 1 }],
    lookback: 1,
    device: 'cpu' as const,
    report: async ({ bestValidationLoss }: { bestValidationLoss: number | null }) => {
      lastLoss = bestValidationLoss;
      await setImmediate();
    },
    note: console.error,
  };
}
