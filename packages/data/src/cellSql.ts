import { quoteText } from './database.ts';
import type { FileColumn } from './readFiles.ts';

/** How people write "no value" in a cell; compared lower-case and trimmed. */
export const missingSpellings = [
  '',
  'na',
  'n/a',
  'n.a.',
  '#n/a',
  '<na>',
  'nan',
  '-nan',
  'null',
  'none',
  '-',
  '.',
  '?',
] as const;

/** SQL of a cell: its value (NULL = missing) and whether it holds something that is no value at all. */
export interface CellSql {
  readonly value: string;
  readonly bad: string;
}

// Not IN: DuckDB would keep a vector for every spelling of every column, a megabyte each.
const missing = (text: string): string =>
  `coalesce(list_contains([${missingSpellings.map((spelling) => `'${spelling}'`).join(', ')}], lower(trim(${text}))), true)`;

/** A number; NaN counts as missing, an infinity or text as bad. DuckDB's own casts would also take `1_000`. */
export function numberCell(column: FileColumn): CellSql {
  if (column.type === 'number') {
    const number = `CAST(${column.sql} AS DOUBLE)`;
    return { value: `CASE WHEN isfinite(${number}) THEN ${number} END`, bad: `coalesce(isinf(${number}), false)` };
  }
  if (column.type !== 'text') return { value: 'NULL', bad: `${column.sql} IS NOT NULL` };
  const number = `TRY_CAST(${column.sql} AS DOUBLE)`;
  const isNumber = `(isfinite(${number}) AND NOT contains(${column.sql}, '_'))`;
  return {
    value: `CASE WHEN ${isNumber} THEN ${number} END`,
    // CASE asks whether it is missing only of what is no number.
    bad: `CASE WHEN coalesce(${isNumber}, false) THEN false ELSE NOT ${missing(column.sql)} END`,
  };
}

/** Bars lie within what 64-bit nanoseconds since 1970 can say; a time beyond stands for "never" or is a slip. */
const [firstYear, lastYear] = [1678, 2261];
export const expectedTimes = `a time such as 2020-01-31, 2020-01-31 15:30:00, 20200131 or seconds since 1970, from ${firstYear} to ${lastYear}`;
const microsecondsOf = (year: number): number => Date.UTC(year, 0, 1) * 1000;

/** Codes of a time's zone beside an offset as ±hhmm: it has a time of day and says no zone; it names one. */
export const zoneCodes = { none: 9999, named: 9998 } as const;

export interface TimeSql extends CellSql {
  /** SMALLINT: an offset as ±hhmm, a code of `zoneCodes`, or NULL for a day without a time of day and for a count since 1970. */
  readonly zone: string;
}

/**
 * Microseconds since 1970 UTC, from one column, or from two: a day and a time of day. A number is YYYYMMDD, or seconds, milli-,
 * micro- or nanoseconds since 1970 by its digits.
 * @param timeZone of times of day that say none; null: UTC
 */
export function timeCell(columns: readonly FileColumn[], timeZone: string | null = null): TimeSql {
  const [first, second] = columns;
  if (!second && first!.type === 'day') return checked(`epoch_us(${first!.sql})`, 'NULL');
  if (!second && first!.type === 'instant') return checked(`epoch_us(${first!.sql})`, '0');
  if (!second && first!.type === 'clock') {
    const local = timeZone ? `timezone(${quoteText(timeZone)}, CAST(${first!.sql} AS TIMESTAMP))` : first!.sql;
    return checked(`epoch_us(${local})`, `${zoneCodes.none}`);
  }
  const text = second ? `${dayText(first!)} || ' ' || ${clockText(second)}` : plainText(first!);
  const isDated = `(contains(${text}, '-') OR contains(${text}, '/'))`;
  // Days are the commonest: their length alone tells them.
  const zone = `CASE WHEN length(${text}) <= 10 THEN NULL WHEN ${isDated} THEN ${zoneOf(text)} END`;
  // ISO 8601 lets the seconds go, and some put a space before the offset; DuckDB takes neither.
  const forms = [
    text,
    `substr(${text}, 1, 16) || ':00' || trim(substr(${text}, 17))`,
    `replace(replace(${text}, ' -', '-'), ' +', '+')`,
  ];
  const zoned = `coalesce(${forms.map((form) => `TRY_CAST(${form} AS TIMESTAMPTZ)`).join(', ')})`;
  const dated = timeZone
    ? `CASE WHEN ${zone} = ${zoneCodes.none} THEN timezone(${quoteText(timeZone)}, TRY_CAST(${text} AS TIMESTAMP)) ELSE ${zoned} END`
    : zoned;
  const whole = `TRY_CAST(${text} AS BIGINT)`;
  const digits = `length(split_part(${text}, '.', 1))`;
  const value = `CASE
    WHEN ${isDated} THEN epoch_us(${dated})
    WHEN ${whole} IS NULL THEN NULL
    WHEN length(${text}) = 8 THEN epoch_us(try_strptime(${text}, '%Y%m%d'))
    WHEN ${digits} BETWEEN 9 AND 10 THEN CAST(round(TRY_CAST(${text} AS DOUBLE) * 1e6) AS BIGINT)
    WHEN ${digits} BETWEEN 12 AND 13 THEN ${whole} * 1000
    WHEN ${digits} BETWEEN 15 AND 16 THEN ${whole}
    WHEN ${digits} BETWEEN 18 AND 19 THEN ${whole} // 1000
  END`;
  return checked(value, zone);
}

const checked = (value: string, zone: string): TimeSql => ({
  value,
  bad: `coalesce((${value}) NOT BETWEEN ${microsecondsOf(firstYear)} AND ${microsecondsOf(lastYear + 1) - 1}, true)`,
  zone: `CAST(${zone} AS SMALLINT)`,
});

const plainText = (column: FileColumn): string =>
  column.type === 'number'
    ? `CAST(TRY_CAST(${column.sql} AS BIGINT) AS VARCHAR)`
    : `trim(CAST(${column.sql} AS VARCHAR))`;

/** 20200131 as 2020-01-31. */
function dayText(column: FileColumn): string {
  const text = plainText(column);
  return `CASE WHEN length(${text}) = 8 AND TRY_CAST(${text} AS INTEGER) IS NOT NULL THEN ${text}[1:4] || '-' || ${text}[5:6] || '-' || ${text}[7:8] ELSE ${text} END`;
}

/** 93000 as 09:30:00, and 930 as 09:30:00. */
function clockText(column: FileColumn): string {
  const text = plainText(column);
  const padded = `lpad(CASE WHEN length(${text}) <= 4 THEN ${text} || '00' ELSE ${text} END, 6, '0')`;
  return `CASE WHEN length(${text}) BETWEEN 3 AND 6 AND TRY_CAST(${text} AS INTEGER) IS NOT NULL THEN ${padded}[1:2] || ':' || ${padded}[3:4] || ':' || ${padded}[5:6] ELSE ${text} END`;
}

/** What follows the seconds of `2020-01-31 15:30:00.000 -05:00`. */
function zoneOf(text: string): string {
  const tail = `replace(ltrim(substr(${text}, 12), ' :.0123456789'), ':', '')`;
  return `CASE WHEN ${tail} = '' THEN ${zoneCodes.none} WHEN lower(${tail}) IN ('z', 'utc', 'gmt') THEN 0
    ELSE coalesce(TRY_CAST(${tail} AS SMALLINT) * (CASE WHEN length(${tail}) <= 3 THEN 100 ELSE 1 END), ${zoneCodes.named}) END`;
}
