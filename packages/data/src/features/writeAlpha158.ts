import type { DuckDBResult } from '@duckdb/node-api';
import type { Database } from '../database.ts';
import type { FeatureFile } from '../featureFile.ts';
import { Alpha158, alphaBlock } from './alpha158/alpha158.ts';
import { inputNames } from './alpha158/history.ts';

/** Rows computed before they are written: 158 float64 columns of so many take 20 MB, whatever the size of the data. */
const blockRows = 16_384;

/**
 * Computes Alpha158 over the table `bars`, which lies sorted by (symbol, sn), and writes some of its columns.
 * @param columns which of the 158; the i-th goes into column `firstColumn + i` of the file
 * @param vwap the column of `bars` with the files' own vwap; null without one
 * @throws DomainError CANCELLED
 */
export async function writeAlpha158(
  db: Database,
  file: FeatureFile,
  columns: readonly number[],
  firstColumn: number,
  vwap: string | null,
): Promise<void> {
  const inputs = ['o', 'h', 'l', 'c', 'v', vwap ?? 'NULL'].map(
    (name) => `coalesce(CAST(${name} AS DOUBLE), 'nan'::DOUBLE)`,
  );
  const result = await db.stream(`SELECT symbol, CAST(sn AS UINTEGER), ${inputs.join(', ')} FROM bars`);
  await new BlockWriter(file, columns, firstColumn).write(db, result);
}

class BlockWriter {
  private readonly alpha = new Alpha158(blockRows);
  private readonly block = alphaBlock(blockRows);
  private readonly narrow = new Float32Array(blockRows);
  /** Rows of the file before the block, rows of the block that are computed, and rows taken in that are not. */
  private written = 0;
  private computed = 0;
  private waiting = 0;

  constructor(
    private readonly file: FeatureFile,
    private readonly columns: readonly number[],
    private readonly firstColumn: number,
  ) {}

  async write(db: Database, result: DuckDBResult): Promise<void> {
    let symbol = -1;
    let before = 0;
    for (;;) {
      db.checkCancelled();
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      const symbols = chunk.getColumnVector(0);
      const numbers = chunk.getColumnVector(1);
      const values = inputNames.map((_, input) => chunk.getColumnVector(2 + input));
      for (let i = 0; i < chunk.rowCount; i++) {
        const own = symbols.getItem(i) as number;
        const number = numbers.getItem(i) as number;
        if (own !== symbol ? number !== 1 : number !== before + 1) throw new Error('bars came out of order');
        if (own !== symbol) {
          this.compute();
          this.alpha.begin();
        }
        [symbol, before] = [own, number];
        inputNames.forEach((name, input) => {
          this.alpha.inputs[name][this.waiting] = values[input]!.getItem(i) as number;
        });
        this.waiting++;
        if (this.computed + this.waiting === blockRows) await this.flush();
      }
    }
    await this.flush();
  }

  private compute(): void {
    if (this.waiting > 0) this.alpha.compute(this.waiting, this.block, this.computed);
    this.computed += this.waiting;
    this.waiting = 0;
  }

  private async flush(): Promise<void> {
    this.compute();
    const values = this.narrow.subarray(0, this.computed);
    for (const [i, column] of this.columns.entries()) {
      values.set(this.block[column]!.subarray(0, this.computed));
      await this.file.write(this.firstColumn + i, this.written, values);
    }
    this.written += this.computed;
    this.computed = 0;
  }
}
