import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '@twostage/core/random';
import { groupByBar } from './crossSection.ts';
import { clipAt, robustZScore } from './robustZScore.ts';

const { cases } = JSON.parse(readFileSync(new URL('./golden/robust_z.json', import.meta.url), 'utf8')) as {
  cases: { values: (number | null)[]; scores: (number | null)[] }[];
};
const orNaN = (values: readonly (number | null)[]) => Float64Array.from(values, (value) => value ?? Number.NaN);

describe('robustZScore', () => {
  it.each(cases)('of one bar is what scipy computes: $values', ({ values, scores }) => {
    const column = orNaN(values);
    robustZScore(column, groupByBar(new Uint32Array(values.length), 1));
    scores.forEach((score, i) => {
      if (score === null) expect(column[i]).toBeNaN();
      else expect(column[i]).toBeCloseTo(score, 12);
    });
  });

  it('looks at no other bar', () => {
    const { values, scores } = cases[0]!;
    const n = values.length;
    // Two bars in turn, as rows sorted by symbol have them; the other bar is wild.
    const column = Float64Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? values[i >> 1]! : 1e9 * (i % 5)));
    const barOf = Uint32Array.from({ length: 2 * n }, (_, i) => i % 2);
    robustZScore(column, groupByBar(barOf, 2));
    scores.forEach((score, i) => {
      expect(column[2 * i]).toBeCloseTo(score!, 12);
    });
  });

  it('leaves bars without rows alone', () => {
    const column = Float64Array.of(1, 2, 3, 4, 5);
    robustZScore(column, groupByBar(Uint32Array.of(2, 2, 2, 2, 2), 4));
    expect(column[2]).toBe(0);
    expect(column[4]).toBeCloseTo(2 / 1.4826022185056018, 12);
  });

  /** The definition, by sorting. */
  function bySorting(values: readonly number[]): number[] {
    const middle = (of: readonly number[]) => {
      const sorted = Float64Array.from(of).sort();
      const half = sorted.length >> 1;
      return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
    };
    const present = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
    if (present.length < 5) return values.map(() => Number.NaN);
    const center = middle(present);
    const deviations = present.map((value) => Math.abs(value - center));
    const mean = deviations.reduce((sum, each) => sum + each, 0) / deviations.length;
    const scale = middle(deviations) > 0 ? 1.4826022185056018 * middle(deviations) : 1.2533141373155001 * mean;
    return values.map((value) =>
      scale === 0 && !Number.isNaN(value) ? 0 : Math.max(-clipAt, Math.min(clipAt, (value - center) / scale)),
    );
  }

  it.each([
    ['all different', (random: Random) => random.normal()],
    ['many equal', (random: Random) => Math.floor(3 * random.uniform())],
    ['nearly all equal', (random: Random) => (random.uniform() < 0.9 ? 7 : random.normal())],
    ['one value', () => 0.1],
    ['with holes', (random: Random) => (random.uniform() < 0.3 ? Number.NaN : random.normal())],
    ['heavy tails', (random: Random) => 1 / random.normal()],
  ])('gives the bits that sorting gives: %s', (_, draw) => {
    const random = new Random(11);
    for (const n of [1, 4, 5, 6, 7, 12, 31, 64, 65, 200, 1001]) {
      for (let repeat = 0; repeat < 20; repeat++) {
        const values = Array.from({ length: n }, () => draw(random));
        const scores = Float64Array.from(values);
        robustZScore(scores, groupByBar(new Uint32Array(n), 1));
        expect(scores).toEqual(Float64Array.from(bySorting(values)));
      }
    }
  });

  it('takes no longer where all values are equal, sorted or turned round', () => {
    const n = 200_000;
    const byBar = groupByBar(new Uint32Array(n), 1);
    for (const value of [() => 1, (i: number) => i, (i: number) => -i, (i: number) => i % 2]) {
      const column = Float64Array.from({ length: n }, (_, i) => value(i));
      const begin = performance.now();
      robustZScore(column, byBar);
      // Quadratic time would be half a minute.
      expect(performance.now() - begin).toBeLessThan(5000);
    }
  });
});
