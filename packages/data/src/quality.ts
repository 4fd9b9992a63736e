import type { DatasetDescription } from '@twostage/core/runs/datasetDescription';
import type { QualityReport } from '@twostage/core/runs/events';
import { emptyStretches, inferInterval, shortTime } from './calendar.ts';
import { namesOf } from './checkRead.ts';
import type { PriceName } from './columns.ts';
import { readCoverage } from './coverage.ts';
import { combine, type Database } from './database.ts';
import { findFindings } from './findings.ts';
import { priceColumns } from './insertCells.ts';
import type { LoadedBars } from './loadBars.ts';
import { fileOfRow } from './readFiles.ts';

/** Bars in a row with one and the same close from which a series counts as stale. */
export const staleRunBars = 5;
/** A return counts as an outlier beyond so many robust standard deviations of the symbol's own returns. */
export const outlierDeviations = 10;

/**
 * Counts everything that is odd about what `loadBars` read; a hole is a calendar bar between a symbol's first and last on
 * which it has none.
 */
export async function reportQuality(
  db: Database,
  loaded: LoadedBars,
  times: Float64Array,
  { description, contentHash }: { description: DatasetDescription | null; contentHash: string },
): Promise<QualityReport> {
  await createOddities(db);
  const counts = await db.rows<Record<string, number>>(countsQuery(loaded));
  const bySymbol = counts.map((row) => ({
    symbol: loaded.symbols[row.symbol!]!.symbol,
    file: namesOf(loaded, row.symbol!),
    rows: row.rows!,
    start: new Date(row.first! / 1000).toISOString(),
    end: new Date(row.last! / 1000).toISOString(),
    gaps: row.gaps!,
    missingBars: row.missing_bars!,
    duplicateBars: row.duplicates!,
    missingCells: row.missing_cells!,
    nonPositivePrices: row.non_positive!,
    highBelowLow: row.high_below_low!,
    staleRuns: row.stale_runs!,
    outlierReturns: row.outliers!,
  }));
  const dropped = counts.reduce((sum, row) => sum + row.dropped!, 0);
  const interval = inferInterval(times);
  const coverage = await readCoverage(db, loaded, times);
  const negative = counts.reduce((sum, row) => sum + row.negative_volumes!, 0);
  return {
    rows: counts.reduce((sum, row) => sum + row.rows!, 0),
    bars: times.length,
    symbols: loaded.symbols.length,
    start: times.length > 0 ? new Date(times[0]!).toISOString() : '',
    end: times.length > 0 ? new Date(times[times.length - 1]!).toISOString() : '',
    interval,
    bySymbol,
    findings: await findFindings(db, loaded),
    ...(coverage && { coverage }),
    contentHash,
    notes: [
      ...(description?.simulated ? ['these data are simulated: no market made these prices'] : []),
      ...(dropped > 0 ? [`${dropped} rows are not used: their close is missing or not positive`] : []),
      ...(negative > 0 ? [`${negative} negative volumes count as missing`] : []),
      ...emptyStretches(times, interval).map(
        ({ from, to }) => `no symbol has a bar between ${shortTime(from)} and ${shortTime(to)}`,
      ),
      ...loaded.notes,
    ],
  };
}

/**
 * steps (symbol, sn, …): each bar with `hole`, the missing calendar bars before it, and `ret`, its return.
 * stale (symbol, sn, length): runs of one close, sn the first bar.
 * outliers (symbol, sn, ret, deviations).
 */
