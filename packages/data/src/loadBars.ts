import { DomainError } from '@twostage/core/errors';
import { findBadCell } from './badCells.ts';
import { numberCell, timeCell } from './cellSql.ts';
import type { PriceName } from './columns.ts';
import { type Database, quoteText } from './database.ts';
import { blameFile, type DescribedFile, describeFiles, type FileGroup, groupFiles, readGroup } from './readFiles.ts';
import type { SourceFile } from './sourceFiles.ts';
import { compareText } from './sourceFiles.ts';

/** What was read, and the tables it was read into. */
export interface LoadedBars {
  /** `symbol` of the tables is an index into this. */
  readonly files: readonly DescribedFile[];
  /** Extra numeric columns, sorted by name: the tables' columns x0, x1 … */
  readonly extras: readonly string[];
  /** The files' own targets, sorted by name: the tables' columns y0, y1 … */
  readonly fileTargets: readonly string[];
  /** Prices that at least one file has. */
  readonly prices: ReadonlySet<PriceName>;
  /** Whether a file has a column vwap: `bars` then has it in w, scaled as the prices are. */
  readonly vwap: boolean;
  /** What was decided while reading, for the quality report. */
  readonly notes: readonly string[];
}

const priceColumns: Record<PriceName, string> = {
  open: 'o',
  high: 'h',
  low: 'l',
  close: 'c',
  volume: 'v',
  adjusted: 'a',
};
const prices = Object.keys(priceColumns) as PriceName[];

/**
 * Reads the files into three tables:
 *
 *   cells     every row as read: symbol, n (its ordinal among the rows read), t (µs since 1970 UTC), o, h, l, c, v, a, x…, y…,
 *             bad (some cell is no value) and said (hash of the row's own symbol column)
 *   bars      the usable ones, one a (symbol, t), the last where several share it: symbol, bar, sn (1, 2, 3 … within
 *             the symbol), n, t, the values, and w (the files' own vwap, where a file has one); prices scaled by adjusted close /
 *             close where a file has an adjusted close
 *   calendar  bar (0, 1, 2 …), t: the union of the symbols' bars
 *
 * A bar whose close is missing or not positive is left out. Open, high and low that are not positive, high and low where
 * high < low, and a negative volume are NULL. Nothing is filled in.
 * @throws DomainError BAD_FILE naming file, line and column
 */
export async function loadBars(db: Database, sources: readonly SourceFile[]): Promise<LoadedBars> {
  const files = await describeFiles(db, sources);
  const groups = groupFiles(files);
  const notes: string[] = [];
  const extras = await numericColumns(db, groups, notes);
  const fileTargets = distinctNames(files.flatMap((file) => file.roles.targets.map((target) => target.name)));
  const loaded: LoadedBars = {
    files,
    extras,
    fileTargets,
    prices: new Set(prices.filter((price) => files.some((file) => file.roles.prices[price] !== undefined))),
    vwap: vwapOf(extras) >= 0,
    notes,
  };

  await db.run(
    `CREATE TABLE files AS SELECT * FROM (VALUES ${files
      .map((file) => `(${file.index}::UINTEGER, ${quoteText(file.path)}, ${file.roles.prices.adjusted !== undefined})`)
      .join(', ')}) AS f(symbol, path, adjusted)`,
  );
  const values = [...extras.map((_, i) => `x${i}`), ...fileTargets.map((_, i) => `y${i}`)];
  await db.run(
    `CREATE TABLE cells(symbol UINTEGER, n BIGINT, t BIGINT, bad BOOLEAN, said UBIGINT, ${[...Object.values(priceColumns), ...values].map((name) => `${name} DOUBLE`).join(', ')})`,
  );
  for (const group of groups) {
    await db.run(insertGroup(group, loaded)).catch((cause) => blameFile(db, group, cause));
    await findBadCell(db, group, extras);
  }
  await checkRows(db, files);
  await createBars(db, values, vwapOf(extras));
  if (loaded.prices.has('adjusted')) {
    notes.push(
      'prices are scaled by adjusted close / close, volume by its inverse, where a file has an adjusted close',
    );
  }
  return loaded;
}

/** Names, compared without case, sorted; the first spelling counts. */
function distinctNames(names: readonly string[]): string[] {
  const byLower = new Map<string, string>();
  for (const name of names) if (!byLower.has(name.toLowerCase())) byLower.set(name.toLowerCase(), name);
  return [...byLower.values()].sort(compareText);
}

/** The other columns that hold numbers in every file that has them; a column with text in it is left out, and said so. */
async function numericColumns(db: Database, groups: readonly FileGroup[], notes: string[]): Promise<string[]> {
  const candidates = distinctNames(groups.flatMap((group) => group.sample.roles.others.map((column) => column.name)));
  const textual = new Map<string, { name: string; file: string }>();
  for (const group of groups) {
    const { others } = group.sample.roles;
    if (others.length === 0) continue;
    const counts = others.map(({ position }, i) => {
      const cell = numberCell(group.sample.columns[position]!);
      return `bool_or(${cell.bad}) AS b${i}`;
    });
    const [row] = await db
      .rows<Record<string, boolean>>(`SELECT ${counts.join(', ')} FROM ${readGroup(group)}`)
      .catch((cause) => blameFile(db, group, cause));
    others.forEach(({ name }, i) => {
      if (row![`b${i}`] && !textual.has(name.toLowerCase()))
        textual.set(name.toLowerCase(), { name, file: group.sample.name });
    });
  }
  for (const { name, file } of textual.values()) notes.push(`the column "${name}" holds text (${file}): no feature`);
  return candidates.filter((name) => !textual.has(name.toLowerCase()));
}

