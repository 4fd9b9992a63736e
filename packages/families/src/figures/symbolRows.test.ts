import { expect, it } from 'vitest';
import { askedOf, linearMarket, rowsOfBars } from '../../test/simulatedMarket.ts';
import { mostTestedSymbol, priceLine, symbolRows } from './symbolRows.ts';

it('draws the symbol with the most test rows, from the first training bar to the last test bar', () => {
  const { panel } = linearMarket({ symbols: 3, bars: 20, features: 1, seed: 1, noise: 1, coefficients: () => [0] });
  const train = rowsOfBars(panel, 4, 10);
  const test = rowsOfBars(panel, 12, 18).filter((row) => panel.symbolOf[row] !== 0 || panel.barOf[row]! > 13);
  const context = { ...askedOf({ panel, target: new Float64Array(0) }, test), train, test };
  expect(mostTestedSymbol(context)).toBe(1);
  const rows = symbolRows(context, 1);
  expect(rows.map((row) => panel.barOf[row])).toEqual(Array.from({ length: 14 }, (_, i) => 4 + i));
  panel.close[rows[2]!] = Number.NaN;
  const line = priceLine(context, 1, rows);
  expect(line.symbol).toBe('S1');
  expect(line.close[2]).toBeNull();
  expect(line.close[3]).toBe(panel.close[rows[3]!]);
  expect(line.times[0]).toBe(panel.times[4]);
});
