import { DomainError } from '@twostage/core/errors';
import { placeOf } from './badCells.ts';
import { shortTime } from './calendar.ts';
import { timeCell, zoneCodes } from './cellSql.ts';
import type { Database } from './database.ts';
import { descriptionFile } from './datasetDescription.ts';
import type { LoadedBars } from './loadBars.ts';
import { blameFile, type DescribedFile, type FileGroup, fileOfRow, firstRowOf, readGroup } from './readFiles.ts';

const dayUs = 86_400_000_000;
const hasClock = (zone: string, time: string): string => `(${zone} = ${zoneCodes.none} AND ${time} % ${dayUs} <> 0)`;

/**
 * facts, one row a file with rows: file; start, the n of its first row; bad, that of the first row with a cell that is no value;
 * rows; zoned, how many have a zone code (`timeCell`), lowest and highest of them; clock, whether a time of day says no zone.
 */
export async function createFacts(db: Database): Promise<void> {
  await db.run(
    'CREATE TABLE facts(file BIGINT, start BIGINT, bad BIGINT, rows BIGINT, zoned BIGINT, lowest SMALLINT, highest SMALLINT, clock BOOLEAN)',
  );
}

export async function addFacts(db: Database, { files, sample }: FileGroup): Promise<void> {
  // Rows of symbols that were not asked for are no cells: the file may begin before the first that is.
  const start = sample.symbolColumn ? `${firstRowOf(sample) + 1}` : 'min(n)';
  await db.run(`INSERT INTO facts SELECT ${fileOfRow} AS file, ${start}, min(n) FILTER (bad), count(*), count(zone), min(zone), max(zone),
      coalesce(bool_or(${hasClock('zone', 't')}), false)
    FROM cells WHERE ${fileOfRow} IN (${files.map((file) => file.index).join(', ')}) GROUP BY file`);
}

/**
 * The zone of a group's times that say none. Where all of them are midnights they are days, whose name no zone may change.
 * @param said by the folder's description
 */
export async function zoneOfGroup(
  db: Database,
  group: FileGroup,
  said: string | null,
  notes: string[],
): Promise<string | null> {
  if (said === null) return null;
  const { roles, columns } = group.sample;
  const time = timeCell(roles.time.map((position) => columns[position]!));
  const [found] = await db
    .rows<{ clock: boolean | null }>(
      `SELECT bool_or(${hasClock(time.zone, `(${time.value})`)}) AS clock FROM ${readGroup(group)}`,
    )
    .catch((cause) => blameFile(db, group, cause));
  if (!found!.clock) return null;
  const note = `times of day without a zone are read as ${said}'s`;
  if (!notes.includes(note)) notes.push(note);
  return said;
}

/**
 * Notes where times of day are taken as UTC because nothing says otherwise.
 * @throws DomainError BAD_FILE if one file's times are of several zones: then some of them are not what they seem
 */
export async function checkZones(
  db: Database,
  files: readonly DescribedFile[],
  timeZone: string | null,
  notes: string[],
): Promise<void> {
  const facts = await db.rows<{ file: number; start: number; mixed: boolean; clock: boolean }>(
    `SELECT file, start, clock, coalesce(zoned > 0 AND (lowest <> highest OR (zoned < rows AND lowest <> ${zoneCodes.none})), false) AS mixed
     FROM facts ORDER BY file`,
  );
  for (const { file, start, mixed } of facts) if (mixed) await checkZonesOf(db, files[file]!, start);
  const plain = facts.filter(({ clock }) => clock);
  if (plain.length === 0 || timeZone !== null) return;
  const others = plain.length > 1 ? ` and ${plain.length - 1} more` : '';
  notes.push(
    `times of day carry no zone (${files[plain[0]!.file]!.name}${others}): read as UTC; ${descriptionFile} can say otherwise, such as {"timeZone": "America/New_York"}`,
  );
}

async function checkZonesOf(db: Database, file: DescribedFile, start: number): Promise<void> {
  const zones = await db.rows<{ zone: number | null; n: number }>(
    `SELECT zone, min(n) AS n FROM cells WHERE ${fileOfRow} = ${file.index} GROUP BY zone ORDER BY n`,
  );
  for (const { zone, n } of zones) {
    const other = zones.find((each) => each.n < n && !agree(each.zone, zone));
    if (!other) continue;
    const column = file.columns[file.roles.time[0]!]!.name;
    throw new DomainError(
      'BAD_FILE',
      `${await placeOf(file, n - start)}, column ${column}: ${zoneName(zone)}, where a row before has ${zoneName(other.zone)}; one time zone a file is expected`,
    );
  }
}

/** Daylight saving moves an offset by an hour. */
function agree(a: number | null, b: number | null): boolean {
  const [low, high] = [a ?? zoneCodes.none, b ?? zoneCodes.none].sort((x, y) => x - y) as [number, number];
  return low === high || (high < zoneCodes.named && minutesOf(high) - minutesOf(low) <= 60);
}

const minutesOf = (offset: number): number => Math.trunc(offset / 100) * 60 + (offset % 100);

