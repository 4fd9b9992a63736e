import { rename, rm } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { DuckDBDataChunk, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import { Database, quoteName, quoteText } from './database.ts';

const chunkRows = 2048;

/** One column of a table. */
export interface Column {
  readonly name: string;
  readonly type: DuckDBType;
  /** The value of the i-th row; NULL = not known. */
  readonly at: (i: number) => DuckDBValue;
}

/**
 * Writes a Parquet file with a column `time` (TIMESTAMP_MS, stored as TIMESTAMP in UTC) and others. The file comes into being whole or
 * not at all.
 */
export async function writeParquetTable(path: string, columns: readonly Column[], rows: number): Promise<void> {
  const partial = `${path}.partial`;
  const db = await Database.open({ threads: 1 });
  try {
    const declared = columns.map(({ name, type }) => `${quoteName(name)} ${type}`);
    await db.run(`CREATE TABLE p (${declared.join(', ')})`);
    const appender = await db.connection.createAppender('p');
    const types = columns.map(({ type }) => type);
    for (let first = 0; first < rows; first += chunkRows) {
      const length = Math.min(chunkRows, rows - first);
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
  } finally {
    db.close();
    await rm(partial, { force: true });
  }
}
