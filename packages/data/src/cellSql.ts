import type { FileColumn } from './readFiles.ts';

/** How people write "no value" in a cell; compared lower-case and trimmed. */
export const missingSpellings = ['', 'na', 'n/a', '#n/a', 'nan', 'null', 'none', '-', '.', '?'] as const;

/** SQL of a cell: its value (NULL = missing) and whether it holds something that is no value at all. */
export interface CellSql {
  readonly value: string;
  readonly bad: string;
}

const missing = (text: string): string =>
  `(${text} IS NULL OR lower(${text}) IN (${missingSpellings.map((spelling) => `'${spelling}'`).join(', ')}))`;

/** A number; NaN counts as missing, an infinity or text as bad. DuckDB's own casts would also take `1_000`. */
export function numberCell(column: FileColumn): CellSql {
  if (column.type === 'number') {
    const number = `CAST(${column.sql} AS DOUBLE)`;
    return { value: `CASE WHEN isfinite(${number}) THEN ${number} END`, bad: `coalesce(isinf(${number}), false)` };
  }
  if (column.type === 'instant') return { value: 'NULL', bad: `${column.sql} IS NOT NULL` };
  const text = `trim(${column.sql})`;
  const number = `TRY_CAST(${text} AS DOUBLE)`;
  return {
    value: `CASE WHEN isfinite(${number}) AND NOT contains(${text}, '_') THEN ${number} END`,
    bad: `(NOT ${missing(text)} AND (${number} IS NULL OR NOT isfinite(${number}) OR contains(${text}, '_')))`,
  };
}

/**
 * Microseconds since 1970 UTC. Text without a zone is UTC; a number is YYYYMMDD, or seconds, milli-, micro- or
 * nanoseconds since 1970 by its digits.
 */
export function timeCell(columns: readonly FileColumn[]): CellSql {
  const [first] = columns;
  if (columns.length === 1 && first!.type === 'instant') {
    const value = `epoch_us(${first!.sql})`;
    return { value, bad: `${value} IS NULL` };
  }
  const text =
    columns.length === 1
      ? first!.type === 'number'
        ? `CAST(CAST(${first!.sql} AS BIGINT) AS VARCHAR)`
        : `trim(${first!.sql})`
      : columns.map((column) => `CAST(${column.sql} AS VARCHAR)`).join(` || ' ' || `);
  const whole = `TRY_CAST(${text} AS BIGINT)`;
  const value = `CASE
    WHEN contains(${text}, '-') OR contains(${text}, '/') THEN epoch_us(TRY_CAST(${text} AS TIMESTAMPTZ))
    WHEN ${whole} IS NULL THEN NULL
    WHEN length(${text}) = 8 THEN epoch_us(try_strptime(${text}, '%Y%m%d'))
    WHEN length(${text}) BETWEEN 9 AND 10 THEN ${whole} * 1000000
    WHEN length(${text}) BETWEEN 12 AND 13 THEN ${whole} * 1000
    WHEN length(${text}) BETWEEN 15 AND 16 THEN ${whole}
    WHEN length(${text}) BETWEEN 18 AND 19 THEN ${whole} // 1000
  END`;
  return { value, bad: `(${value}) IS NULL` };
}
