import { DomainError } from '@twostage/core/errors';
import { type ColumnRoles, columnRoles } from './columns.ts';
import { readCsvHeader } from './csvRecords.ts';
import { type Database, quoteName, quotePath, reasonOf } from './database.ts';
import type { SourceFile } from './sourceFiles.ts';

/** A file whose columns are known, before its rows are read. */
export interface DescribedFile extends SourceFile {
  /** Order within the dataset. */
  readonly index: number;
  readonly roles: ColumnRoles;
  /** Columns in the file's order. */
  readonly columns: readonly FileColumn[];
  /** null: Parquet. */
  readonly delimiter: string | null;
}
export interface FileColumn {
  readonly name: string;
  /** How the query that reads the file calls it. */
  readonly sql: string;
  readonly type: 'text' | 'number' | 'instant';
}

/** Files that one query can read: the same columns in the same order. */
export interface FileGroup {
  readonly files: readonly DescribedFile[];
  readonly sample: DescribedFile;
}

const numberTypes =
  /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|FLOAT|DOUBLE|DECIMAL.*|BOOLEAN)$/;
const instantTypes = /^(DATE|TIMESTAMP.*)$/;

/**
 * Reads every header.
 * @throws DomainError BAD_FILE naming the file: unreadable, no header, no time or close column
 */
export async function describeFiles(db: Database, files: readonly SourceFile[]): Promise<DescribedFile[]> {
  const described: DescribedFile[] = [];
  for (const file of files) {
    db.checkCancelled();
    described.push({ index: described.length, ...file, ...(await describeFile(db, file)) });
  }
  return described;
}

async function describeFile(
  db: Database,
  file: SourceFile,
): Promise<Pick<DescribedFile, 'columns' | 'delimiter' | 'roles'>> {
  if (file.format === 'csv') {
    const { delimiter, names } = await readCsvHeader(file.path, file.name);
    const columns = names.map((name, i): FileColumn => ({ name, sql: `c${i}`, type: 'text' }));
    return { columns, delimiter, roles: columnRoles(file.name, names) };
  }
  const found = await db
    .rows<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM read_parquet(${quotePath(file.path)})`)
    .catch((cause) => {
      if (cause instanceof DomainError) throw cause;
      throw new DomainError(
        'BAD_FILE',
        `${file.name}: not a readable Parquet file: ${withoutPath(reasonOf(cause), file)}`,
        {
          cause,
        },
      );
    });
  const columns = found.map(
    ({ column_name, column_type }): FileColumn => ({
      name: column_name,
      sql: quoteName(column_name),
      type: numberTypes.test(column_type) ? 'number' : instantTypes.test(column_type) ? 'instant' : 'text',
    }),
  );
  return {
    columns,
    delimiter: null,
    roles: columnRoles(
      file.name,
      columns.map((column) => column.name),
    ),
  };
}

export function groupFiles(files: readonly DescribedFile[]): FileGroup[] {
  const groups = new Map<string, DescribedFile[]>();
  for (const file of files) {
    const key = JSON.stringify([file.format, file.delimiter, file.columns]);
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  return [...groups.values()].map((group) => ({ files: group, sample: group[0]! }));
}

/** A table expression over a group: its columns as `FileColumn.sql` calls them, and `path` and `n`, the row's ordinal among all rows read. */
export function readGroup({ files, sample }: FileGroup): string {
  const paths = `[${files.map((file) => quotePath(file.path)).join(', ')}]`;
  if (sample.format === 'parquet') {
    return `(SELECT *, row_number() OVER () AS n FROM read_parquet(${paths}, filename = 'path'))`;
  }
  const columns = sample.columns.map((column) => `'${column.sql}': 'VARCHAR'`).join(', ');
  const delimiter = sample.delimiter === '\t' ? '\\t' : sample.delimiter;
  return `(SELECT *, row_number() OVER () AS n FROM read_csv(${paths}, auto_detect = false, header = true, delim = '${delimiter}', quote = '"', escape = '"', filename = 'path', columns = {${columns}}))`;
}

/**
 * Names the file that a group's query broke on, by reading them one by one.
 * @throws DomainError BAD_FILE always
 */
export async function blameFile(db: Database, group: FileGroup, cause: unknown): Promise<never> {
  if (cause instanceof DomainError) throw cause;
  for (const file of group.files) {
    try {
      const columns = file.columns.map((column) => `count(${column.sql})`).join(', ');
      await db.run(`SELECT ${columns} FROM ${readGroup({ files: [file], sample: file })}`);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DomainError('BAD_FILE', describeReadError(error, file), { cause: error });
    }
  }
  throw new DomainError('BAD_FILE', reasonOf(cause), { cause });
}

function describeReadError(error: unknown, file: DescribedFile): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = /CSV Error on Line: (\d+)/.exec(text)?.[1];
  const fields = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text);
  if (line && fields) {
    const [, expected, found] = fields.map(Number) as [number, number, number];
    // DuckDB stops counting at the first field too many.
    const came = found > expected ? 'more' : found;
    return `${file.name}, line ${line}: expected ${expected} columns as in the header, got ${came}`;
  }
  if (line) {
    const lines = text.split('\n');
    const detail = lines.find((each, i) => i > 1 && each.trim() !== '' && !each.startsWith('Original Line')) ?? '';
    return `${file.name}, line ${line}: not a valid CSV record: ${detail.trim()}`;
  }
  const kind = file.format === 'csv' ? 'CSV' : 'Parquet';
  return `${file.name}: not a readable ${kind} file: ${withoutPath(reasonOf(error), file)}`;
}

const withoutPath = (message: string, file: SourceFile): string => message.replaceAll(file.path, file.name);
