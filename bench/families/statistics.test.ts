import { expect, it } from 'vitest';
import { exceeds, paired, pooledMean } from './statistics.ts';

it('differences of pairs have the mean and standard error worked by hand', () => {
  // Deviations −1, 0, 1: sample variance 1, over 3 pairs.
  const difference = paired([1, 2, 3]);
  expect(difference.mean).toBe(2);
  expect(difference.error).toBeCloseTo(1 / Math.sqrt(3), 15);
  expect(exceeds(difference, 2)).toBe(true);
  expect(exceeds(difference, 4)).toBe(false);
  expect(exceeds(paired([-0.1, 0.1, -0.1]), -1)).toBe(true);
  expect(exceeds(paired([-1, -1.1, -0.9]), -1)).toBe(false);
});

it('one pair has no error, and no difference that is no number exceeds anything', () => {
  expect(paired([0.5])).toEqual({ mean: 0.5, error: null });
  expect(exceeds(paired([0.5]), 2)).toBe(true);
  expect(exceeds(paired([-0.5]), 2)).toBe(false);
  expect(exceeds(paired([1, Number.NaN]), 2)).toBe(false);
});

it('independent figures pool by the sum of their variances', () => {
  const pooled = pooledMean([
    { value: 1, error: 3 },
    { value: 3, error: 4 },
  ]);
  expect(pooled).toEqual({ mean: 2, error: 2.5 });
});
