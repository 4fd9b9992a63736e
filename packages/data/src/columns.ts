import { DomainError } from '@twostage/core/errors';
import { targetColumnPattern } from '@twostage/core/runs/targets';

export const timeSpellings = ['datetime', 'timestamp', 'ts', 'date', 'time'] as const;
/** Of the column or the partition that says whose a row is. */
export const symbolSpellings: readonly string[] = ['symbol', 'ticker', 'code', 'asset', 'instrument'];
/** Often a company's name, so it counts as the symbol only where two of them share a bar. */
const weakSymbolSpelling = 'name';
const priceSpellings = {
  open: ['open'],
  high: ['high'],
  low: ['low'],
  close: ['close'],
  volume: ['volume', 'vol'],
  adjusted: ['adjclose', 'adjustedclose'],
} as const;
/** Initials mean prices only beside each other: where the close is called c. */
const initials = { open: 'o', high: 'h', low: 'l', close: 'c', volume: 'v' } as const;

export type PriceName = keyof typeof priceSpellings;

/** What each column of a file is, by its position. */
export interface ColumnRoles {
  /** One position, or two: a date and a time of day. */
  readonly time: readonly number[];
  readonly prices: Readonly<Partial<Record<PriceName, number>>>;
  readonly symbol: number | null;
  /** Whether `symbol` may be a company's name. */
  readonly symbolIsWeak: boolean;
  /** Columns whose name begins fwd_ret_ (or another computed target's prefix), y_ or target_. */
  readonly targets: readonly NamedColumn[];
  /** Everything else that has a name: features where they hold numbers. */
  readonly others: readonly NamedColumn[];
}
export interface NamedColumn {
  readonly name: string;
  readonly position: number;
}

/** `Adj. Close`, `adj_close` and `<AdjClose>` are one. */
const plainName = (name: string): string => name.toLowerCase().replace(/[\s_.<>-]+/g, '');

/**
 * Assigns the roles from the header, any case, with or without spaces and underscores.
 * @param file for messages
 * @throws DomainError BAD_FILE naming the file: no time column, no close column, a name that occurs twice
 */
export function columnRoles(file: string, header: readonly string[]): ColumnRoles {
  const names = header.map((name) => name.trim());
  const plain = names.map(plainName);
  const where = (spelling: string) => plain.indexOf(spelling);
  const firstOf = (spellings: readonly string[]) => spellings.map(where).find((position) => position >= 0);
  const shown = shownNames(names);

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
  const byInitials = where('close') < 0 && where('c') >= 0;
  for (const price of Object.keys(priceSpellings) as PriceName[]) {
    const initial = byInitials && price !== 'adjusted' ? [initials[price]] : [];
    const position = firstOf([...priceSpellings[price], ...initial]);
    if (position !== undefined) prices[price] = position;
  }
  if (prices.close === undefined) {
    throw new DomainError('BAD_FILE', `${file}, line 1: no close column (any case); the columns are ${shown}`);
  }
  const strong = firstOf(symbolSpellings);
  const symbol = strong ?? firstOf([weakSymbolSpelling]) ?? null;

  const taken = new Set<number>([...Object.values(prices), ...(symbol === null ? [] : [symbol])]);
  for (const spelling of found) taken.add(where(spelling));
  // What is told apart by its role must not come twice in any spelling; features may differ by an underscore.
  const lower = names.map((name) => name.toLowerCase());
  const twice = names.findIndex(
    (name, i) => name !== '' && (lower.indexOf(lower[i]!) !== i || (taken.has(where(plain[i]!)) && !taken.has(i))),
  );
  if (twice >= 0) {
    const first = lower[where(plain[twice]!)]!;
    const both =
      first === lower[twice]
        ? `two columns are named ${first}`
        : `${names[where(plain[twice]!)]} and ${names[twice]} name one column twice`;
    throw new DomainError('BAD_FILE', `${file}, line 1: ${both}`);
  }
  const targets: NamedColumn[] = [];
  const others: NamedColumn[] = [];
  names.forEach((name, position) => {
    // A column without a name is the row number that pandas writes beside its frames.
    if (taken.has(position) || name === '' || /^unnamed: \d+$/i.test(name)) return;
    (targetColumnPattern.test(name) ? targets : others).push({ name, position });
  });
  return { time, prices, symbol, symbolIsWeak: strong === undefined, targets, others };
}

function shownNames(names: readonly string[]): string {
  const most = 40;
  const shown = names
    .slice(0, most)
    .map((name) => (name.length > most ? `${name.slice(0, most)}…` : name) || '(no name)');
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : shown.join(', ');
}
