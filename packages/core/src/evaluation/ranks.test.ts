import { expect, it } from 'vitest';
import { Random } from '../random.ts';
import { ascendingOrder } from './ascendingOrder.ts';
import { averageRanks, tiedPlaces } from './ranks.ts';

const random = new Random(17);
/** Far apart, close together, of both signs, with ties, the smallest and the largest. */
const values = Float64Array.from({ length: 6000 }, (_, i) => {
  const special = [0, -0, 5e-324, -5e-324, 1.7e308, -1.7e308, 1, 1 + Number.EPSILON];
  if (i % 10 === 0) return special[random.below(special.length)]!;
  return i % 3 === 0 ? Math.round(4 * random.normal()) : random.normal() * 10 ** (random.below(40) - 20);
});

it('orders any numbers as a stable sort by comparison does', () => {
  const expected = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
  expect(ascendingOrder(values)).toEqual(expected);
  expect(ascendingOrder([])).toHaveLength(0);
  expect([...ascendingOrder([2, 2, -1])]).toEqual([2, 0, 1]);
});

it('ranks many values as it ranks few', () => {
  const { start, end } = tiedPlaces(values);
  const sorted = values.slice().sort();
  const ranks = averageRanks(values);
  values.forEach((value, i) => {
    const [first, last] = [sorted.indexOf(value), sorted.lastIndexOf(value)];
    expect([start[i], end[i], ranks[i]]).toEqual([first, last + 1, (first + last) / 2 + 1]);
  });
});
