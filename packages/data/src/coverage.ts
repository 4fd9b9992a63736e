import type { QualityReport } from '@twostage/core/runs/events';
import type { Database } from './database.ts';
import type { LoadedBars } from './loadBars.ts';

/** Most columns and rows of the picture: more cannot be told apart on a screen. */
const mostStretches = 60;
const mostSymbols = 120;

/**
 * Which part of the calendar's bars each symbol has, stretch by stretch of the calendar; where there are many symbols, those that
 * miss most. From the table `bars` of `loadBars`.
 * @param times [bars], epoch milliseconds
 * @returns null without bars
 */
export async function readCoverage(
  db: Database,
  { symbols }: LoadedBars,
  times: Float64Array,
): Promise<NonNullable<QualityReport['coverage']> | null> {
  const bars = times.length;
  if (bars === 0) return null;
  const stretches = Math.min(mostStretches, bars);
  const stretchOf = (bar: number) => Math.floor((bar * stretches) / bars);
  const starts: number[] = [];
  const lengths = new Array<number>(stretches).fill(0);
  for (let bar = 0; bar < bars; bar++) {
    const stretch = stretchOf(bar);
    if (lengths[stretch]! === 0) starts.push(times[bar]!);
    lengths[stretch]! += 1;
  }
  const counts = await db.rows<{ symbol: number; stretch: number; n: number }>(
    `SELECT symbol::INTEGER AS symbol, (bar::BIGINT * ${stretches} // ${bars})::INTEGER AS stretch, count(*)::INTEGER AS n
     FROM bars GROUP BY ALL`,
  );
  const shares = symbols.map(() => new Array<number>(stretches).fill(0));
  const rows = new Array<number>(symbols.length).fill(0);
  for (const { symbol, stretch, n } of counts) {
    shares[symbol]![stretch] = n / lengths[stretch]!;
    rows[symbol]! += n;
  }
  const shown = [...symbols.keys()].sort((a, b) => rows[a]! - rows[b]! || a - b).slice(0, mostSymbols);
  if (symbols.length <= mostSymbols) shown.sort((a, b) => a - b);
  return { starts, bySymbol: shown.map((index) => ({ symbol: symbols[index]!.symbol, shares: shares[index]! })) };
}
