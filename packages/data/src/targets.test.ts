import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from './database.ts';
import { loadBars } from './loadBars.ts';
import { openSource } from './openSource.ts';
import { planTargets, targetQuery, volatilityBars } from './targets.ts';
import { temporaryFolder, weekdays, writeFiles } from './testing/folders.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder('targets-');
});
afterEach(() => folder.remove());

/** Closes by symbol, null where it has no bar; targets by symbol and row of the symbol's own. */
async function labels(
  closes: Record<string, readonly (number | null)[]>,
  names: readonly string[],
  lagBars = 1,
): Promise<Record<string, (number | null)[][]>> {
  for (const [symbol, prices] of Object.entries(closes)) {
    const days = weekdays(prices.length);
    const lines = prices.flatMap((close, i) => (close === null ? [] : [`${days[i]},${close}`]));
    writeFiles(folder.path, { [`${symbol}.csv`]: `Date,Close\n${lines.join('\n')}\n` });
  }
  const db = await Database.open({ threads: 1 });
  try {
    const { files } = await loadBars(db, await openSource(db, folder.path));
    const plans = planTargets(names, [], { lagBars, interval: '1d', symbols: files.length });
    const rows = await db.rows<Record<string, number>>(
      `SELECT * FROM (${targetQuery(plans, lagBars)}) ORDER BY symbol, sn`,
    );
    return Object.fromEntries(
      files.map(({ symbol }, index) => [
        symbol,
        rows.filter((row) => row.symbol === index).map((row) => names.map((_, i) => row[`target${i}`] ?? null)),
      ]),
    );
  } finally {
    db.close();
  }
}

const close = (values: readonly (number | null)[]) =>
  values.map((value) => (value === null ? null : expect.closeTo(value, 12)));

describe('by hand, over closes 100 110 99 121 121 60.5', () => {
  const prices = [100, 110, 99, 121, 121, 60.5];

  it('the return enters one bar after its row', async () => {
    const { A } = await labels({ A: prices }, ['fwd_ret_1d', 'fwd_ret_2b']);
    // 99/110, 121/99, 121/121, 60.5/121; then 121/110, 121/99, 60.5/121.
    expect(A!.map(([one]) => one)).toEqual(close([-0.1, 2 / 9, 0, -0.5, null, null]));
    expect(A!.map(([, two]) => two)).toEqual(close([0.1, 2 / 9, -0.5, null, null, null]));
  });

  it('and at another lag', async () => {
    const atOnce = await labels({ A: prices }, ['fwd_ret_1d'], 0);
    expect(atOnce.A!.flat()).toEqual(close([0.1, -0.1, 2 / 9, 0, -0.5, null]));
    const late = await labels({ A: prices }, ['fwd_ret_1d'], 3);
    expect(late.A!.flat()).toEqual(close([0, -0.5, null, null, null, null]));
  });

  it('the direction is 1 where it rises, else 0', async () => {
    const { A } = await labels({ A: prices }, ['fwd_dir_1d']);
    expect(A!.flat()).toEqual([0, 1, 0, 0, null, null]);
  });

  it('the excess is over the mean of the bar’s symbols', async () => {
    const flat = prices.map(() => 50);
    const { A, B, C } = await labels({ A: prices, B: flat, C: [10, 10, 13, 13, 13, 13] }, ['fwd_excess_1d']);
    // Returns at the first bar: −10 %, 0, +30 %: their mean is 20/3 %.
    expect([A![0], B![0], C![0]].flat()).toEqual(close([-0.1 - 0.2 / 3, -0.2 / 3, 0.3 - 0.2 / 3]));
    expect([A![3], B![3], C![3]].flat()).toEqual(close([-1 / 3, 1 / 6, 1 / 6]));
    expect(A![4]).toEqual([null]);
  });

  it('and knows nothing that ends after the row’s own window', async () => {
    // B misses the third day: what it earns from the first row on ends a day after A's and C's.
    const closes = { A: prices, B: [50, 50, null, 75, 75, 75], C: prices.map((price) => 2 * price) };
    const { A, B, C } = await labels(closes, ['fwd_excess_1d']);
    expect(A![0]).toEqual(close([0]));
    expect(C![0]).toEqual(close([0]));
    expect(B![0]).toEqual(close([0.5 - (0.5 - 0.1 - 0.1) / 3]));
    // On the third day A and C are there alone.
    expect(A![2]).toEqual(close([0]));
  });

  it('is not known where a symbol is alone', async () => {
    const { A } = await labels({ A: prices, B: [50, null, null, null, 60, 60] }, ['fwd_excess_1d']);
    expect(A![1]).toEqual([null]);
  });
});

