import { DomainError } from '@twostage/core/errors';
import { targetColumnPattern } from '@twostage/core/runs/targets';

export const timeSpellings = ['datetime', 'timestamp', 'ts', 'date', 'time'] as const;
const priceNames = ['open', 'high', 'low', 'close', 'volume'] as const;
const adjustedSpellings = ['adj close', 'adj_close', 'adjclose', 'adjusted close', 'adjusted_close', 'adjustedclose'];
const symbolSpellings = ['name', 'symbol', 'ticker'];

export type PriceName = (typeof priceNames)[number] | 'adjusted';

/** What each column of a file is, by its position. */
export interface ColumnRoles {
  /** One position, or two: a date and a time of day. */
  readonly time: readonly number[];
  readonly prices: Readonly<Partial<Record<PriceName, number>>>;
  readonly symbol: number | null;
  /** Columns whose name begins fwd_ret_ (or another computed target's prefix), y_ or target_. */
  readonly targets: readonly NamedColumn[];
  /** Everything else that has a name: features where they hold numbers. */
  readonly others: readonly NamedColumn[];
}
export interface NamedColumn {
  readonly name: string;
  readonly position: number;
}

/**
 * Assigns the roles from the header, any case.
 * @param file for messages
 * @throws DomainError BAD_FILE naming the file: no time column, no close column, a name that occurs twice
 */
export function columnRoles(file: string, header: readonly string[]): ColumnRoles {
  const names = header.map((name) => name.trim());
  const lower = names.map((name) => name.toLowerCase());
  const where = (spelling: string) => lower.indexOf(spelling);
  const shown = names.map((name) => name || '(no name)').join(', ');

  const found = timeSpellings.filter((spelling) => where(spelling) >= 0);
  if (found.length === 0) {
    throw new DomainError(
      'BAD_FILE',
      `${file}, line 1: no time column; one named ${[...timeSpellings].sort().join(', ')} (any case) is expected, the columns are ${shown}`,
    );
  }
  const split = found.includes('date') && found.includes('time') && found.length === 2;
  const time = split ? [where('date'), where('time')] : [where(found[0]!)];

  const prices: Partial<Record<PriceName, number>> = {};
  for (const name of priceNames) if (where(name) >= 0) prices[name] = where(name);
  const adjusted = adjustedSpellings.map(where).find((position) => position >= 0);
  if (adjusted !== undefined) prices.adjusted = adjusted;
  if (prices.close === undefined) {
    throw new DomainError('BAD_FILE', `${file}, line 1: no close column (any case); the columns are ${shown}`);
  }
  const symbol = symbolSpellings.map(where).find((position) => position >= 0) ?? null;

  const taken = new Set<number>([...Object.values(prices), ...(symbol === null ? [] : [symbol])]);
  for (const spelling of found) taken.add(where(spelling));
  const twice = lower.find((name, i) => name !== '' && lower.indexOf(name) !== i);
  if (twice !== undefined) throw new DomainError('BAD_FILE', `${file}, line 1: two columns are named ${twice}`);
  const targets: NamedColumn[] = [];
  const others: NamedColumn[] = [];
  names.forEach((name, position) => {
    // A column without a name is the row number that pandas writes beside its frames.
    if (taken.has(position) || name === '' || /^unnamed: \d+$/i.test(name)) return;
    (targetColumnPattern.test(name) ? targets : others).push({ name, position });
  });
  return { time, prices, symbol, targets, others };
}
