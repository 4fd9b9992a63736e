import { describe, expect, it } from 'vitest';
import type { Panel } from './panel.ts';
import { keepRows, windowMask } from './windows.ts';

function panelOf(barsBySymbol: readonly (readonly number[])[]): Panel {
  const barOf = barsBySymbol.flat();
  return {
    rows: barOf.length,
    symbols: barsBySymbol.map((_, i) => `S${i}`),
    featureNames: [],
    features: new Float32Array(0),
    symbolOf: Uint32Array.from(barsBySymbol.flatMap((bars, symbol) => bars.map(() => symbol))),
    barOf: Uint32Array.from(barOf),
    times: Float64Array.from({ length: Math.max(...barOf) + 1 }, (_, i) => i),
    close: new Float64Array(barOf.length).fill(1),
  };
}

describe('windowMask', () => {
  it.each([
    [
      'never crosses a symbol',
      [
        [0, 1, 2],
        [0, 1, 2, 3],
      ],
      3,
      0,
      [0, 0, 1, 0, 0, 1, 1],
    ],
    ['begins anew after a gap that is too long', [[0, 1, 2, 5, 6, 7]], 3, 1, [0, 0, 1, 0, 0, 1]],
    ['spans a gap that is allowed', [[0, 1, 2, 5, 6, 7]], 3, 2, [0, 0, 1, 1, 1, 1]],
    ['is every row for one bar', [[0, 9], [4]], 1, 0, [1, 1, 1]],
    [
      'is no row of a symbol that is too short',
      [
        [0, 1],
        [0, 1, 2],
      ],
      3,
      0,
      [0, 0, 0, 0, 1],
    ],
  ])('%s', (_, barsBySymbol, lookback, maxGapBars, expected) => {
    expect(Array.from(windowMask(panelOf(barsBySymbol), lookback, maxGapBars))).toEqual(expected);
  });
});

it('keepRows keeps the order', () => {
  expect(Array.from(keepRows(Uint32Array.of(4, 0, 3), Uint8Array.of(1, 1, 1, 0, 1)))).toEqual([4, 0]);
});
