import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  DOUBLE,
  DuckDBDataChunk,
  DuckDBTimestampMillisecondsValue,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  TIMESTAMP_MS,
  UINTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import { DomainError, messageOf } from '@twostage/core/errors';
import { type PredictionLayout, predictionLayoutSchema } from '@twostage/core/runs/predictionColumns';
import { trainingDirectory } from '@twostage/core/runs/runDirectory';
import { Database, quoteName, quoteText } from './database.ts';
import { type OpenedDataset, openDataset } from './openDataset.ts';

const chunkRows = 2048;

/** One column of the table. */
interface Column {
  readonly name: string;
  readonly type: DuckDBType;
  /** The value of the i-th prediction; NULL = not predicted, not known. */
  readonly at: (i: number) => DuckDBValue;
}

/**
 * Turns the raw prediction columns of a folder into `predictions.parquet`: symbol, time (UTC), fold (0, 1 …), prediction
 * and target (both in the target's unit; NULL = not predicted, not known), and what else was forecast: quantiles `q0.1` …, `deviation`, or
 * `draws` (a list), and `prediction_X`, `target_X` of each further target X; in the order the child wrote them.
 * The file comes into being whole or not at all.
 * @returns the file's path
 * @throws DomainError CORRUPT_DATASET if the columns disagree with each other or with the dataset
 */
export async function writePredictions(directory: string, datasetDir: string): Promise<string> {
  const dataset = openDataset(datasetDir);
  const rows = new Uint32Array(await readRaw(directory, trainingDirectory.predictionRows));
  const columns = await readColumns(directory, dataset, rows);
  const path = join(directory, trainingDirectory.predictions);
  const partial = `${path}.partial`;
  const db = await Database.open({ threads: 1 });
  try {
    const declared = columns.map(({ name, type }) => `${quoteName(name)} ${type}`);
    await db.run(`CREATE TABLE p (${declared.join(', ')})`);
    const appender = await db.connection.createAppender('p');
    const types = columns.map(({ type }) => type);
    for (let first = 0; first < rows.length; first += chunkRows) {
      const length = Math.min(chunkRows, rows.length - first);
      const chunk = DuckDBDataChunk.create(types, length);
      chunk.setColumns(columns.map(({ at }) => Array.from({ length }, (_, i) => at(first + i))));
      appender.appendDataChunk(chunk);
      // The caller's process has live runs to serve.
      await setImmediate();
    }
    appender.closeSync();
    await db.run(
      `COPY (SELECT * REPLACE (CAST(time AS TIMESTAMP) AS time) FROM p) TO ${quoteText(partial)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    await rename(partial, path);
    return path;
  } finally {
    db.close();
    await rm(partial, { force: true });
  }
}

async function readColumns(directory: string, { panel, target }: OpenedDataset, rows: Uint32Array): Promise<Column[]> {
  const layout = await readLayout(directory);
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

async function readLayout(directory: string): Promise<PredictionLayout> {
  const file = join(directory, trainingDirectory.predictionLayout);
  try {
    return predictionLayoutSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    const message = `${file}: not a layout of predictions: ${messageOf(cause).split('\n')[0]}`;
    throw new DomainError('CORRUPT_DATASET', message, { cause });
  }
}

/** A copy of its own, because a pooled Buffer need not be aligned to 8 bytes. */
async function readRaw(directory: string, name: string): Promise<ArrayBuffer> {
  try {
    return Uint8Array.from(await readFile(join(directory, name))).buffer;
  } catch (cause) {
    throw new DomainError('CORRUPT_DATASET', `${join(directory, name)}: cannot be read`, { cause });
  }
}
