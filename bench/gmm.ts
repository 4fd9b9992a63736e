/**
 * Wall time of a Gaussian mixture by expectation and maximisation: ours beside scikit-learn's on the same rows, from the same start,
 * for as many iterations, to the same likelihood. Both processes are started and warm and take turns; the median of the pairs' ratios counts.
 *   PYTHON=python3 node --import tsx bench/gmm.ts [pairs]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Random } from '@twostage/core/random';
import { type CovarianceKind, expectationMaximisation } from '@twostage/families/gmm-regime/gaussianMixture';
import { startMixture } from '@twostage/families/gmm-regime/mixtureStart';

const pairs = Number(process.argv[2] ?? 7);
const settings = { tolerance: 0, maxIterations: 60, regularisation: 1e-6 };

interface Case {
  readonly rows: number;
  readonly dimensions: number;
  readonly components: number;
  readonly covariance: CovarianceKind;
}
/** Ten years of daily market states, and what a user with intraday bars or many states has. */
const cases: readonly Case[] = [
  { rows: 2_500, dimensions: 3, components: 4, covariance: 'full' },
  { rows: 2_500, dimensions: 3, components: 4, covariance: 'diag' },
  { rows: 50_000, dimensions: 4, components: 4, covariance: 'full' },
  { rows: 50_000, dimensions: 4, components: 4, covariance: 'diag' },
  { rows: 50_000, dimensions: 8, components: 6, covariance: 'full' },
];

/** Overlapping clouds, so that every iteration has work to do. */
function clouds({ rows, dimensions, components }: Case): Float64Array {
  const random = new Random(rows + dimensions);
  const centers = Float64Array.from({ length: components * dimensions }, () => 1.5 * random.normal());
  const data = new Float64Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    const component = random.below(components);
    for (let i = 0; i < dimensions; i++)
      data[row * dimensions + i] = centers[component * dimensions + i]! + (0.5 + 0.2 * component) * random.normal();
  }
  return data;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const folder = mkdtempSync(path.join(tmpdir(), 'twostage-bench-'));
const jobs = cases.map((each, index) => {
  const data = clouds(each);
  const start = startMixture(data, each.dimensions, each.components, { ...each, ...settings }, new Random(1));
  writeFileSync(path.join(folder, `data${index}.f64`), data);
  return { ...each, data, start };
});
writeFileSync(
  path.join(folder, 'job.json'),
  JSON.stringify(
    jobs.map(({ data: _, start, ...each }) => ({
      ...each,
      ...settings,
      weights: [...start.weights],
      means: [...start.means],
      covariances: [...start.covariances],
    })),
  ),
);
const python = spawn(process.env.PYTHON ?? 'python3', [fileURLToPath(new URL('gmm.py', import.meta.url)), folder], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
const answer = async <T>(): Promise<T> => {
  const { value, done } = await lines.next();
  if (done) throw new Error('Python ended: does PYTHON name an interpreter with scikit-learn?');
  return JSON.parse(value) as T;
};
try {
  console.log(`scikit-learn ${(await answer<{ version: string }>()).version}, ${settings.maxIterations} iterations`);
  for (const [index, { data, start, rows, dimensions, components, covariance }] of jobs.entries()) {
    const ratios: number[] = [];
    const seconds: number[][] = [];
    // The first pairs warm both up.
    for (let pair = -2; pair < pairs; pair++) {
      const begin = performance.now();
      const ours = expectationMaximisation(data, start, settings);
      const mine = (performance.now() - begin) / 1000;
      python.stdin.write(`${index}\n`);
      const theirs = await answer<{ seconds: number; logLikelihood: number; iterations: number }>();
      const apart = Math.abs(ours.logLikelihood / theirs.logLikelihood - 1);
      if (!(apart < 1e-9) || ours.iterations !== theirs.iterations)
        throw new Error(`likelihoods ${ours.logLikelihood} and ${theirs.logLikelihood}, expected the same`);
      if (pair < 0) continue;
      ratios.push(mine / theirs.seconds);
      seconds.push([mine, theirs.seconds]);
    }
    const [mine, theirs] = [0, 1].map((side) => (1000 * median(seconds.map((pair) => pair[side]!))).toFixed(0));
    console.log(
      `${rows} × ${dimensions}, ${components} ${covariance}: ours ${mine} ms, scikit-learn ${theirs} ms, ratio ${median(ratios).toFixed(2)} (aim ≤ 1.00)`,
    );
  }
} finally {
  python.stdin.end();
  rmSync(folder, { recursive: true, force: true });
}
