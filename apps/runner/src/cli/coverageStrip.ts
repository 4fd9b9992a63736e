import type { QualityReport } from '@twostage/core/runs/events';

type Coverage = NonNullable<QualityReport['coverage']>;

/** How a share is drawn: nothing, then ever more, then every bar. */
export interface StripStyle {
  readonly none: string;
  readonly some: readonly string[];
  readonly all: string;
}

export const blocks: StripStyle = { none: '·', some: [...'▁▂▃▄▅▆▇'], all: '█' };
/** For pipes: tenths as digits, whole stretches as #. */
export const digits: StripStyle = { none: '.', some: [...'0123456789'], all: '#' };

/**
 * Symbol × time, a line a symbol: which share of the calendar's bars it has.
 * @param columns of the strip itself, without the names
 */
export function coverageStrips({ starts, bySymbol }: Coverage, columns: number, style: StripStyle): string[] {
  const width = Math.max(1, Math.min(columns, 2 * starts.length));
  const label = Math.max(0, ...bySymbol.map(({ symbol }) => symbol.length));
  return bySymbol.map(({ symbol, shares }) => `${symbol.padEnd(label)}  ${strip(shares, width, style)}`.trimEnd());
}

function strip(shares: readonly number[], width: number, style: StripStyle): string {
  return Array.from({ length: width }, (_, column) => {
    const first = Math.floor((column * shares.length) / width);
    const end = Math.max(first + 1, Math.floor(((column + 1) * shares.length) / width));
    const under = shares.slice(first, end);
    return glyph(under.reduce((sum, share) => sum + share, 0) / under.length, style);
  }).join('');
}

/** Only what lacks nothing is drawn whole, and only what has nothing empty. */
function glyph(share: number, { none, some, all }: StripStyle): string {
  if (share <= 0) return none;
  if (share >= 1 - 1e-9) return all;
  return some[Math.min(some.length - 1, Math.floor(share * some.length))]!;
}
