import { join } from 'node:path';
import {
  DOUBLE,
  DuckDBTimestampMillisecondsValue,
  type DuckDBValue,
  LIST,
  listValue,
  TIMESTAMP_MS,
  UINTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import { DomainError } from '@twostage/core/errors';
import { predictionLayoutSchema } from '@twostage/core/runs/predictionColumns';
import { trainingDirectory } from '@twostage/core/runs/runDirectory';
import { type OpenedDataset, openDataset } from './openDataset.ts';
import { type Column, writeParquetTable } from './parquetTable.ts';
import { readLayout, readRaw } from './rawFiles.ts';

/**
 * Turns the raw prediction columns of a folder into `predictions.parquet`: symbol, time (UTC), fold (0, 1 …), prediction
 * and target (both in the target's unit; NULL = not predicted, not known), and what else was forecast: `probability` of a rise where the
 * target is a direction, quantiles `q0.1` …, `deviation`, or `draws` (a list), and `prediction_X`, `target_X` of each further target X; in the
 * order the child wrote them. Of combinatorial splits a row stands once for each that tests it; the holdout's fold is the last.
 * The file comes into being whole or not at all.
 * @returns the file's path
 * @throws DomainError CORRUPT_DATASET if the columns disagree with each other or with the dataset
 */
export async function writePredictions(directory: string, datasetDir: string): Promise<string> {
  const dataset = openDataset(datasetDir);
  const rows = new Uint32Array(await readRaw(directory, trainingDirectory.predictionRows));
  const columns = await readColumns(directory, dataset, rows);
  const path = join(directory, trainingDirectory.predictions);
  await writeParquetTable(path, columns, rows.length);
  return path;
}

async function readColumns(directory: string, { panel, target }: OpenedDataset, rows: Uint32Array): Promise<Column[]> {
  const layoutFile = join(directory, trainingDirectory.predictionLayout);
  const layout = await readLayout(layoutFile, predictionLayoutSchema, 'predictions');
  const folds = new Uint32Array(await readRaw(directory, trainingDirectory.predictionFolds));
  const stray = rows.findIndex((row) => row >= panel.rows);
  const disagree = (what: string) =>
    new DomainError('CORRUPT_DATASET', `${directory}: prediction columns disagree: ${what}`);
  if (stray >= 0) throw disagree(`row ${rows[stray]} of a dataset with ${panel.rows} rows`);
  if (layout.rows !== rows.length || folds.length !== rows.length)
    throw disagree(`${layout.rows} rows are laid out, there are ${rows.length} rows and ${folds.length} folds`);
  const times = Array.from(panel.times, (ms) => new DuckDBTimestampMillisecondsValue(BigInt(Math.round(ms))));
  const columns: Column[] = [
    { name: 'symbol', type: VARCHAR, at: (i) => panel.symbols[panel.symbolOf[rows[i]!]!]! },
    { name: 'time', type: TIMESTAMP_MS, at: (i) => times[panel.barOf[rows[i]!]!]! },
    { name: 'fold', type: UINTEGER, at: (i) => folds[i]! },
  ];
  for (const { name, perRow, outcome } of layout.columns) {
    const values = new Float64Array(await readRaw(directory, trainingDirectory.predictionValues(name)));
    if (values.length !== rows.length * perRow)
      throw disagree(`${name} has ${values.length} numbers for ${rows.length} rows of ${perRow}`);
    columns.push(
      perRow === 1
        ? { name, type: DOUBLE, at: (i) => finiteOrNull(values[i]!) }
        : { name, type: LIST(DOUBLE), at: (i) => listOrNull(values.subarray(i * perRow, (i + 1) * perRow)) },
    );
    if (!outcome) continue;
    const labels = target(outcome.target);
    columns.push({ name: outcome.name, type: DOUBLE, at: (i) => finiteOrNull(labels[rows[i]!]!) });
  }
  return columns;
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

const listOrNull = (values: Float64Array): DuckDBValue =>
  values.every(Number.isFinite) ? listValue(Array.from(values)) : null;