it('the scaled return is in standard deviations of what the closes up to the row did', async () => {
  // Moves of +10 % and −10 % in turn: of 20 of them the sample deviation is 0.1 · √(20/19).
  const prices = [100];
  for (let i = 0; i < 30; i++) prices.push(prices.at(-1)! * (i % 2 === 0 ? 1.1 : 0.9));
  const { A } = await labels({ A: prices }, ['fwd_volret_1d', 'fwd_volret_4d', 'fwd_ret_4d']);
  const sigma = 0.1 * Math.sqrt(20 / 19);
  expect(A!.slice(0, volatilityBars).flatMap(([one]) => one)).toEqual(Array(volatilityBars).fill(null));
  expect(A![volatilityBars]![0]).toBeCloseTo(-0.1 / sigma, 10);
  expect(A![volatilityBars + 1]![0]).toBeCloseTo(0.1 / sigma, 10);
  expect(A![volatilityBars]![1]).toBeCloseTo(A![volatilityBars]![2]! / (2 * sigma), 10);
  const flat = await labels({ A: prices.map(() => 7) }, ['fwd_volret_1d']);
  expect(new Set(flat.A!.flat())).toEqual(new Set([null]));
});

it('forward returns are what pandas computes', async () => {
  const golden = JSON.parse(readFileSync(new URL('./golden/features.json', import.meta.url), 'utf8')) as {
    forwardReturns: Record<string, (number | null)[]>;
  };
  const csv = readFileSync(new URL('./golden/GOLD.csv', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  const { GOLD } = await labels({ GOLD: csv.map((line) => Number(line.split(',')[4])) }, ['fwd_ret_1d', 'fwd_ret_5d']);
  expect(GOLD!.map(([one]) => one)).toEqual(close(golden.forwardReturns['1']!));
  expect(GOLD!.map(([, five]) => five)).toEqual(close(golden.forwardReturns['5']!));
});

describe('a plan', () => {
  const settings = { lagBars: 1, interval: '1d', symbols: 3 };
  it.each([
    ['fwd_ret_5d', 1, 6],
    ['fwd_excess_20b', 1, 21],
    ['fwd_volret_5d', 0, 5],
    ['fwd_dir_5d', 3, 8],
    ['target_own_10d', 1, 11],
    ['y_mine', 1, 1],
  ])('of %s at lag %i looks %i bars ahead', (name, lagBars, labelBars) => {
    const [plan] = planTargets([name], ['target_own_10d', 'Y_Mine'], { ...settings, lagBars });
    expect(plan!.labelBars).toBe(labelBars);
  });

  it.each([
    ['fwd_ret_5d', { interval: '5m' }, 'counts days, but the bars are 5m; use fwd_ret_5b to count bars'],
    ['fwd_dir_2d', { interval: '1h' }, 'counts days, but the bars are 1h; use fwd_dir_2b to count bars'],
    ['fwd_excess_2d', { symbols: 1 }, 'is a return over the mean of several symbols; there is one symbol'],
    ['y_none', {}, 'neither a column of the files (they have y_a) nor a forward return'],
    ['fwd_ret_0d', {}, 'neither a column of the files (they have y_a) nor a forward return'],
  ])('of %s is refused where it cannot be: %j', (name, overrides, message) => {
    expect(() => planTargets([name], ['y_a'], { ...settings, ...overrides })).toThrow(`target "${name}": ${message}`);
  });
});
