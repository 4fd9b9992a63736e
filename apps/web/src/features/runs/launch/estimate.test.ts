import { expect, it } from 'vitest';
import { estimateMs } from './estimate.ts';

const run = (seconds: number | null, total: number) => ({
  startedAt: new Date(0),
  endedAt: seconds === null ? null : new Date(seconds * 1000),
  trainings: { total, running: 0, completed: total, failed: 0 },
});

it('takes the median time a training of earlier runs', () => {
  expect(estimateMs([run(10, 5), run(40, 10), run(300, 3)], 5)).toBe(20_000);
  expect(estimateMs([run(10, 5), run(40, 10)], 2)).toBe(6000);
});
it('says nothing where nothing is known', () => {
  expect(estimateMs([], 5)).toBeNull();
  expect(estimateMs([run(null, 5), run(9, 0)], 5)).toBeNull();
  expect(estimateMs([run(10, 5)], 0)).toBeNull();
});