function zoneName(zone: number | null): string {
  if (zone === null || zone === zoneCodes.none) return 'a time without a zone';
  if (zone === zoneCodes.named) return 'a zone by name';
  const digits = String(Math.abs(zone)).padStart(4, '0');
  return `the offset ${zone < 0 ? '-' : '+'}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/** @throws DomainError BAD_FILE for a symbol without rows, with one time only, or with files of several symbols */
export async function checkRows(db: Database, loaded: LoadedBars): Promise<void> {
  const { symbols, files } = loaded;
  // A company may change its name; several names on one bar are several symbols.
  const read = await db.rows<{ symbol: number; rows: number; first: number; isStill: boolean; saysSeveral: boolean }>(
    `SELECT symbol::INTEGER AS symbol, count(*) AS rows, min(t) AS first, min(t) = max(t) AS isStill,
       coalesce(min(said) <> max(said), false) AS saysSeveral
     FROM cells GROUP BY symbol ORDER BY symbol`,
  );
  const empty = symbols.findIndex((_, i) => read[i]?.symbol !== i);
  if (empty >= 0) throw new DomainError('BAD_FILE', `${namesOf(loaded, empty)}: holds no rows`);
  const still = read.find(({ isStill, rows }) => isStill && rows > 2);
  if (still) {
    const file = files[symbols[still.symbol]!.files[0]!]!;
    const column = file.columns[file.roles.time[0]!]!.name;
    throw new DomainError(
      'BAD_FILE',
      `${namesOf(loaded, still.symbol)}, column ${column}: one time a bar is expected, got ${shortTime(still.first / 1000)} on all ${still.rows} rows`,
    );
  }
  for (const { symbol } of read.filter(({ saysSeveral }) => saysSeveral)) {
    const [{ isMixed }] = (await db.rows<{ isMixed: boolean }>(
      `SELECT count(*) > count(DISTINCT t) AS isMixed FROM cells WHERE symbol = ${symbol}`,
    )) as [{ isMixed: boolean }];
    if (isMixed) await refuseSeveralSymbols(db, loaded, symbol);
  }
  await checkPieces(db, loaded);
}

/** A symbol's file, or its first one and how many more. */
export function namesOf({ symbols, files }: Pick<LoadedBars, 'symbols' | 'files'>, symbol: number): string {
  const [first, ...more] = symbols[symbol]!.files;
  return `${files[first!]!.name}${more.length > 0 ? ` and ${more.length} more` : ''}`;
}

async function refuseSeveralSymbols(db: Database, { symbols, files }: LoadedBars, symbol: number): Promise<never> {
  const file = files[symbols[symbol]!.files.find((each) => files[each]!.roles.symbol !== null)!]!;
  const { name, sql } = file.columns[file.roles.symbol!]!;
  const [said] = await db.rows<{ first: string; last: string }>(
    `SELECT CAST(min(${sql}) AS VARCHAR) AS first, CAST(max(${sql}) AS VARCHAR) AS last FROM ${readGroup({ files: [file], sample: file })}`,
  );
  throw new DomainError(
    'BAD_FILE',
    `${file.name}: its column ${name} holds several symbols (${said!.first} and ${said!.last}) though the file is named after one; name it otherwise, or keep one file a symbol`,
  );
}

/** Pieces of one history may repeat a bar, with one price: where most shared bars differ, the files are several symbols'. */
async function checkPieces(db: Database, { symbols, files }: LoadedBars): Promise<void> {
  const pieced = symbols.flatMap((each, i) => (each.files.length > 1 ? [i] : []));
  if (pieced.length === 0) return;
  const overlapping = await db.rows<{ symbol: number }>(
    `SELECT DISTINCT symbol::INTEGER AS symbol FROM (
       SELECT symbol, first, max(last) OVER (PARTITION BY symbol ORDER BY first, file ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
       FROM (SELECT symbol, ${fileOfRow} AS file, min(t) AS first, max(t) AS last FROM cells WHERE symbol IN (${pieced.join(', ')}) GROUP BY ALL)
     ) WHERE before >= first`,
  );
  if (overlapping.length === 0) return;
  const [differing] = await db.rows<{ symbol: number; t: number; one: number; other: number }>(
    `SELECT symbol::INTEGER AS symbol, min(t) FILTER (low <> high) AS t, arg_min(one, t) FILTER (low <> high) AS one,
       arg_min(other, t) FILTER (low <> high) AS other
     FROM (
       SELECT symbol, t, min(c) AS low, max(c) AS high, min(${fileOfRow}) AS one, max(${fileOfRow}) AS other FROM cells
       WHERE symbol IN (${overlapping.map(({ symbol }) => symbol).join(', ')}) GROUP BY symbol, t HAVING one <> other
     ) GROUP BY symbol HAVING 2 * count(*) FILTER (low <> high) > count(*) ORDER BY symbol LIMIT 1`,
  );
  if (!differing) return;
  const { symbol, t, one, other } = differing;
  throw new DomainError(
    'BAD_FILE',
    `${files[one]!.name} and ${files[other]!.name}: hold different prices for most bars they share, the first at ${shortTime(t / 1000)}, and both count as ${symbols[symbol]!.symbol}; pieces of one history are expected`,
  );
}
