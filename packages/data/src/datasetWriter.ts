import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from './database.ts';

/** Columns read at once: at most so many, and no more than fit here, be it one alone. */
const [columnsAtOnce, bytesAtOnce] = [16, 2 ** 29];

/**
 * Streams float64 columns of a query, some at a time, each as one array in row order.
 * @param source a table with symbol, sn and the columns; sn counts 1, 2, 3 … within a symbol
 * @param firstRow [symbols], the row of a symbol's sn = 1
 * @param visit called column after column; may change the array
 */
export async function readColumns(
  db: Database,
  source: string,
  columns: readonly string[],
  rows: number,
  firstRow: Uint32Array,
  visit: (values: Float64Array, column: number) => Promise<void>,
): Promise<void> {
  const fitting = Math.floor(bytesAtOnce / (rows * Float64Array.BYTES_PER_ELEMENT));
  const atOnce = Math.max(1, Math.min(columnsAtOnce, columns.length, fitting));
  const scratch = Array.from({ length: Math.min(atOnce, columns.length) }, () => new Float64Array(rows));
  for (let first = 0; first < columns.length; first += atOnce) {
    const names = columns.slice(first, first + atOnce);
    const result = await db.stream(
      `SELECT symbol, CAST(sn AS UINTEGER) AS sn, ${names.map((name) => `coalesce(CAST(${name} AS DOUBLE), 'nan'::DOUBLE)`).join(', ')} FROM ${source}`,
    );
    for (;;) {
      db.checkCancelled();
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      const symbol = chunk.getColumnVector(0);
      const sn = chunk.getColumnVector(1);
      const rowOf = new Uint32Array(chunk.rowCount);
      for (let i = 0; i < rowOf.length; i++) {
        rowOf[i] = firstRow[symbol.getItem(i) as number]! + (sn.getItem(i) as number) - 1;
      }
      for (let column = 0; column < names.length; column++) {
        const vector = chunk.getColumnVector(column + 2);
        const into = scratch[column]!;
        for (let i = 0; i < rowOf.length; i++) into[rowOf[i]!] = vector.getItem(i) as number;
      }
    }
    for (let column = 0; column < names.length; column++) await visit(scratch[column]!, first + column);
  }
}

/** Writes a dataset's files and keeps the hash of everything written, in the order written. */
export class DatasetFiles {
  private readonly hash = createHash('sha256');
  constructor(private readonly directory: string) {}

  async write(name: string, values: ArrayBufferView): Promise<void> {
    const count = this.begin(name);
    const handle = await open(this.pathOf(name), 'wx');
    try {
      count(values);
      await writeAll(handle, bytesOf(values));
    } finally {
      await handle.close();
    }
  }

  pathOf(name: string): string {
    return join(this.directory, name);
  }

  /** For a file that is written otherwise: takes its content into the hash, in order. */
  begin(name: string): (values: ArrayBufferView) => void {
    this.hash.update(`${name}\n`);
    return (values) => this.hash.update(bytesOf(values));
  }

  /** SHA-256 over the settings and all that was written. */
  id(settings: unknown): string {
    return this.hash.copy().update(JSON.stringify(settings)).digest('hex');
  }
}

const bytesOf = (values: ArrayBufferView): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, offset, Math.min(bytes.length - offset, 1 << 30));
    offset += bytesWritten;
  }
}
