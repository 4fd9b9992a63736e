import { expect, it } from 'vitest';
import { thin, thinIndices } from './thin.ts';

it.each([
  [0, 5, []],
  [3, 5, [0, 1, 2]],
  [9, 5, [0, 2, 4, 6, 8]],
  [10, 4, [0, 3, 6, 9]],
  [7, 2, [0, 6]],
  [7, 1, [6]],
])('of %d items at most %d are %j', (count, most, expected) => {
  expect(thinIndices(count, most)).toEqual(expected);
});

it('keeps both ends and no double of many', () => {
  const kept = thinIndices(93_000);
  expect([kept.length, kept[0], kept.at(-1), new Set(kept).size]).toEqual([600, 0, 92_999, 600]);
});

it('thins columns together, and has null where a number is not finite', () => {
  const { axis, columns } = thin(Float64Array.of(1, 2, 3, 4, 5), [Float64Array.of(Number.NaN, 0, 7, 0, 9)], 3);
  expect(axis).toEqual([1, 3, 5]);
  expect(columns).toEqual([[null, 7, 9]]);
});
