import { describe, expect, it } from 'vitest';
import { type FoldSettings, foldSettingsSchema } from '../runs/config.ts';
import { Random } from '../random.ts';
import { blockRows, withoutGaps } from './blockRows.ts';
import { checkFolds } from './checkFolds.ts';
import { closesBefore, labelsBefore } from './holdout.ts';
import { fitsOf, leastBars, planValidation, type ValidationPlan } from './planValidation.ts';
import { labelEndBar } from './realisedLabels.ts';
import { panelOf } from './testing/panelOf.ts';

const settingsOf = (given: Partial<FoldSettings> = {}): FoldSettings => foldSettingsSchema.parse(given);

function randomSettings(random: Random) {
  const cpcv = random.below(2) === 1;
  return {
    settings: settingsOf({
      validation: cpcv ? 'cpcv' : 'walk-forward',
      count: 1 + random.below(6),
      scheme: random.below(2) === 1 ? 'sliding' : 'expanding',
      groups: 4 + random.below(4),
      testGroups: 1 + random.below(2),
      embargoBars: random.below(12),
      validationFraction: 0.05 + 0.4 * random.uniform(),
      holdoutFraction: random.below(3) * 0.12,
    }),
    labelBars: random.below(15),
    lookback: random.below(40),
  };
}

describe('planValidation', () => {
  it('ends the folds a gap before the holdout, which a model of all that precedes is judged on', () => {
    const { folds, holdout, paths } = planValidation({
      bars: 1000,
      settings: settingsOf({ holdoutFraction: 0.15 }),
      labelBars: 6,
      lookback: 20,
    });
    expect(paths).toBeNull();
    expect(folds.map(({ fold }) => fold)).toEqual([0, 1, 2]);
    // 850 − (6 + 5)
    expect(folds.at(-1)!.test.at(-1)!.end).toBe(839);
    // 15 % of 839 are 126; 839 − 126 − 11
    expect(holdout).toEqual({
      fold: 3,
      train: [{ start: 0, end: 702 }],
      validation: [{ start: 713, end: 839 }],
      test: [{ start: 850, end: 1000 }],
      labelBars: 6,
      embargoBars: 5,
    });
  });

  it('is what it was without a holdout', () => {
    const { folds, holdout } = planValidation({ bars: 1000, settings: settingsOf(), labelBars: 2, lookback: 20 });
    expect(holdout).toBeNull();
    expect(folds.map(({ test }) => test)).toEqual([
      [{ start: 400, end: 600 }],
      [{ start: 600, end: 800 }],
      [{ start: 800, end: 1000 }],
    ]);
  });

  it('has paths over the groups of cpcv, all of them before the holdout', () => {
    const settings = settingsOf({ validation: 'cpcv', holdoutFraction: 0.1 });
    const { folds, paths, holdout } = planValidation({ bars: 1000, settings, labelBars: 6 });
    expect([folds.length, paths!.paths.length, fitsOf(settings)]).toEqual([15, 5, 16]);
    expect(paths!.groups.at(-1)!.end).toBe(889);
    expect(holdout!.fold).toBe(15);
  });

  it('says how many bars are needed, exactly', () => {
    const random = new Random(3);
    for (let trial = 0; trial < 25; trial++) {
      const { settings, labelBars, lookback } = randomSettings(random);
      const bars = leastBars(settings, labelBars, lookback);
      planValidation({ bars, settings, labelBars, lookback });
      expect(() => planValidation({ bars: bars - 1, settings, labelBars, lookback })).toThrow(
        expect.objectContaining({ code: 'TOO_FEW_BARS', message: expect.stringContaining(`at least ${bars} bars; `) }),
      );
    }
  });
});

