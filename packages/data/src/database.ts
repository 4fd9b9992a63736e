import { type DuckDBConnection, DuckDBInstance, type DuckDBResult } from '@duckdb/node-api';
import { DomainError, messageOf } from '@twostage/core/errors';

export interface DatabaseSettings {
  /** 0: every core. */
  readonly threads: number;
  /** Beyond it DuckDB spills to `spillDirectory`. */
  readonly memoryLimitMb?: number;
  readonly spillDirectory?: string;
  readonly signal?: AbortSignal;
}

export type Cell = string | number | bigint | boolean | null;

/** An in-memory DuckDB of one piece of work: nothing is downloaded, times are UTC, row order is kept. */
export class Database {
  private constructor(
    private readonly instance: DuckDBInstance,
    readonly connection: DuckDBConnection,
    private readonly signal: AbortSignal | undefined,
  ) {}

  static async open({ threads, memoryLimitMb, spillDirectory, signal }: DatabaseSettings): Promise<Database> {
    const instance = await DuckDBInstance.create(':memory:', {
      ...(threads > 0 && { threads: String(threads) }),
      ...(memoryLimitMb !== undefined && { memory_limit: `${memoryLimitMb}MB` }),
      ...(spillDirectory !== undefined && { temp_directory: spillDirectory }),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const database = new Database(instance, await instance.connect(), signal);
    // icu and parquet are linked into the library; only loading by name makes them known.
    await database.run("LOAD icu; LOAD parquet; SET TimeZone = 'UTC'");
    return database;
  }

  /**
   * @throws DomainError CANCELLED once the signal was aborted
   * @throws Error as DuckDB words it
   */
  async run(sql: string): Promise<void> {
    await this.whileInterruptible(() => this.connection.run(sql));
  }

  /** Small results only: one object a row; 64-bit integers as numbers. */
  async rows<Row extends Record<string, unknown>>(sql: string): Promise<Row[]> {
    const reader = await this.whileInterruptible(() => this.connection.runAndReadAll(sql));
    return reader
      .getRowObjects()
      .map(
        (row) =>
          Object.fromEntries(
            Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
          ) as Row,
      );
  }

  async stream(sql: string): Promise<DuckDBResult> {
    return this.whileInterruptible(() => this.connection.stream(sql));
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }

  /** @throws DomainError CANCELLED */
  checkCancelled(): void {
    if (this.signal?.aborted) throw new DomainError('CANCELLED', 'preparing the data was cancelled');
  }

  private async whileInterruptible<Result>(work: () => Promise<Result>): Promise<Result> {
    this.checkCancelled();
    const interrupt = () => this.connection.interrupt();
    this.signal?.addEventListener('abort', interrupt);
    try {
      return await work();
    } catch (error) {
      this.checkCancelled();
      throw error;
    } finally {
      this.signal?.removeEventListener('abort', interrupt);
    }
  }
}

export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** A path as DuckDB's readers take it: their wildcards lose their meaning. */
export const quotePath = (path: string): string => quoteText(path.replace(/[*?[]/g, '[$&]'));
/** Terms of one operator as a balanced tree: DuckDB refuses a chain of a thousand. At least one term. */
export function combine(terms: readonly string[], operator: 'OR' | '+'): string {
  if (terms.length === 1) return terms[0]!;
  const middle = terms.length >> 1;
  return `(${combine(terms.slice(0, middle), operator)} ${operator} ${combine(terms.slice(middle), operator)})`;
}

/** What DuckDB said, without the hints and the settings it appends. */
export const reasonOf = (error: unknown): string => messageOf(error).split('\n')[0]!.trim();
