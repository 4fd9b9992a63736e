import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { groupByBar, robustZScore } from './robustZScore.ts';

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
});