describe('checkFolds', () => {
  it('never refuses what is planned, whose labels never touch what is judged', () => {
    const random = new Random(8);
    for (let trial = 0; trial < 40; trial++) {
      const { settings, labelBars, lookback } = randomSettings(random);
      const bars = leastBars(settings, labelBars, lookback) + random.below(200);
      const plan = planValidation({ bars, settings, labelBars, lookback });
      expect(() => checkFolds(plan, bars)).not.toThrow();
      const held = plan.holdout ? plan.holdout.test[0]!.start : Number.POSITIVE_INFINITY;
      for (const { train, validation, test } of plan.folds) {
        const used = new Uint8Array(bars);
        for (const { start, end } of [...train, ...validation, ...test])
          for (let bar = start; bar < end; bar++) used[bar]!++;
        expect(Math.max(...used)).toBe(1);
        if (plan.holdout) expect(used.lastIndexOf(1) + labelBars + settings.embargoBars).toBeLessThan(held);
      }
    }
  });

  const plan = planValidation({ bars: 1000, settings: settingsOf({ holdoutFraction: 0.2 }), labelBars: 6 });
  const doctored = (at: number, change: Partial<ValidationPlan['folds'][number]>): ValidationPlan => ({
    ...plan,
    folds: plan.folds.map((fold, i) => (i === at ? { ...fold, ...change } : fold)),
  });
  const { train, validation, test } = plan.folds[1]!;
  it.each([
    [
      'a training window one bar too long',
      { train: [{ start: 0, end: train[0]!.end + 1 }] },
      /fold 2 has training bars 0 to \d+ that overlap validation bars/,
    ],
    [
      'training within the test block',
      { train: [...train, { start: test[0]!.start + 5, end: test[0]!.end }] },
      /fold 2 has training bars \d+ to \d+ that overlap test bars/,
    ],
    [
      'training right after the test block',
      { train: [...train, { start: test[0]!.end + 10, end: test[0]!.end + 60 }] },
      /fold 2 .* overlap test bars/,
    ],
    ['early stopping on the test block', { validation: test }, /fold 2 has validation bars .* overlap test bars/],
    [
      'test blocks that overlap each other',
      { test: [test[0]!, { start: test[0]!.end - 1, end: test[0]!.end + 9 }] },
      /fold 2 has test bars .* overlap test bars/,
    ],
    [
      'a test block in the holdout',
      { test: [{ start: validation[0]!.end + 11, end: 801 }] },
      /fold 2 has test bars .* reach into the holdout, which begins at bar 800/,
    ],
    [
      'bars that do not exist',
      { test: [{ start: 900, end: 1001 }] },
      /fold 2 has test bars 900 to 1000, and the calendar has 1000/,
    ],
  ])('refuses %s, and names the fold', (_, change, message) => {
    expect(() => checkFolds(doctored(1, change), 1000)).toThrow(
      expect.objectContaining({ code: 'LEAK', message: expect.stringMatching(message) }),
    );
  });

  it('refuses a holdout that its own training reaches into', () => {
    const holdout = { ...plan.holdout!, train: [{ start: 0, end: 900 }] };
    expect(() => checkFolds({ ...plan, holdout }, 1000)).toThrow(
      /^the holdout has training bars 0 to 899 that overlap/,
    );
  });
});

describe('windows of cpcv', () => {
  it('reach back over no test block, and keep every other row', () => {
    const panel = panelOf(Array.from({ length: 600 }, () => [1, 1]));
    const target = new Float64Array(panel.rows).fill(1);
    const lookback = 12;
    const { folds } = planValidation({
      bars: 600,
      settings: settingsOf({ validation: 'cpcv' }),
      labelBars: 3,
      lookback,
    });
    for (const fold of folds) {
      const rows = blockRows(panel, target, fold);
      for (const block of ['train', 'validation'] as const) {
        const kept = withoutGaps(panel, rows[block], fold, lookback);
        const window = (row: number) => Array.from({ length: lookback }, (_, i) => panel.barOf[row]! - i);
        // The gap after a test block is part of what its window may not hold.
        const removed = (bar: number) =>
          bar < 0 || fold.test.some(({ start, end }) => bar >= start && bar < end + 8 && end < 600);
        const expected = rows[block].filter((row) => !window(row).some(removed));
        expect(Array.from(kept)).toEqual(Array.from(expected));
        expect(kept.length).toBeGreaterThan(0);
      }
    }
  });
});

describe('what the folds see of a holdout', () => {
  const panel = panelOf(Array.from({ length: 20 }, (_, bar) => [bar + 1, bar % 3 === 0 ? null : bar + 1]));
  const target = Float64Array.from({ length: panel.rows }, (_, row) => row);

  it('is no close of it, and no label that ends in it', () => {
    expect(Array.from(closesBefore(panel, 15).close, Number.isFinite)).toEqual(
      Array.from(panel.barOf, (bar) => bar < 15),
    );
    const labels = labelsBefore(panel, target, 3, 15);
    labels.forEach((value, row) => {
      expect(Number.isFinite(value)).toBe(labelEndBar(panel, row, 3) < 15);
      if (Number.isFinite(value)) expect(value).toBe(target[row]);
    });
  });
});
