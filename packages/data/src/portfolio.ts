import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DOUBLE, DuckDBTimestampMillisecondsValue, TIMESTAMP_MS, VARCHAR } from '@duckdb/node-api';
import { DomainError } from '@twostage/core/errors';
import { portfolioColumns, portfolioLayoutSchema } from '@twostage/core/runs/portfolio';
import { trainingDirectory } from '@twostage/core/runs/runDirectory';
import { openDataset } from './openDataset.ts';
import { type Column, writeParquetTable } from './parquetTable.ts';
import { readLayout, readRaw } from './rawFiles.ts';

/** What trading on the forecasts of one target would have earned, bar by bar. */
export interface PortfolioColumns {
  readonly target: string;
  /** [bars], index into the dataset's calendar, ascending. */
  readonly bars: Uint32Array;
  /** [bars], simple return on the capital before and after costs. */
  readonly gross: Float64Array;
  readonly net: Float64Array;
  /** [bars], Σ |bought or sold|, of the capital. */
  readonly turnover: Float64Array;
}

/**
 * The portfolios whose raw columns a training left in its folder, one a target; none where nothing could be traded.
 * @throws DomainError CORRUPT_DATASET if the columns disagree with each other
 */
export async function readPortfolio(directory: string): Promise<PortfolioColumns[]> {
  const file = join(directory, trainingDirectory.portfolioLayout);
  if (!existsSync(file)) return [];
  const { series } = await readLayout(file, portfolioLayoutSchema, 'portfolios');
  const total = series.reduce((sum, { bars }) => sum + bars, 0);
  const bars = new Uint32Array(await readRaw(directory, trainingDirectory.portfolioBars));
  const columns = new Map<string, Float64Array>();
  for (const name of portfolioColumns)
    columns.set(name, new Float64Array(await readRaw(directory, trainingDirectory.portfolioValues(name))));
  const lengths = [bars, ...columns.values()].map(({ length }) => length);
  if (lengths.some((length) => length !== total))
    throw new DomainError(
      'CORRUPT_DATASET',
      `${directory}: portfolio columns disagree: ${total} bars are laid out, there are ${lengths.join(', ')}`,
    );
  let end = 0;
  return series.map(({ target, bars: length }) => {
    const start = end;
    end += length;
    const part = (name: (typeof portfolioColumns)[number]) => columns.get(name)!.subarray(start, end);
    return {
      target,
      bars: bars.subarray(start, end),
      gross: part('gross'),
      net: part('net'),
      turnover: part('turnover'),
    };
  });
}

/**
 * Turns the raw portfolio columns of a folder into `portfolio.parquet`: target, time (UTC), gross, net and turnover, a row a bar.
 * @returns the file's path; null where nothing could be traded
 * @throws DomainError CORRUPT_DATASET if the columns disagree with each other or with the dataset
 */
export async function writePortfolio(directory: string, datasetDir: string): Promise<string | null> {
  const series = await readPortfolio(directory);
  if (series.length === 0) return null;
  const { times } = openDataset(datasetDir).panel;
  const rows = series.flatMap((own) => Array.from(own.bars, (bar, i) => ({ own, bar, i })));
  const stray = rows.find(({ bar }) => bar >= times.length);
  if (stray)
    throw new DomainError(
      'CORRUPT_DATASET',
      `${directory}: portfolio columns disagree: bar ${stray.bar} of a dataset with ${times.length} bars`,
    );
  const timeOf = (bar: number) => new DuckDBTimestampMillisecondsValue(BigInt(Math.round(times[bar]!)));
  const columns: Column[] = [
    { name: 'target', type: VARCHAR, at: (row) => rows[row]!.own.target },
    { name: 'time', type: TIMESTAMP_MS, at: (row) => timeOf(rows[row]!.bar) },
    ...portfolioColumns.map((name) => ({
      name,
      type: DOUBLE,
      at: (row: number) => rows[row]!.own[name][rows[row]!.i]!,
    })),
  ];
  const path = join(directory, trainingDirectory.portfolio);
  await writeParquetTable(path, columns, rows.length);
  return path;
}
