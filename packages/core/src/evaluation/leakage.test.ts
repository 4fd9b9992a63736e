import { describe, expect, it } from 'vitest';
import type { Panel } from '../panel/panel.ts';
import { Random } from '../random.ts';
import { combinatorialFolds, combinatorialRows } from './combinatorialFolds.ts';
import { evaluate } from './evaluate.ts';
import { foldRows, planFolds } from './folds.ts';

const [symbols, bars, labelBars, neighbours] = [5, 900, 20, 10];
const random = new Random(42);

/**
 * Features that wander and so are alike on neighbouring bars; targets that are sums of the next 20 of nothing but noise, alike on
 * neighbouring bars too, because they share it. Nothing can be learnt, but bars beside a tested one give its target away.
 */
const panel: Panel = {
  rows: symbols * bars,
  symbols: Array.from({ length: symbols }, (_, i) => `S${i}`),
  featureNames: ['a', 'b', 'c'],
  features: randomWalks(3 * symbols),
  symbolOf: Uint32Array.from({ length: symbols * bars }, (_, row) => Math.floor(row / bars)),
  barOf: Uint32Array.from({ length: symbols * bars }, (_, row) => row % bars),
  times: Float64Array.from({ length: bars }, (_, bar) => bar * 86_400_000),
  close: new Float64Array(symbols * bars).fill(1),
};
const target = overlappingSums();

function randomWalks(count: number): Float32Array {
  const walks = new Float32Array(count * bars);
  for (let i = 0; i < walks.length; i++) walks[i] = (i % bars === 0 ? 0 : walks[i - 1]!) + random.normal();
  return walks;
}

function overlappingSums(): Float64Array {
  const sums = new Float64Array(panel.rows).fill(Number.NaN);
  for (let symbol = 0; symbol < symbols; symbol++) {
    const noise = Float64Array.from({ length: bars }, () => random.normal());
    for (let bar = 0; bar + labelBars < bars; bar++) {
      sums[symbol * bars + bar] = noise.subarray(bar + 1, bar + labelBars + 1).reduce((a, b) => a + b);
    }
  }
  return sums;
}

/** Mean target of the nearest training rows. */
function nearest(train: Uint32Array, test: Uint32Array): Float64Array {
  const { features, rows } = panel;
  return Float64Array.from(test, (row) => {
    const distances = new Float64Array(neighbours).fill(Number.POSITIVE_INFINITY);
    const found = new Float64Array(neighbours);
    for (const other of train) {
      let distance = 0;
      for (let j = 0; j < 3; j++) distance += (features[j * rows + row]! - features[j * rows + other]!) ** 2;
      if (distance >= distances[neighbours - 1]!) continue;
      let at = neighbours - 1;
      for (; at > 0 && distances[at - 1]! > distance; at--) {
        distances[at] = distances[at - 1]!;
        found[at] = found[at - 1]!;
      }
      distances[at] = distance;
      found[at] = target[other]!;
    }
    return found.reduce((a, b) => a + b) / neighbours;
  });
}

/** Figures over all test blocks pooled. */
function judged(splits: readonly { train: Uint32Array; test: Uint32Array }[]) {
  const pooled = splits.flatMap(({ train, test }) => {
    const predictions = nearest(train, test);
    const trainMean = train.reduce((sum, row) => sum + target[row]!, 0) / train.length;
    return Array.from(test, (row, i) => ({ row, prediction: predictions[i]!, trainMean }));
  });
  pooled.sort((a, b) => panel.barOf[a.row]! - panel.barOf[b.row]! || a.row - b.row);
  return evaluate({
    panel,
    target,
    labelBars,
    rows: Uint32Array.from(pooled, ({ row }) => row),
    predictions: Float64Array.from(pooled, ({ prediction }) => prediction),
    trainMean: Float64Array.from(pooled, ({ trainMean }) => trainMean),
  });
}

function expectNothingLearnt({ r2, ic, rankIc, standardErrors }: ReturnType<typeof judged>): void {
  expect(r2).toBeLessThanOrEqual(0);
  expect(Math.abs(ic!)).toBeLessThanOrEqual(3 * standardErrors!.ic!);
  expect(Math.abs(rankIc!)).toBeLessThanOrEqual(3 * standardErrors!.rankIc!);
}

describe('of pure noise with overlapping labels', () => {
  it('purged walk-forward folds learn nothing', () => {
    const folds = planFolds({
      bars,
      labelBars,
      settings: { count: 3, scheme: 'expanding', embargoBars: 5, validationFraction: 0.15 },
    });
    expectNothingLearnt(judged(folds.map((fold) => foldRows(panel, target, fold))));
  });

  it('purged combinatorial splits learn nothing', () => {
    const splits = combinatorialFolds({ bars, groups: 5, testGroups: 1, labelBars, embargoBars: 5 });
    expectNothingLearnt(judged(splits.map((split) => combinatorialRows(panel, target, split))));
  });

  it('combinatorial splits of short groups learn nothing either, and seem to where they are not purged', () => {
    const groups = { bars, groups: 90, testGroups: 1 };
    const purged = combinatorialFolds({ ...groups, labelBars, embargoBars: 5 });
    expectNothingLearnt(judged(purged.map((split) => combinatorialRows(panel, target, split))));
    const open = judged(
      combinatorialFolds({ ...groups, labelBars: 0, embargoBars: 0 }).map((split) =>
        combinatorialRows(panel, target, split),
      ),
    );
    expect(open.r2).toBeGreaterThan(0.1);
    expect(open.ic! / open.standardErrors!.ic!).toBeGreaterThan(5);
  });

  it('shuffled folds seem to learn a lot: what purging takes away', () => {
    const rows = Uint32Array.from({ length: panel.rows }, (_, row) => row).filter((row) =>
      Number.isFinite(target[row]!),
    );
    random.shuffle(rows);
    const inFold = (fold: number) => (_: number, i: number) => i % 5 === fold;
    const shuffled = judged(
      [0, 1, 2, 3, 4].map((fold) => ({
        train: rows.filter((row, i) => !inFold(fold)(row, i)),
        test: rows.filter(inFold(fold)),
      })),
    );
    expect(shuffled.r2).toBeGreaterThan(0.5);
    expect(shuffled.ic! / shuffled.standardErrors!.ic!).toBeGreaterThan(10);
  });
});
