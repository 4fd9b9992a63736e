import { numberCell, timeCell } from './cellSql.ts';
import type { PriceName } from './columns.ts';
import { combine, type Database } from './database.ts';
import type { LoadedBars } from './loadBars.ts';
import { blameFile, type FileGroup, readGroup } from './readFiles.ts';
import { symbolCell } from './symbolColumn.ts';
import { compareText } from './symbolNames.ts';

/** What the tables call the prices. */
export const priceColumns: Record<PriceName, string> = {
  open: 'o',
  high: 'h',
  low: 'l',
  close: 'c',
  volume: 'v',
  adjusted: 'a',
};
export const prices = Object.keys(priceColumns) as PriceName[];

/** Names, compared without case, sorted; the first spelling counts. */
export function distinctNames(names: readonly string[]): string[] {
  const byLower = new Map<string, string>();
  for (const name of names) if (!byLower.has(name.toLowerCase())) byLower.set(name.toLowerCase(), name);
  return [...byLower.values()].sort(compareText);
}

/** The other columns that hold numbers in every file that has them; a column with text in it is left out, and said so. */
export async function numericColumns(db: Database, groups: readonly FileGroup[], notes: string[]): Promise<string[]> {
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

/**
 * Appends a group's rows to `cells`. A row whose symbol is not among those asked for is left out.
 * @param timeZone of times of day that say none; null: UTC
 */
export function insertGroup(
  group: FileGroup,
  { extras, fileTargets }: Pick<LoadedBars, 'extras' | 'fileTargets'>,
  timeZone: string | null,
): string {
  const { sample } = group;
  const { roles, columns, symbolColumn } = sample;
  const time = timeCell(
    roles.time.map((position) => columns[position]!),
    timeZone,
  );
  const insert: [column: string, value: string][] = [
    ['symbol', symbolColumn ? 's.symbol' : 'f.symbol'],
    ['n', 'f.first_row + r.n'],
    ['t', time.value],
    ['zone', time.zone],
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
  insert.push(['bad', combine(bad, 'OR')]);
  if (roles.symbol !== null && !symbolColumn && sample.layout !== 'partition') {
    const said = columns[roles.symbol]!.sql;
    insert.push(['said', `CASE WHEN ${said} IS NOT NULL THEN hash(${said}) END`]);
  }
  const named = symbolColumn ? ` JOIN symbols AS s ON s.name = ${symbolCell(symbolColumn)}` : '';
  return `INSERT INTO cells (${insert.map(([column]) => column).join(', ')})
    SELECT ${insert.map(([, value]) => value).join(', ')} FROM ${readGroup(group)} AS r JOIN files AS f ON f.path = r.path${named}`;
}
