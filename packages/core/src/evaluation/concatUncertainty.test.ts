import { expect, it } from 'vitest';
import { concatUncertainty } from './concatUncertainty.ts';
import type { Uncertainty } from './uncertainty.ts';

const of = (...numbers: number[]) => Float64Array.from(numbers);
const levels = [0.1, 0.9];

it.each<[Uncertainty, Uncertainty, Uncertainty]>([
  [
    { kind: 'quantiles', levels, values: of(1, 2) },
    { kind: 'quantiles', levels, values: of(3, 4, 5, 6) },
    { kind: 'quantiles', levels, values: of(1, 2, 3, 4, 5, 6) },
  ],
  [
    { kind: 'normal', deviations: of(1) },
    { kind: 'normal', deviations: of(2, 3) },
    { kind: 'normal', deviations: of(1, 2, 3) },
  ],
  [
    { kind: 'draws', perRow: 2, draws: of(1, 2) },
    { kind: 'draws', perRow: 2, draws: of() },
    { kind: 'draws', perRow: 2, draws: of(1, 2) },
  ],
])('%j and %j', (a, b, whole) => {
  expect(concatUncertainty([a, b])).toEqual(whole);
});

it.each<[Uncertainty[], RegExp]>([
  [[], /of one shape/],
  [
    [
      { kind: 'normal', deviations: of(1) },
      { kind: 'draws', perRow: 1, draws: of(1) },
    ],
    /deviations and 1 draws a row$/,
  ],
  [
    [
      { kind: 'quantiles', levels, values: of(1, 2) },
      { kind: 'quantiles', levels: [0.5], values: of(1) },
    ],
    /quantiles at 0.1, 0.9 and quantiles at 0.5$/,
  ],
])('refuses what is not of one shape: %#', (parts, message) => {
  expect(() => concatUncertainty(parts)).toThrow(
    expect.objectContaining({ code: 'SHAPE_MISMATCH', message: expect.stringMatching(message) }),
  );
});