async function createOddities(db: Database): Promise<void> {
  await db.run(`CREATE TABLE steps AS SELECT symbol, sn, bar, n, t, c,
      CAST(bar AS BIGINT) - lag(bar) OVER s - 1 AS hole, c / lag(c) OVER s - 1 AS ret,
      CASE WHEN c = lag(c) OVER s THEN 0 ELSE 1 END AS moved
    FROM bars WINDOW s AS (PARTITION BY symbol ORDER BY sn)`);
  await db.run(`CREATE TABLE stale AS
    SELECT symbol, min(sn) AS sn, count(*) AS length FROM (
      SELECT symbol, sn, sum(moved) OVER (PARTITION BY symbol ORDER BY sn) AS run FROM steps
    ) GROUP BY symbol, run HAVING count(*) >= ${staleRunBars}`);
  await db.run(`CREATE TABLE outliers AS
    WITH middle AS (SELECT symbol, median(ret) AS center FROM steps GROUP BY symbol),
      spread AS (
        SELECT symbol, any_value(center) AS center, 1.4826 * median(abs(ret - center)) AS scale
        FROM steps JOIN middle USING (symbol) GROUP BY symbol
      )
    SELECT symbol, sn, ret, abs(ret - center) / scale AS deviations FROM steps JOIN spread USING (symbol)
    WHERE scale > 0 AND abs(ret - center) > ${outlierDeviations} * scale`);
}

/** Cells that a row of this file should have, as SQL; a column the file lacks is no missing cell. */
export function expectedCells(file: LoadedBars['files'][number], loaded: LoadedBars): string[] {
  const prices = (Object.keys(file.roles.prices) as PriceName[]).map((price) => priceColumns[price]);
  const has = new Set(file.roles.others.map((column) => column.name.toLowerCase()));
  return [...prices, ...loaded.extras.flatMap((name, i) => (has.has(name.toLowerCase()) ? [`x${i}`] : []))];
}

/** How many expected cells a row lacks, by the columns its file has. */
export function missingCellsSql(loaded: LoadedBars): string {
  const byCells = new Map<string, number[]>();
  for (const file of loaded.files) {
    const key = combine(
      expectedCells(file, loaded).map((cell) => `(${cell} IS NULL)::INTEGER`),
      '+',
    );
    byCells.set(key, [...(byCells.get(key) ?? []), file.index]);
  }
  const cases = [...byCells].map(([sum, files]) => `WHEN ${fileOfRow} IN (${files.join(', ')}) THEN ${sum}`);
  return byCells.size === 1 ? `(${[...byCells.keys()][0]})` : `(CASE ${cases.join(' ')} END)`;
}

const countsQuery = (loaded: LoadedBars): string => `
  WITH raw AS (
    SELECT symbol, count(*) AS rows, min(t) AS first, max(t) AS last,
      sum(${missingCellsSql(loaded)}) AS missing_cells,
      count(*) FILTER (o <= 0) + count(*) FILTER (h <= 0) + count(*) FILTER (l <= 0) + count(*) FILTER (c <= 0) + count(*) FILTER (a <= 0) AS non_positive,
      count(*) FILTER (h < l) AS high_below_low, count(*) FILTER (v < 0) AS negative_volumes
    FROM cells GROUP BY symbol
  ), doubled AS (
    SELECT symbol, count(*) AS duplicates FROM superseded GROUP BY symbol
  ), kept AS (
    SELECT symbol, count(*) AS used, count(*) FILTER (hole > 0) AS gaps, coalesce(sum(hole), 0) AS missing_bars FROM steps GROUP BY symbol
  ), stale_runs AS (SELECT symbol, count(*) AS stale_runs FROM stale GROUP BY symbol),
  odd AS (SELECT symbol, count(*) AS outliers FROM outliers GROUP BY symbol)
  SELECT symbol::INTEGER AS symbol, rows, coalesce(duplicates, 0) AS duplicates, first, last, missing_cells::BIGINT AS missing_cells, non_positive, high_below_low,
    negative_volumes, rows - coalesce(duplicates, 0) - coalesce(used, 0) AS dropped, coalesce(gaps, 0) AS gaps,
    coalesce(missing_bars, 0)::BIGINT AS missing_bars, coalesce(stale_runs, 0) AS stale_runs, coalesce(outliers, 0) AS outliers
  FROM raw LEFT JOIN doubled USING (symbol) LEFT JOIN kept USING (symbol) LEFT JOIN stale_runs USING (symbol) LEFT JOIN odd USING (symbol)
  ORDER BY symbol`;
