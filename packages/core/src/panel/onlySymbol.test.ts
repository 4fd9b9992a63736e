import { expect, it } from 'vitest';
import { onlySymbol } from './onlySymbol.ts';
import type { Panel } from './panel.ts';

const whole: Panel = {
  rows: 5,
  symbols: ['A', 'B'],
  featureNames: ['x', 'y'],
  features: Float32Array.of(1, 2, 3, 4, 5, 10, 20, 30, 40, 50),
  symbolOf: Uint32Array.of(0, 0, 1, 1, 1),
  barOf: Uint32Array.of(0, 2, 0, 1, 2),
  times: Float64Array.of(100, 200, 300),
  close: Float64Array.of(6, 7, 8, 9, 10),
};

it('takes the rows of one symbol and keeps the calendar', () => {
  const { panel, firstRow } = onlySymbol(whole, 'B');
  expect(firstRow).toBe(2);
  expect(panel).toEqual({
    rows: 3,
    symbols: ['B'],
    featureNames: ['x', 'y'],
    features: Float32Array.of(3, 4, 5, 30, 40, 50),
    symbolOf: Uint32Array.of(0, 0, 0),
    barOf: Uint32Array.of(0, 1, 2),
    times: Float64Array.of(100, 200, 300),
    close: Float64Array.of(8, 9, 10),
  });
  expect(onlySymbol(whole, 'A').panel).toMatchObject({ rows: 2, barOf: Uint32Array.of(0, 2) });
});

it('names the symbols that are there', () => {
  expect(() => onlySymbol(whole, 'C')).toThrow(
    expect.objectContaining({ code: 'UNKNOWN_SYMBOL', message: expect.stringMatching(/"C"; it has A, B$/) }),
  );
  expect(() => onlySymbol({ ...whole, symbols: ['A', 'B', 'C'] }, 'C')).toThrow(/no rows of the symbol "C"/);
});
