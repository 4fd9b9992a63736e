import { expect, it } from 'vitest';
import { learningRateScale } from './schedule.ts';

const over = (schedule: Parameters<typeof learningRateScale>[0], total: number) =>
  Array.from({ length: total }, (_, i) => learningRateScale(schedule, i + 1, total));

it('stays, falls as a half cosine, or rises over a tenth of the steps and then falls', () => {
  expect(over('constant', 3)).toEqual([1, 1, 1]);
  const cosine = over('cosine', 4);
  // cos of 0, 45, 90 and 135 degrees.
  [1, (1 + Math.SQRT1_2) / 2, 0.5, (1 - Math.SQRT1_2) / 2].forEach((value, i) => {
    expect(cosine[i]).toBeCloseTo(value, 12);
  });
  const warm = over('warmupCosine', 40);
  expect(warm.slice(0, 4)).toEqual([0.25, 0.5, 0.75, 1]);
  expect(warm.slice(4).every((value, i) => value < warm[i + 3]! && value > 0)).toBe(true);
  expect(warm.at(-1)).toBeLessThan(0.01);
  expect(over('warmupCosine', 1)).toEqual([1]);
});
