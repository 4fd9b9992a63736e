/**
 * Wall time of the 158 features on a folder of daily bars: ours beside pandas' and beside DuckDB's windows on the same bars, all
 * started and warm, taking turns; the median of the ratios counts. Then how a whole dataset of them grows with its rows, each
 * size in a process of its own: seconds and peak memory at 1, 10 and 100 times 93,620 minute bars.
 *   PYTHON=python3 node --import tsx bench/alpha158.ts [FOLDER] [pairs] [largest factor]
 * Without a folder the bars are simulated: 31 symbols of 3020 days.
 * The dataset of the factor 100 takes 6 GB in the temporary folder while it lasts.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Database } from '@twostage/data/database';
import { Alpha158, alphaBlock } from '@twostage/data/features/alpha158/alpha158';
import { alpha158Columns } from '@twostage/data/features/alpha158/catalogue';
import { basicFeatureQuery, basicFeatures } from '@twostage/data/features/basic';
import { loadBars } from '@twostage/data/loadBars';
import { simulateMarket } from '@twostage/data/simulate/simulateMarket';
import { openSource } from '@twostage/data/openSource';

const [pairs, largest] = [5, 100].map((value, i) => Number(process.argv[3 + i] ?? value)) as [number, number];
const fields = ['open', 'high', 'low', 'close', 'volume'] as const;
type Bars = Record<(typeof fields)[number], Float64Array>;

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const folder = mkdtempSync(path.join(tmpdir(), 'twostage-bench-'));
try {
  await holdAgainstPandas(process.argv[2] ?? (await simulated()));
  for (let factor = 1; factor <= largest; factor *= 10) grow(factor);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function simulated(): Promise<string> {
  const outputDir = path.join(folder, 'simulated');
  await simulateMarket({ outputDir, symbols: 31, bars: 3020 });
  return outputDir;
}

async function holdAgainstPandas(market: string): Promise<void> {
  const db = await Database.open({ threads: 0 });
  await loadBars(db, await openSource(db, market));
  const symbols = await readBars(db);
  for (const field of fields)
    writeFileSync(
      path.join(folder, `${field}.f64`),
      Buffer.concat(symbols.map((bars) => Buffer.from(bars[field].buffer))),
    );
  writeFileSync(path.join(folder, 'counts.json'), JSON.stringify(symbols.map(({ close }) => close.length)));
  const script = fileURLToPath(new URL('alpha158.py', import.meta.url));
  const python = spawn(process.env.PYTHON ?? 'python3', [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const answer = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('Python ended: does PYTHON name an interpreter with pandas?');
    return JSON.parse(value) as T;
  };
  try {
    const { version } = await answer<{ version: string }>();
    const rows = symbols.reduce((sum, { close }) => sum + close.length, 0);
    const made = alphaBlock(rows);
    const seconds: { ours: number; sql: number; theirs: number }[] = [];
    // The first pair warms all up.
    for (let pair = 0; pair <= pairs; pair++) {
      const ours = await timed(async () => compute(symbols, made));
      const sql = await timed(() => db.run(`CREATE OR REPLACE TABLE basic AS ${basicFeatureQuery(basicFeatures)}`));
      python.stdin.write('\n');
      const theirs = await answer<{ seconds: number; means: number[] }>();
      checkMeans(made, theirs.means);
      if (pair > 0) seconds.push({ ours, sql, theirs: theirs.seconds });
    }
    const shown = (side: 'ours' | 'sql' | 'theirs') => `${median(seconds.map((each) => each[side])).toFixed(3)} s`;
    console.log(
      `${rows} bars of ${symbols.length} symbols, 158 features: ours ${shown('ours')}, ${version} ${shown('theirs')}`,
    );
    console.log(`ratio ${median(seconds.map(({ ours, theirs }) => ours / theirs)).toFixed(4)} (aim ≤ 0.2)`);
    console.log(`DuckDB's windows, ${basicFeatures.length} of them (the basic set), every core: ${shown('sql')}`);
  } finally {
    python.stdin.end();
    db.close();
  }
}

async function readBars(db: Database): Promise<Bars[]> {
  const bySymbol: Record<string, number | null>[][] = [];
  const rows = await db.rows<Record<string, number | null>>(
    'SELECT symbol, o AS open, h AS high, l AS low, c AS close, v AS volume FROM bars ORDER BY symbol, sn',
  );
  for (const row of rows) {
    bySymbol[row.symbol!] ??= [];
    bySymbol[row.symbol!]!.push(row);
  }
  return bySymbol.map(
    (own) =>
      Object.fromEntries(
        fields.map((field) => [field, Float64Array.from(own, (row) => row[field] ?? Number.NaN)]),
      ) as Bars,
  );
}

/** @param into [158] columns of all symbols' bars, one after the other: set up once, as the columns of a dataset are */
function compute(symbols: readonly Bars[], into: readonly Float64Array[]): void {
  const alpha = new Alpha158(4096);
  let at = 0;
  for (const bars of symbols) {
    alpha.begin();
    for (let first = 0; first < bars.close.length; first += alpha.blockRows) {
      const count = Math.min(alpha.blockRows, bars.close.length - first);
      for (const field of fields) alpha.inputs[field].set(bars[field].subarray(first, first + count));
      alpha.inputs.vwap.fill(Number.NaN);
      alpha.compute(count, into, at);
      at += count;
    }
  }
}

/** pandas' windows are updated from row to row, so they are good to fewer digits than ours. */
function checkMeans(made: readonly Float64Array[], means: readonly number[]): void {
  for (const [i, { name }] of alpha158Columns.entries()) {
    const known = made[i]!.filter((value) => !Number.isNaN(value));
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    if (!(Math.abs(mean - means[i]!) <= 1e-6 * Math.max(1, Math.abs(mean))))
      throw new Error(`${name}: mean ${mean}, pandas' ${means[i]}: expected the same`);
  }
}

/** Seconds. */
async function timed(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

function grow(factor: number): void {
  const child = fileURLToPath(new URL('children/prepareAlpha158.ts', import.meta.url));
  const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', child, folder, String(factor)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`preparing ${factor} times the rows ended with ${status}`);
  const { rows, seconds, peakRssBytes } = JSON.parse(stdout) as { rows: number; seconds: number; peakRssBytes: number };
  const each = (seconds / rows) * 1e6;
  console.log(
    `dataset of ${rows} rows × 158: ${seconds.toFixed(1)} s, ${each.toFixed(1)} µs a row, peak memory ${(peakRssBytes / 2 ** 30).toFixed(2)} GB`,
  );
}
