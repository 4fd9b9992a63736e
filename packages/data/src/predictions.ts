import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  DOUBLE,
  DuckDBDataChunk,
  DuckDBTimestampMillisecondsValue,
  TIMESTAMP_MS,
  UINTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import { DomainError } from '@twostage/core/errors';
import { trainingDirectory } from '@twostage/core/runs/runDirectory';
import { Database, quoteText } from './database.ts';
import { openDataset } from './openDataset.ts';

const chunkRows = 2048;

/**
 * Turns the raw prediction columns of a training's folder into `predictions.parquet`: symbol, time (UTC), fold (0, 1 …),
 * prediction and target (both in the target's unit; NULL = not predicted, not known), in the order the child wrote them.
 * The file comes into being whole or not at all.
 * @returns the file's path
 * @throws DomainError UNKNOWN_TARGET; CORRUPT_DATASET if the columns disagree with each other or with the dataset
 */
export async function writePredictions(trainingDir: string, datasetDir: string, target: string): Promise<string> {
  const { panel, target: readTarget } = openDataset(datasetDir);
  const targets = readTarget(target);
  const rows = new Uint32Array(await readRaw(trainingDir, trainingDirectory.predictionRows));
  const folds = new Uint32Array(await readRaw(trainingDir, trainingDirectory.predictionFolds));
  const predictions = new Float64Array(await readRaw(trainingDir, trainingDirectory.predictionValues));
  const stray = rows.findIndex((row) => row >= panel.rows);
  if (folds.length !== rows.length || predictions.length !== rows.length || stray >= 0) {
    const what =
      stray >= 0
        ? `row ${rows[stray]} of a dataset with ${panel.rows} rows`
        : `${rows.length} rows, ${folds.length} folds and ${predictions.length} predictions`;
    throw new DomainError('CORRUPT_DATASET', `${trainingDir}: prediction columns disagree: ${what}`);
  }
  const path = join(trainingDir, trainingDirectory.predictions);
  const partial = `${path}.partial`;
  const db = await Database.open({ threads: 1 });
  try {
    await db.run('CREATE TABLE p (symbol VARCHAR, time TIMESTAMP_MS, fold UINTEGER, prediction DOUBLE, target DOUBLE)');
    const appender = await db.connection.createAppender('p');
    const types = [VARCHAR, TIMESTAMP_MS, UINTEGER, DOUBLE, DOUBLE];
    const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
    for (let first = 0; first < rows.length; first += chunkRows) {
      const part = Array.from(rows.subarray(first, first + chunkRows));
      const chunk = DuckDBDataChunk.create(types, part.length);
      chunk.setColumns([
        part.map((row) => panel.symbols[panel.symbolOf[row]!]!),
        part.map((row) => new DuckDBTimestampMillisecondsValue(BigInt(Math.round(panel.times[panel.barOf[row]!]!)))),
        part.map((_, i) => folds[first + i]!),
        part.map((_, i) => finiteOrNull(predictions[first + i]!)),
        part.map((row) => finiteOrNull(targets[row]!)),
      ]);
      appender.appendDataChunk(chunk);
      // The caller's process has live runs to serve.
      await setImmediate();
    }
    appender.closeSync();
    await db.run(
      `COPY (SELECT symbol, CAST(time AS TIMESTAMP) AS time, fold, prediction, target FROM p) TO ${quoteText(partial)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    await rename(partial, path);
    return path;
  } finally {
    db.close();
    await rm(partial, { force: true });
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
