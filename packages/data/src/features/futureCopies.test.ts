import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '@twostage/core/random';
import { Database } from '../database.ts';
import { loadBars } from '../loadBars.ts';
import { openSource } from '../openSource.ts';
import { temporaryFolder, weekdays, writeFiles } from '../testing/folders.ts';
import { findFutureCopies } from './futureCopies.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder('copies-');
});
afterEach(() => folder.remove());

interface Walk {
  readonly open: readonly number[];
  readonly close: readonly number[];
  readonly volume: readonly number[];
}
const bars = 200;

/** Walks whose open is the close before, as where trading never stops. */
function walkOf(seed: number): Walk {
  const random = new Random(seed);
  const close: number[] = [];
  for (let i = 0; i < bars; i++) close.push((close.at(-1) ?? 100 * seed) * (1 + 0.01 * random.normal()));
  return {
    close,
    open: close.map((price, i) => close[i - 1] ?? price),
    volume: close.map(() => Math.round(1000 * (1 + random.uniform()))),
  };
}

async function copiesOf(feature: (walk: Walk, i: number) => number | undefined, digits = 9): Promise<string[]> {
  for (const [symbol, seed] of [
    ['AAA', 1],
    ['BBB', 2],
  ] as const) {
    const walk = walkOf(seed);
    const lines = weekdays(bars).map((day, i) => {
      const value = feature(walk, i);
      const shown = value === undefined || Number.isNaN(value) ? '' : value.toFixed(digits);
      return [day, walk.open[i], walk.close[i], walk.volume[i], shown].join(',');
    });
    writeFiles(folder.path, { [`${symbol}.csv`]: `date,open,close,volume,x\n${lines.join('\n')}\n` });
  }
  const db = await Database.open({ threads: 1 });
  try {
    const loaded = await loadBars(db, await openSource(db, folder.path));
    const found = await findFutureCopies(db, loaded, ['x_file']);
    for (const leak of found) expect(leak).toMatchObject({ feature: 'x_file', isCopy: true });
    return found.map(({ target }) => target);
  } finally {
    db.close();
  }
}

describe('a feature of the files that is a later price or return', () => {
  it.each<[string, (walk: Walk, i: number) => number | undefined]>([
    ['the close 1 bar ahead', ({ close }, i) => close[i + 1]],
    ['the close 5 bars ahead', ({ close }, i) => close[i + 5]],
    ['the open 3 bars ahead', ({ open }, i) => open[i + 3]],
    ['the volume 2 bars ahead', ({ volume }, i) => volume[i + 2]],
    ['the return over the next 1 bar', ({ close }, i) => close[i + 1]! / close[i]! - 1],
    ['the return over the next 20 bars', ({ close }, i) => close[i + 20]! / close[i]! - 1],
    ['the change of the close over the next 2 bars', ({ close }, i) => close[i + 2]! - close[i]!],
    ['the return over 10 bars from the next bar on', ({ close }, i) => close[i + 11]! / close[i + 1]! - 1],
  ])('is named as what it is: %s', async (what, feature) => {
    const [found] = await copiesOf(feature);
    // Here every open is the close before.
    expect(found).toBe(what === 'the open 3 bars ahead' ? 'the close 2 bars ahead' : what);
  });

  it('also where the file rounds it, and has holes', async () => {
    expect(await copiesOf(({ close }, i) => (i % 7 === 0 ? undefined : close[i + 1]! / close[i]! - 1), 5)).toEqual([
      'the return over the next 1 bar',
    ]);
  });

  it.each<[string, (walk: Walk, i: number) => number | undefined]>([
    ['this close, which the next open is', ({ close }, i) => close[i]],
    ['an earlier close', ({ close }, i) => close[i - 3]],
    ['a return up to the bar', ({ close }, i) => close[i]! / (close[i - 1] ?? Number.NaN) - 1],
    ['the volume of the bar', ({ volume }, i) => volume[i]],
    ['a constant', () => 0],
    [
      'a return that is nearly the next',
      ({ close }, i) => 1.2 * (close[i + 1]! / close[i]! - 1) + 0.002 * ((i % 5) - 2),
    ],
    ['too few values to tell', ({ close }, i) => (i < 10 ? close[i + 1] : undefined)],
  ])('is not %s', async (_, feature) => {
    expect(await copiesOf(feature)).toEqual([]);
  });
});
