import { describe, expect, it } from 'vitest';
import type { Panel } from '../panel/panel.ts';
import { type Fold, foldRows, minimumBars, planFolds, smallestBlockBars, type WalkForwardSettings } from './folds.ts';

const defaults: WalkForwardSettings = { count: 3, scheme: 'expanding', embargoBars: 5, validationFraction: 0.15 };

/** mulberry32: small, seeded, good enough to draw settings. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Symbols with random holes, sorted by (symbol, bar); every target known unless the label passes the symbol's end. */
function randomPanel(random: () => number, bars: number, symbols: number, labelBars: number) {
  const symbolOf: number[] = [];
  const barOf: number[] = [];
  const target: number[] = [];
  for (let symbol = 0; symbol < symbols; symbol++) {
    const holes = random() * 0.4;
    const own = Array.from({ length: bars }, (_, bar) => bar).filter(() => random() >= holes);
    own.forEach((bar, i) => {
      symbolOf.push(symbol);
      barOf.push(bar);
      target.push(i + labelBars < own.length ? random() - 0.5 : Number.NaN);
    });
  }
  const panel: Panel = {
    rows: barOf.length,
    symbols: Array.from({ length: symbols }, (_, i) => `S${i}`),
    featureNames: [],
    features: new Float32Array(0),
    symbolOf: Uint32Array.from(symbolOf),
    barOf: Uint32Array.from(barOf),
    times: Float64Array.from({ length: bars }, (_, i) => i),
    close: new Float64Array(barOf.length).fill(1),
  };
  return { panel, target: Float64Array.from(target) };
}

function randomSettings(random: () => number): { settings: WalkForwardSettings; labelBars: number; lookback: number } {
  const pick = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  return {
    settings: {
      count: pick(1, 12),
      scheme: random() < 0.5 ? 'expanding' : 'sliding',
      embargoBars: pick(0, 40),
      validationFraction: 0.05 + 0.45 * random(),
    },
    labelBars: pick(0, 30),
    lookback: pick(0, 64),
  };
}

describe('planFolds', () => {
  it('cuts the calendar into count + 2 blocks and tests the last ones', () => {
    const folds = planFolds({ bars: 1000, settings: defaults, labelBars: 2, lookback: 20 });
    expect(folds.map((fold) => fold.test)).toEqual([
      { start: 400, end: 600 },
      { start: 600, end: 800 },
      { start: 800, end: 1000 },
    ]);
    // 400 − (2 + 5) = 393; 15 % of it is 59; 393 − 59 − 7 = 327
    expect(folds[0]).toMatchObject({ train: { start: 0, end: 327 }, validation: { start: 334, end: 393 } });
  });

  it('slides a training window of the first fold’s length', () => {
    const folds = planFolds({ bars: 1000, settings: { ...defaults, scheme: 'sliding' }, labelBars: 2 });
    expect(folds.map((fold) => fold.train)).toEqual([
      { start: 0, end: 327 },
      { start: 200, end: 527 },
      { start: 400, end: 727 },
    ]);
  });

  it('holds its promises for many random settings', () => {
    const random = randomOf(7);
    for (let trial = 0; trial < 1000; trial++) {
      const { settings, labelBars, lookback } = randomSettings(random);
      const bars = minimumBars(settings, labelBars, lookback) + Math.floor(random() * 500);
      const folds = planFolds({ bars, settings, labelBars, lookback });
      expect(folds).toHaveLength(settings.count);
      expect(folds.at(-1)!.test.end).toBe(bars);
      const gap = labelBars + settings.embargoBars;
      folds.forEach((fold, i) => {
        const long = ({ start, end }: { start: number; end: number }, least: number) => end - start >= least;
        const promises = {
          number: fold.fold === i,
          gapBeforeValidation: fold.validation.start - fold.train.end === gap,
          gapBeforeTest: fold.test.start - fold.validation.end === gap,
          train: fold.train.start >= 0 && long(fold.train, smallestBlockBars.train + lookback),
          validation: long(fold.validation, smallestBlockBars.validation),
          test: long(fold.test, smallestBlockBars.test),
          backToBack: i === 0 || fold.test.start === folds[i - 1]!.test.end,
          window:
            settings.scheme === 'expanding'
              ? fold.train.start === 0
              : fold.test.start - fold.train.start === folds[0]!.test.start,
        };
        expect(Object.entries(promises).filter(([, kept]) => !kept)).toEqual([]);
      });
    }
  });

  it('works from minimumBars on, and from no fewer', () => {
    const random = randomOf(11);
    for (let trial = 0; trial < 200; trial++) {
      const { settings, labelBars, lookback } = randomSettings(random);
      const needed = minimumBars(settings, labelBars, lookback);
      for (let more = 0; more < 60; more++) {
        expect(() => planFolds({ bars: needed + more, settings, labelBars, lookback })).not.toThrow();
      }
      expect(() => planFolds({ bars: needed - 1, settings, labelBars, lookback })).toThrow();
    }
  });

  it('says how many bars are needed and how many there are', () => {
    expect(() => planFolds({ bars: 100, settings: defaults, labelBars: 2, lookback: 20 })).toThrow(
      expect.objectContaining({
        code: 'TOO_FEW_BARS',
        message:
          '3 folds with lookback 20, a label 2 bars ahead and an embargo of 5 bars need at least 183 bars; there are 100',
      }),
    );
  });
});

