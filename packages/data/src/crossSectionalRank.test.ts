import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crossSectionalRank } from './crossSectionalRank.ts';
import { groupByBar } from './crossSection.ts';

const { cases } = JSON.parse(readFileSync(new URL('./golden/cross_rank.json', import.meta.url), 'utf8')) as {
  cases: { values: (number | null)[]; scores: (number | null)[] }[];
};

describe('crossSectionalRank', () => {
  it.each(cases)('of one bar is what scipy computes: $values', ({ values, scores }) => {
    const column = Float64Array.from(values, (value) => value ?? Number.NaN);
    crossSectionalRank(column, groupByBar(new Uint32Array(values.length), 1));
    scores.forEach((score, i) => {
      if (score === null) expect(column[i]).toBeNaN();
      else expect(column[i]).toBeCloseTo(score, 12);
    });
  });

  it('looks at no other bar, and takes float32 too', () => {
    const column = Float32Array.of(5, 1, 4, 100, 3, 1e9, 2, -7, 1, 0);
    crossSectionalRank(column, groupByBar(Uint32Array.of(0, 1, 0, 1, 0, 1, 0, 1, 0, 1), 2));
    const steps = [0.4, 0.2, 0, -0.2, -0.4].map((step) => step * Math.sqrt(12));
    steps.forEach((step, i) => {
      expect(column[2 * i]).toBeCloseTo(step, 6);
    });
  });
});
