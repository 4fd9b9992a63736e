import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import {
  type CombinatorialFoldInput,
  combinatorialFolds,
  combinatorialPaths,
  combinatorialRows,
} from './combinatorialFolds.ts';
import type { BarRange } from './blockRows.ts';
import { labelEndBar } from './realisedLabels.ts';
import { panelOf } from './testing/panelOf.ts';

const settings: CombinatorialFoldInput = { bars: 600, groups: 6, testGroups: 2, labelBars: 3, embargoBars: 5 };
const randomSettings = (random: Random): CombinatorialFoldInput => ({
  bars: 300 + random.below(200),
  groups: 4 + random.below(4),
  testGroups: 1 + random.below(2),
  labelBars: random.below(8),
  embargoBars: random.below(8),
  validationFraction: random.below(2) * 0.2,
});
const isIn = (ranges: readonly BarRange[], bar: number) => ranges.some(({ start, end }) => bar >= start && bar < end);

describe('combinatorialFolds', () => {
  it('has the splits and paths of López de Prado’s (2018, ch. 12) example of 6 groups, 2 of them tested', () => {
    const splits = combinatorialFolds(settings);
    expect(splits).toHaveLength(15);
    const paths = combinatorialPaths(splits).map((path) => Array.from(path, (split) => split + 1));
    expect(paths).toHaveLength(5);
    expect(paths.slice(0, 2)).toEqual([
      [1, 1, 2, 3, 4, 5],
      [2, 6, 6, 7, 8, 9],
    ]);
    // Every test of every split is on one path.
    const used = paths.flatMap((path) => path.map((split, group) => `${split}.${group}`));
    expect(new Set(used).size).toBe(15 * 2);
  });

  it('leaves a gap of label and embargo on both sides of every test block, and none elsewhere', () => {
    const { test, train, validation } = combinatorialFolds({ ...settings, groups: 5 })[5]!;
    // Groups 1 and 3 of 5, of 120 bars each.
    expect(test).toEqual([
      { start: 120, end: 240 },
      { start: 360, end: 480 },
    ]);
    expect(train).toEqual([
      { start: 0, end: 112 },
      { start: 248, end: 352 },
      { start: 488, end: 600 },
    ]);
    expect(validation).toEqual([]);
    const [beside] = combinatorialFolds({ ...settings, groups: 5 });
    expect(beside).toMatchObject({ test: [{ start: 0, end: 240 }], train: [{ start: 248, end: 600 }] });
  });

  it('cuts validation from the end of the training bars, with the same gap before it', () => {
    const { train, validation } = combinatorialFolds({ ...settings, groups: 5, validationFraction: 0.5 })[5]!;
    // 328 training bars: 164 are the last 112 and 52 before them.
    expect(validation).toEqual([
      { start: 300, end: 352 },
      { start: 488, end: 600 },
    ]);
    expect(train).toEqual([
      { start: 0, end: 112 },
      { start: 248, end: 292 },
    ]);
  });

  it('never trains on a bar whose label or features touch what is tested, on symbols that miss bars', () => {
    const random = new Random(12);
    for (let trial = 0; trial < 12; trial++) {
      const given = randomSettings(random);
      const panel = panelOf(
        Array.from({ length: given.bars }, () => Array.from({ length: 3 }, () => (random.uniform() < 0.2 ? null : 1))),
      );
      const target = Float64Array.from({ length: panel.rows }, () => (random.uniform() < 0.1 ? Number.NaN : 1));
      const usable = Uint8Array.from({ length: panel.rows }, () => (random.uniform() < 0.1 ? 0 : 1));
      const known = (row: number) => !Number.isNaN(target[row]!) && usable[row] === 1;
      const end = (row: number) => labelEndBar(panel, row, given.labelBars);
      const clear = (before: number, after: number) => end(before) + given.embargoBars < panel.barOf[after]!;
      for (const split of combinatorialFolds(given)) {
        const { train, validation, test } = combinatorialRows(panel, target, split, usable);
        const bars = (rows: Uint32Array) => Array.from(rows, (row) => panel.barOf[row]!);
        expect([train, validation, test].every((rows) => rows.every(known))).toBe(true);
        expect(bars(test).every((bar) => isIn(split.test, bar))).toBe(true);
        for (const row of [...train, ...validation]) {
          const bar = panel.barOf[row]!;
          if (isIn(split.test, bar)) throw new Error(`bar ${bar} is both trained and tested`);
          const touched = test.some((other) => (panel.barOf[other]! > bar ? !clear(row, other) : !clear(other, row)));
          if (touched) throw new Error(`split ${split.split}: bar ${bar} touches what is tested`);
        }
        const firstChecked = validation[0];
        if (firstChecked !== undefined) expect(train.every((row) => clear(row, firstChecked))).toBe(true);
        expect(train.length).toBeGreaterThan(0);
        expect([...bars(train)].sort((a, b) => a - b)).toEqual(bars(train));
      }
    }
  });

  it('keeps every row that touches nothing', () => {
    const panel = panelOf(Array.from({ length: 600 }, () => [1, 1]));
    const target = new Float64Array(1200);
    for (const split of combinatorialFolds(settings)) {
      const { train, test } = combinatorialRows(panel, target, split);
      const within = (ranges: readonly BarRange[]) =>
        ranges.reduce((sum, { start, end }) => sum + 2 * (end - start), 0);
      expect([train.length, test.length]).toEqual([within(split.train), within(split.test)]);
    }
  });

  it('refuses what leaves nothing to train or test on', () => {
    expect(() => combinatorialFolds({ ...settings, testGroups: 6 })).toThrow(/test 1 to 5 of 6 groups, got 6/);
    expect(() => combinatorialFolds({ ...settings, bars: 50 })).toThrow(/6 groups need at least 60 bars; there are 50/);
    expect(() => combinatorialFolds({ ...settings, embargoBars: 150 })).toThrow(
      /leaves \d+ of 600 bars.*30 are needed/,
    );
    const panel = panelOf([[1]]);
    const [split] = combinatorialFolds(settings);
    expect(() => combinatorialRows(panel, new Float64Array(2), split!)).toThrow(/expected 1, got 2 and no mask/);
  });
});
