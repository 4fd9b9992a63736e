import { DomainError } from '@twostage/core/errors';
import type { FeatureExpression } from '@twostage/core/runs/featureExpressions';
import { type Database, quoteName, reasonOf } from '../database.ts';
import type { LoadedBars } from '../loadBars.ts';
import { checkCausality } from './checkCausality.ts';
import { checkExpression } from './checkExpression.ts';
import { refuse, type UserFeature } from './userFeature.ts';

export interface UserFeaturePlan {
  readonly name: string;
  /** One row a bar: symbol, sn, and the DOUBLE column `value`, NULL where it is missing or not finite. */
  readonly query: string;
}

/**
 * The user's own features, each an SQL expression of a bar's columns and of the symbol's bars before it.
 *
 * An expression sees open, high, low, close and volume (scaled by the adjusted close where there is one), adj_close, time, the
 * files' other numeric columns, and the expressions before it by their names; one whose name begins with _ is such a step and no
 * feature. Windows are `w20` (the last 20 bars, this one included; any number) and `past` (all bars so far):
 *
 *     "momentum": "close / avg(close) OVER w20 - 1"
 *     "_move":    "close / lag(close) OVER past - 1",    "volatility": "stddev_samp(_move) OVER w60"
 *
 * @throws DomainError INVALID_INPUT, one line with the feature's name: a parse error with its position, a column or function that
 *   is not there, an aggregate without a window, a window that reaches later bars or other symbols, a result that is no number, or
 *   values that were seen to move with later bars
 */
export async function planUserFeatures(
  db: Database,
  loaded: LoadedBars,
  expressions: readonly FeatureExpression[],
  /** Names that the other features have. */
  taken: ReadonlySet<string>,
): Promise<UserFeaturePlan[]> {
  const source = sourceOf(loaded);
  const planned: UserFeature[] = [];
  for (const each of expressions) planned.push(await planOne(db, loaded, source, planned, each, taken));
  return planned.flatMap(({ name }, i) =>
    name.startsWith('_')
      ? []
      : [{ name, query: valueQuery(layered(source.sqlOver('bars'), planned.slice(0, i + 1)), name) }],
  );
}

/**
 * What is wrong with each, where `planUserFeatures` would stop at the first. One that names another with a fault is not tried.
 * @returns messages by name, without the name; features that may be are not in it
 */
export async function findFeatureFaults(
  db: Database,
  loaded: LoadedBars,
  expressions: readonly FeatureExpression[],
  taken: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const source = sourceOf(loaded);
  const planned: UserFeature[] = [];
  const faults = new Map<string, string>();
  for (const each of expressions) {
    const broken = [...faults.keys()].find((name) => new RegExp(`\\b${name}\\b`, 'i').test(each.expression));
    if (broken !== undefined && !source.columns.has(broken.toLowerCase())) {
      faults.set(each.name, `it names ${broken}, which has a fault of its own`);
      continue;
    }
    try {
      planned.push(await planOne(db, loaded, source, planned, each, taken));
    } catch (error) {
      db.checkCancelled();
      if (!(error instanceof DomainError)) throw error;
      faults.set(each.name, error.message.replace(`feature "${each.name}": `, ''));
    }
  }
  return faults;
}

async function planOne(
  db: Database,
  loaded: LoadedBars,
  source: Source,
  before: readonly UserFeature[],
  { name, expression }: FeatureExpression,
  taken: ReadonlySet<string>,
): Promise<UserFeature> {
  const columns = new Set([...source.columns, ...before.map((feature) => feature.name.toLowerCase())]);
  if ([...columns, ...ownColumns].includes(name.toLowerCase()) || taken.has(name))
    refuse(name, 'a column or feature of this name exists already');
  const windows = await checkExpression(db, name, expression, { columns, targets: loaded.fileTargets });
  const feature = { name, expression, windows };
  const queryOver = (bars: string) => layered(source.sqlOver(bars), [...before, feature]);
  await checkType(db, name, queryOver('bars'));
  await checkCausality(db, name, queryOver);
  return feature;
}

/** Of the tables, which no expression may name but as PARTITION BY symbol. */
const ownColumns = ['symbol', 'sn'];

interface Source {
  /** Lower case */
  readonly columns: ReadonlySet<string>;
  /** @param bars a table or query with the columns of the table `bars` */
  readonly sqlOver: (bars: string) => string;
}

const priceColumns = { open: 'o', high: 'h', low: 'l', close: 'c', volume: 'v' } as const;

function sourceOf({ prices, extras }: LoadedBars): Source {
  const select = new Map<string, string>([['time', 'make_timestamp(t)']]);
  for (const [name, column] of Object.entries(priceColumns))
    if (prices.has(name as keyof typeof priceColumns)) select.set(name, column);
  // Prices are scaled: the close is the adjusted one.
  if (prices.has('adjusted')) select.set('adj_close', 'c');
  extras.forEach((name, i) => {
    const lower = name.toLowerCase();
    if (!select.has(lower) && !ownColumns.includes(lower)) select.set(lower, `x${i}`);
  });
  const list = [...select].map(([name, sql]) => `${sql} AS ${quoteName(name)}`).join(', ');
  return { columns: new Set(select.keys()), sqlOver: (bars) => `SELECT symbol, sn, ${list} FROM ${bars}` };
}

/** Each expression in a layer of its own above the ones before it, which it may name. */
function layered(source: string, features: readonly UserFeature[]): string {
  return features.reduce(
    (below, { name, expression, windows }) =>
      `SELECT *, (\n${expression}\n) AS ${quoteName(name)} FROM (${below}) AS bars ${windows}`,
    source,
  );
}

const valueQuery = (query: string, name: string): string => {
  const value = `CAST(${quoteName(name)} AS DOUBLE)`;
  return `SELECT symbol, sn, CASE WHEN isfinite(${value}) THEN ${value} END AS value FROM (${query})`;
};

async function checkType(db: Database, name: string, query: string): Promise<void> {
  const rows = await db
    .rows<{ column_type: string }>(`DESCRIBE SELECT ${quoteName(name)} FROM (${query})`)
    .catch((error) => refuse(name, reasonOf(error)));
  const type = rows[0]!.column_type;
  if (!/^(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/.test(type))
    refuse(name, `a number is expected, it is of the type ${type}`);
}
