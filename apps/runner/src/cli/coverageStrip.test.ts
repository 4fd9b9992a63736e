import { describe, expect, it } from 'vitest';
import { blocks, coverageStrips, digits } from './coverageStrip.ts';

const starts = [0, 1, 2, 3];
const bySymbol = [
  { symbol: 'A', shares: [1, 0.999, 0.5, 0] },
  { symbol: 'LONG', shares: [0.01, 0, 1, 1] },
];

describe('coverage as text', () => {
  it('is a line a symbol, names aligned, whole and empty never mistaken for nearly so', () => {
    expect(coverageStrips({ starts, bySymbol }, 4, digits)).toEqual(['A     #95.', 'LONG  0.##']);
    expect(coverageStrips({ starts, bySymbol }, 4, blocks)).toEqual(['A     █▇▄·', 'LONG  ▁·██']);
  });

  it('is as wide as there is room, and no wider than twice what is known', () => {
    expect(coverageStrips({ starts, bySymbol }, 100, digits)).toEqual(['A     ##9955..', 'LONG  00..####']);
    expect(coverageStrips({ starts, bySymbol }, 2, digits)).toEqual(['A     92', 'LONG  0#']);
    expect(coverageStrips({ starts, bySymbol }, -3, digits)).toEqual(['A     6', 'LONG  5']);
  });
});