describe('foldRows', () => {
  /** The last bar a row's label looks at, counted on the symbol's own bars. */
  const labelEnd = (panel: Panel, row: number, labelBars: number) => panel.barOf[row + labelBars]!;

  it('never lets a label reach the next block, whatever the holes', () => {
    const random = randomOf(3);
    for (let trial = 0; trial < 150; trial++) {
      const { settings, labelBars, lookback } = randomSettings(random);
      const bars = minimumBars(settings, labelBars, lookback) + Math.floor(random() * 200);
      const { panel, target } = randomPanel(random, bars, 1 + Math.floor(random() * 4), labelBars);
      for (const fold of planFolds({ bars, settings, labelBars, lookback })) {
        const { train, validation, test } = foldRows(panel, target, fold);
        const broken: string[] = [];
        const check = (kept: boolean, what: string) => {
          if (!kept) broken.push(what);
        };
        for (const row of train) {
          const free = labelEnd(panel, row, labelBars) + settings.embargoBars < fold.validation.start;
          check(free && panel.barOf[row]! >= fold.train.start, `train row ${row}`);
        }
        for (const row of validation) {
          const free = labelEnd(panel, row, labelBars) + settings.embargoBars < fold.test.start;
          check(free && panel.barOf[row]! >= fold.validation.start, `validation row ${row}`);
        }
        for (const row of test) {
          check(panel.barOf[row]! >= fold.test.start && panel.barOf[row]! < fold.test.end, `test row ${row}`);
        }
        for (const rows of [train, validation, test]) {
          rows.forEach((row, i) => {
            check(Number.isFinite(target[row]!), `target of row ${row}`);
            if (i === 0) return;
            const step = panel.barOf[row]! - panel.barOf[rows[i - 1]!]!;
            check(step > 0 || (step === 0 && row > rows[i - 1]!), `order at row ${row}`);
          });
        }
        expect(broken).toEqual([]);
      }
    }
  });

  it('keeps every row with a target of a panel without holes', () => {
    const { panel, target } = fullPanel(60, 2);
    const fold: Fold = {
      fold: 0,
      train: { start: 0, end: 20 },
      validation: { start: 25, end: 35 },
      test: { start: 40, end: 60 },
      labelBars: 2,
      embargoBars: 3,
    };
    const rows = foldRows(panel, target, fold);
    expect(rows.train).toHaveLength(40);
    expect(rows.validation).toHaveLength(20);
    expect(rows.test).toHaveLength(36);
    expect(Array.from(rows.train.slice(0, 4))).toEqual([0, 60, 1, 61]);
  });

  it('uses usable rows only', () => {
    const { panel, target } = fullPanel(60, 1);
    const fold = planFolds({ bars: 200, settings: { ...defaults, count: 1 }, labelBars: 2 })[0]!;
    const usable = new Uint8Array(panel.rows);
    usable[3] = 1;
    expect(Array.from(foldRows(panel, target, fold, usable).train)).toEqual([3]);
  });

  it('refuses a target or a mask of another length', () => {
    const { panel, target } = fullPanel(60, 1);
    const fold = planFolds({ bars: 200, settings: { ...defaults, count: 1 }, labelBars: 2 })[0]!;
    expect(() => foldRows(panel, target.slice(1), fold)).toThrow(/expected 60, got 59/);
    expect(() => foldRows(panel, target, fold, new Uint8Array(1))).toThrow(/got 60 and 1/);
  });
});

function fullPanel(bars: number, symbols: number): { panel: Panel; target: Float64Array } {
  const { panel } = randomPanel(() => 0.999, 0, symbols, 0);
  const rows = bars * symbols;
  return {
    panel: {
      ...panel,
      rows,
      symbolOf: Uint32Array.from({ length: rows }, (_, row) => Math.floor(row / bars)),
      barOf: Uint32Array.from({ length: rows }, (_, row) => row % bars),
      times: Float64Array.from({ length: bars }, (_, i) => i),
    },
    target: Float64Array.from({ length: rows }, (_, row) => (row % bars < bars - 2 ? 0.01 : Number.NaN)),
  };
}
