import { DomainError } from '@twostage/core/errors';
import { expectedTimes, numberCell, timeCell } from './cellSql.ts';
import { locateRecords } from './csvRecords.ts';
import type { Database } from './database.ts';
import { type FileGroup, readGroup } from './readFiles.ts';

/**
 * Says where the first cell is that is neither a value nor missing, if the group has one.
 * @throws DomainError BAD_FILE naming file, line, column and what came
 */
export async function findBadCell(
  db: Database,
  group: FileGroup,
  extras: readonly string[],
  timeZone: string | null,
): Promise<void> {
  const indices = group.files.map((file) => file.index).join(', ');
  const [first] = await db.rows<{ file: number; ordinal: number }>(
    `SELECT file, bad - start AS ordinal FROM facts WHERE bad IS NOT NULL AND file IN (${indices}) ORDER BY file LIMIT 1`,
  );
  if (!first) return;
  const file = group.files.find((each) => each.index === first.file)!;
  const { roles, columns } = file;
  const time = timeCell(
    roles.time.map((position) => columns[position]!),
    timeZone,
  );
  const used = new Set(extras.map((name) => name.toLowerCase()));
  const numbers = [
    ...Object.values(roles.prices),
    ...roles.targets.map((column) => column.position),
    ...roles.others.filter((column) => used.has(column.name.toLowerCase())).map((column) => column.position),
  ].sort((a, b) => a - b);
  const shown = [...roles.time, ...numbers];
  const texts = shown.map((position, i) => `CAST(${columns[position]!.sql} AS VARCHAR) AS text${i}`);
  const bads = numbers.map((position, i) => `${numberCell(columns[position]!).bad} AS bad${i}`);
  const [row] = await db.rows<Record<string, unknown>>(
    `SELECT ${time.bad} AS badtime, ${[...texts, ...bads].join(', ')}
     FROM ${readGroup({ files: [file], sample: file })} ORDER BY n LIMIT 1 OFFSET ${first.ordinal}`,
  );
  const where = await placeOf(file, first.ordinal);
  const quoted = (i: number) => (row![`text${i}`] == null ? 'nothing' : JSON.stringify(row![`text${i}`]));
  if (row!.badtime === true) {
    const names = roles.time.map((position) => columns[position]!.name).join(' and ');
    throw new DomainError(
      'BAD_FILE',
      `${where}, column ${names}: expected ${expectedTimes}, got ${roles.time.map((_, i) => quoted(i)).join(' and ')}`,
    );
  }
  const bad = numbers.findIndex((_, i) => row![`bad${i}`] === true);
  throw new DomainError(
    'BAD_FILE',
    `${where}, column ${columns[numbers[bad]!]!.name}: expected a number, got ${quoted(roles.time.length + bad)}`,
  );
}

/** `AAPL.csv, line 12`; Parquet has no lines, so there it is `AAPL.parquet, row 11`. */
export async function placeOf(file: FileGroup['sample'], ordinal: number): Promise<string> {
  if (file.format === 'parquet') return `${file.name}, row ${ordinal + 1}`;
  const line = (await locateRecords(file, [ordinal])).get(ordinal)?.line ?? ordinal + 2;
  return `${file.name}, line ${line}`;
}