function insertGroup(group: FileGroup, { extras, fileTargets }: LoadedBars): string {
  const { sample } = group;
  const { roles, columns } = sample;
  const time = timeCell(roles.time.map((position) => columns[position]!));
  const insert: [column: string, value: string][] = [
    ['symbol', 'f.symbol'],
    ['n', 'r.n'],
    ['t', time.value],
  ];
  const bad = [time.bad];
  const add = (column: string, position: number | undefined) => {
    if (position === undefined) return;
    const cell = numberCell(columns[position]!);
    insert.push([column, cell.value]);
    bad.push(cell.bad);
  };
  for (const price of prices) add(priceColumns[price], roles.prices[price]);
  const positionOf = (named: readonly { name: string; position: number }[], name: string) =>
    named.find((column) => column.name.toLowerCase() === name.toLowerCase())?.position;
  extras.forEach((name, i) => {
    add(`x${i}`, positionOf(roles.others, name));
  });
  fileTargets.forEach((name, i) => {
    add(`y${i}`, positionOf(roles.targets, name));
  });
  insert.push(['bad', bad.join(' OR ')]);
  if (roles.symbol !== null) {
    const said = columns[roles.symbol]!.sql;
    insert.push(['said', `CASE WHEN ${said} IS NOT NULL THEN hash(${said}) END`]);
  }
  return `INSERT INTO cells (${insert.map(([column]) => column).join(', ')})
    SELECT ${insert.map(([, value]) => value).join(', ')} FROM ${readGroup(group)} AS r JOIN files AS f ON f.path = r.path`;
}

async function checkRows(db: Database, files: readonly DescribedFile[]): Promise<void> {
  const empty = await db.rows<{ symbol: number }>(
    'SELECT symbol FROM files WHERE symbol NOT IN (SELECT symbol FROM cells) ORDER BY symbol LIMIT 1',
  );
  if (empty.length > 0) throw new DomainError('BAD_FILE', `${files[empty[0]!.symbol]!.name}: holds no rows`);
  // A company may change its name; several names on one bar are several symbols.
  const [mixed] = await db.rows<{ symbol: number }>(
    'SELECT symbol FROM cells GROUP BY symbol HAVING min(said) <> max(said) AND count(*) > count(DISTINCT t) ORDER BY symbol LIMIT 1',
  );
  if (mixed) await refuseSeveralSymbols(db, files[mixed.symbol]!);
}

async function refuseSeveralSymbols(db: Database, file: DescribedFile): Promise<never> {
  const { name, sql } = file.columns[file.roles.symbol!]!;
  const [said] = await db.rows<{ first: string; last: string }>(
    `SELECT CAST(min(${sql}) AS VARCHAR) AS first, CAST(max(${sql}) AS VARCHAR) AS last FROM ${readGroup({ files: [file], sample: file })}`,
  );
  throw new DomainError(
    'BAD_FILE',
    `${file.name}: its column ${name} holds several symbols (${said!.first} and ${said!.last}); one file a symbol is expected`,
  );
}

const vwapOf = (extras: readonly string[]): number => extras.findIndex((name) => name.toLowerCase() === 'vwap');

async function createBars(db: Database, values: readonly string[], vwap: number): Promise<void> {
  const list = [...values, ...(vwap >= 0 ? [`x${vwap} * k AS w`] : [])].map((name) => `, ${name}`).join('');
  await db.run(`CREATE TABLE usable AS
    WITH latest AS (
      SELECT * FROM cells QUALIFY row_number() OVER (PARTITION BY symbol, t ORDER BY n DESC) = 1
    ), scaled AS (
      SELECT latest.*, CASE WHEN adjusted THEN a / c ELSE 1.0 END AS k
      FROM latest JOIN files ON files.symbol = latest.symbol WHERE c > 0
    )
    SELECT symbol, t, n,
      CASE WHEN o > 0 THEN o * k END AS o,
      CASE WHEN h > 0 AND NOT coalesce(h < l, false) THEN h * k END AS h,
      CASE WHEN l > 0 AND NOT coalesce(h < l, false) THEN l * k END AS l,
      c * k AS c,
      CASE WHEN v >= 0 THEN v / k END AS v${list}
    FROM scaled WHERE k > 0`);
  await db.run(
    'CREATE TABLE calendar AS SELECT CAST(row_number() OVER (ORDER BY t) - 1 AS UINTEGER) AS bar, t FROM (SELECT DISTINCT t FROM usable)',
  );
  await db.run(`CREATE TABLE bars AS
    SELECT u.symbol, calendar.bar, row_number() OVER (PARTITION BY u.symbol ORDER BY u.t) AS sn, u.* EXCLUDE (symbol)
    FROM usable AS u JOIN calendar ON calendar.t = u.t ORDER BY u.symbol, calendar.bar`);
  await db.run('DROP TABLE usable');
}
