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

/** What a folder's dataset.json says of its columns, over what their names say. */
export interface ColumnMapping {
  /** By role, the column as the header spells it, or two for the time: a day and a time of day. */
  readonly roles: Readonly<
    Partial<Record<PriceName | 'symbol', string> & { time: string | readonly [string, string] }>
  >;
  /** Columns that are nothing. */
  readonly ignore: readonly string[];
}

/** `Adj. Close`, `adj_close` and `<AdjClose>` are one. */
const plainName = (name: string): string => name.toLowerCase().replace(/[\s_.<>-]+/g, '');

/**
 * Assigns the roles from the header, any case, with or without spaces and underscores; a mapping goes before.
 * @param file for messages
 * @throws DomainError BAD_FILE naming the file: no time column, no close column, a name that occurs twice, a mapped column that is not there
 */
export function columnRoles(
  file: string,
  header: readonly string[],
  mapping: ColumnMapping | null = null,
): ColumnRoles {
  const given = header.map((name) => name.trim());
  if (mapping === null) return namedRoles(file, given, given);
  const { spelled, ignored } = applyMapping(file, given, mapping);
  const roles = namedRoles(file, given, spelled);
  const kept = ({ position }: NamedColumn) => !ignored.has(position);
  return { ...roles, targets: roles.targets.filter(kept), others: roles.others.filter(kept) };
}

/** The header as it would be spelled if the mapping were in its names; what only looks like a mapped role becomes a column like any other. */
function applyMapping(
  file: string,
  given: readonly string[],
  { roles, ignore }: ColumnMapping,
): { spelled: string[]; ignored: ReadonlySet<number> } {
  const shown = shownNames(given);
  const find = (name: string, use: string): number => {
    const exact = given.indexOf(name.trim());
    const position = exact >= 0 ? exact : given.findIndex((each) => each.toLowerCase() === name.trim().toLowerCase());
    if (position >= 0) return position;
    throw new DomainError('BAD_FILE', `${file}, line 1: dataset.json ${use} "${name}"; the columns are ${shown}`);
  };
  const spellings = new Map<number, string>();
  for (const [role, column] of Object.entries(roles) as [
    keyof ColumnMapping['roles'],
    string | readonly [string, string],
  ][]) {
    const columns = typeof column === 'string' ? [column] : column;
    columns.forEach((name, i) => {
      const position = find(name, `maps ${role} to`);
      if (spellings.has(position))
        throw new DomainError('BAD_FILE', `${file}: dataset.json maps two roles to the column ${given[position]}`);
      spellings.set(position, columns.length === 2 ? ['date', 'time'][i]! : canonical[role]);
    });
  }
  const ignored = new Set(ignore.map((name) => find(name, 'ignores')));
  const taken = new Set<string>(
    (Object.keys(roles) as (keyof ColumnMapping['roles'])[]).flatMap((role) => [...spellingsOf(role)]),
  );
  const spelled = given.map((name, position) => {
    const mapped = spellings.get(position);
    if (mapped !== undefined) return mapped;
    // A name that no role has.
    return ignored.has(position) || taken.has(plainName(name)) ? `${name} (${position})` : name;
  });
  return { spelled, ignored };
}

/** By position, the role that a column's name suggests; null: none. For a person to look over, so that nothing is refused. */
export function suggestedRoles(header: readonly string[]): (PriceName | 'symbol' | 'time' | null)[] {
  const plain = header.map((name) => plainName(name.trim()));
  const roles = Object.keys(canonical) as (PriceName | 'symbol' | 'time')[];
  const found = new Map<number, PriceName | 'symbol' | 'time'>();
  for (const role of roles) {
    const position = spellingsOf(role)
      .map((spelling) => plain.indexOf(spelling))
      .find((at) => at >= 0 && !found.has(at));
    if (position !== undefined) found.set(position, role);
  }
  return header.map((_, position) => found.get(position) ?? null);
}

const canonical: Record<PriceName | 'symbol' | 'time', string> = {
  ...{ time: 'datetime', symbol: 'symbol', open: 'open', high: 'high', low: 'low', close: 'close', volume: 'volume' },
  adjusted: 'adjclose',
};

const spellingsOf = (role: PriceName | 'symbol' | 'time'): readonly string[] =>
  role === 'time'
    ? timeSpellings
    : role === 'symbol'
      ? [...symbolSpellings, weakSymbolSpelling]
      : [...priceSpellings[role], ...(role === 'adjusted' ? [] : [initials[role]])];

/** @param given as a person knows them @param names that decide the roles */
function namedRoles(file: string, given: readonly string[], names: readonly string[]): ColumnRoles {
  const plain = names.map(plainName);
  const where = (spelling: string) => plain.indexOf(spelling);
  const firstOf = (spellings: readonly string[]) => spellings.map(where).find((position) => position >= 0);
  const shown = shownNames(given);

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
        : `${given[where(plain[twice]!)]} and ${given[twice]} name one column twice`;
    throw new DomainError('BAD_FILE', `${file}, line 1: ${both}`);
  }
  const targets: NamedColumn[] = [];
  const others: NamedColumn[] = [];
  names.forEach((name, position) => {
    // A column without a name is the row number that pandas writes beside its frames.
    if (taken.has(position) || name === '' || /^unnamed: \d+$/i.test(name)) return;
    (targetColumnPattern.test(name) ? targets : others).push({ name: given[position]!, position });
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
