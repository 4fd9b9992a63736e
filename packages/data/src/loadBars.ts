import { findBadCell } from './badCells.ts';
import { addFacts, checkRows, checkZones, createFacts, zoneOfGroup } from './checkRead.ts';
import type { PriceName } from './columns.ts';
import { type Database, quoteText } from './database.ts';
import { distinctNames, insertGroup, numericColumns, priceColumns, prices } from './insertCells.ts';
import type { Source, SourceSymbol } from './openSource.ts';
import { blameFile, type DescribedFile, fileOfRow, firstRowOf, groupFiles } from './readFiles.ts';

/** What was read, and the tables it was read into. */
export interface LoadedBars {
  /** `symbol` of the tables is an index into this. */
  readonly symbols: readonly SourceSymbol[];
  /** `fileOfRow` of the tables is an index into this. */
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

/**
 * Reads the files into five tables:
 *
 *   cells     every row as read: symbol, n (which row of which file, see `fileOfRow`), t (µs since 1970 UTC), o, h, l, c, v, a,
 *             x…, y…, bad (some cell is no value), zone (`timeCell`) and said (hash of the row's own symbol column)
 *   superseded  symbol, t, n of the cells that a later row of the same (symbol, t) replaces
 *   facts     what `checkRead.ts` finds out about each file
 *   bars      the usable ones, one a (symbol, t), the last where several share it: symbol, bar, sn (1, 2, 3 … within
 *             the symbol), n, t, the values, and w (the files' own vwap, where a file has one); prices scaled by adjusted close /
 *             close where a file has an adjusted close
 *   calendar  bar (0, 1, 2 …), t: the union of the symbols' bars
 *
 * A bar whose close is missing or not positive is left out. Open, high and low that are not positive, high and low where
 * high < low, and a negative volume are NULL. Nothing is filled in.
 * @throws DomainError BAD_FILE naming file, line and column
 */
export async function loadBars(db: Database, { symbols, files, description }: Source): Promise<LoadedBars> {
  const groups = groupFiles(files);
  const notes = [...symbolNotes(files)];
  const extras = await numericColumns(db, groups, notes);
  const fileTargets = distinctNames(files.flatMap((file) => file.roles.targets.map((target) => target.name)));
  const loaded: LoadedBars = {
    symbols,
    files,
    extras,
    fileTargets,
    prices: new Set(prices.filter((price) => files.some((file) => file.roles.prices[price] !== undefined))),
    vwap: vwapOf(extras) >= 0,
    notes,
  };

  await nameRows(db, loaded);
  const values = [...extras.map((_, i) => `x${i}`), ...fileTargets.map((_, i) => `y${i}`)];
  await db.run(
    `CREATE TABLE cells(symbol UINTEGER, n BIGINT, t BIGINT, bad BOOLEAN, zone SMALLINT, said UBIGINT, ${[...Object.values(priceColumns), ...values].map((name) => `${name} DOUBLE`).join(', ')})`,
  );
  await createFacts(db);
  for (const group of groups) {
    const timeZone = await zoneOfGroup(db, group, description?.timeZone ?? null, notes);
    await db.run(insertGroup(group, loaded, timeZone)).catch((cause) => blameFile(db, group, cause));
    await addFacts(db, group);
    await findBadCell(db, group, extras, timeZone);
  }
  await checkZones(db, files, description?.timeZone ?? null, notes);
  await checkRows(db, loaded);
  await createBars(db, loaded, values);
  if (loaded.prices.has('adjusted')) {
    notes.push(
      'prices are scaled by adjusted close / close, volume by its inverse, where a file has an adjusted close',
    );
  }
  return loaded;
}

/** Which columns say whose a row is, where they do. */
function symbolNotes(files: readonly DescribedFile[]): string[] {
  const speaking = files.filter((file) => file.symbolColumn !== null);
  if (speaking.length === 0) return [];
  const columns = distinctNames(speaking.map((file) => file.symbolColumn!.name)).join(', ');
  const more = speaking.length > 1 ? ` and ${speaking.length - 1} more` : '';
  return [`the symbols are those of the column ${columns} (${speaking[0]!.name}${more})`];
}

/** files (path, symbol, first_row) and symbols (name, symbol): what tells whose a row is. */
async function nameRows(db: Database, { symbols, files }: LoadedBars): Promise<void> {
  const ownerOf = new Map(symbols.flatMap((each, i) => each.files.map((file) => [file, i] as const)));
  await db.run(
    `CREATE TABLE files AS SELECT * FROM (VALUES ${files
      .map((file) => `(${quoteText(file.path)}, ${ownerOf.get(file.index)!}::UINTEGER, ${firstRowOf(file)}::BIGINT)`)
      .join(', ')}) AS f(path, symbol, first_row)`,
  );
  await db.run(
    `CREATE TABLE symbols AS SELECT * FROM (VALUES ${symbols
      .map((each, i) => `(${quoteText(each.symbol)}, ${i}::UINTEGER)`)
      .join(', ')}) AS s(name, symbol)`,
  );
}

const vwapOf = (extras: readonly string[]): number => extras.findIndex((name) => name.toLowerCase() === 'vwap');

async function createBars(db: Database, { files, extras }: LoadedBars, values: readonly string[]): Promise<void> {
  const vwap = vwapOf(extras);
  const list = [...values, ...(vwap >= 0 ? [`x${vwap} * k AS w`] : [])].map((name) => `, ${name}`).join('');
  const adjusted = files.filter((file) => file.roles.prices.adjusted !== undefined).map((file) => file.index);
  const scale =
    adjusted.length > 0 ? `CASE WHEN ${fileOfRow} IN (${adjusted.join(', ')}) THEN a / c ELSE 1.0 END` : '1.0';
  // A window carries whole rows with it, and they may be wide: it sees the narrow ones alone.
  await db.run(`CREATE TABLE superseded AS SELECT symbol, t, n FROM (
      SELECT symbol, t, n, row_number() OVER (PARTITION BY symbol, t ORDER BY n DESC) AS nth FROM cells
    ) WHERE nth > 1`);
  await db.run(`CREATE VIEW usable AS
    WITH scaled AS (
      SELECT *, ${scale} AS k FROM cells ANTI JOIN superseded USING (n) WHERE c > 0
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
  await db.run(`CREATE TABLE starts AS
    SELECT symbol, sum(count(*)) OVER (ORDER BY symbol) - count(*) AS before FROM usable GROUP BY symbol`);
  await db.run(`CREATE TABLE bars AS
    SELECT symbol, bar, CAST(row_number() OVER () - before AS BIGINT) AS sn, ordered.* EXCLUDE (symbol, bar, before)
    FROM (
      SELECT * FROM usable JOIN calendar USING (t) JOIN starts USING (symbol) ORDER BY symbol, bar
    ) AS ordered`);
  await db.run('DROP VIEW usable; DROP TABLE starts');
}
