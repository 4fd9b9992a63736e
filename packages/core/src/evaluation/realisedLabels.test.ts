import { expect, it } from 'vitest';
import type { Panel } from '../panel/panel.ts';
import { labelEndBar, realisedLabels } from './realisedLabels.ts';

/** Two symbols; the first misses bar 2. */
const panel: Panel = {
  rows: 7,
  symbols: ['A', 'B'],
  featureNames: [],
  features: new Float32Array(0),
  symbolOf: Uint32Array.of(0, 0, 0, 1, 1, 1, 1),
  barOf: Uint32Array.of(0, 1, 3, 0, 1, 2, 3),
  times: Float64Array.of(0, 1, 2, 3),
  close: new Float64Array(7).fill(1),
};

it('shows a label once the bar on which it ends has closed', () => {
  const realised = realisedLabels(panel, Float64Array.of(10, 11, 12, 20, 21, 22, Number.NaN), 2);
  expect(labelEndBar(panel, 0, 2)).toBe(3);
  expect([0, 1, 2, 3].map((bar) => realised(0, bar))).toEqual([Number.NaN, Number.NaN, Number.NaN, 10]);
  expect([1, 2, 3].map((bar) => realised(3, bar))).toEqual([Number.NaN, 20, 20]);
  // No row two further on: not before two bars have passed.
  expect([2, 3].map((bar) => realised(1, bar))).toEqual([Number.NaN, 11]);
  expect(realised(6, 9)).toBeNaN();
});
