import { DomainError } from '@twostage/core/errors';
import { type ColumnMapping, type ColumnRoles, columnRoles } from './columns.ts';
import { readCsvHeader } from './csvRecords.ts';
import { type Database, quoteName, quotePath, quoteText, reasonOf } from './database.ts';
import type { SourceFile } from './sourceFiles.ts';

/** A file whose columns are known, before its rows are read. */
export interface DescribedFile extends SourceFile {
  /** Order within the dataset; see `fileBits`. */
  readonly index: number;
  readonly roles: ColumnRoles;
  /** Columns in the file's order. */
  readonly columns: readonly FileColumn[];
  /** null: Parquet. */
  readonly delimiter: string | null;
  /** What the symbol column says at both ends of a CSV file; null where nothing was seen of it. */
  readonly glimpsedSymbols: readonly string[] | null;
  /** Whose a row is; null: the symbol that the file's place says. */
  readonly symbolColumn: FileColumn | null;
}
export interface FileColumn {
  readonly name: string;
  /** How the query that reads the file calls it. */
  readonly sql: string;
  /** `clock`: a day and a time of day without a zone. `other`: nested or binary, never a value. */
  readonly type: 'text' | 'number' | 'day' | 'clock' | 'instant' | 'other';
}

/**
 * A row is known by one number, n: the file's index above so many bits, below them the row's ordinal, which begins with 1 in the
 * group that was read together. So rows sort by file, then by line.
 */
const fileBits = 36;
export const fileOfRow = `(n >> ${fileBits})`;
export const firstRowOf = (file: { readonly index: number }): number => file.index * 2 ** fileBits;

/** Files that one query can read: the same columns in the same order. */
export interface FileGroup {
  readonly files: readonly DescribedFile[];
  readonly sample: DescribedFile;
}

const numberTypes =
  /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|FLOAT|DOUBLE|DECIMAL.*|BOOLEAN)$/;
const otherTypes = /^(STRUCT|MAP|UNION|BLOB|BIT|INTERVAL|VARIANT|GEOMETRY)|\]$/;

function typeOf(type: string): FileColumn['type'] {
  if (otherTypes.test(type)) return 'other';
  if (numberTypes.test(type)) return 'number';
  if (type === 'DATE') return 'day';
  if (type === 'TIMESTAMP WITH TIME ZONE') return 'instant';
  return type.startsWith('TIMESTAMP') ? 'clock' : 'text';
}

/** What no file calls a column: it could not be told from the file's path. */
const pathColumn = '\u0001path';

/**
 * Reads every header.
 * @throws DomainError BAD_FILE naming the file: unreadable, no header, no time or close column
 */
export async function describeFiles(
  db: Database,
  files: readonly SourceFile[],
  mapping: ColumnMapping | null = null,
): Promise<DescribedFile[]> {
  const described: DescribedFile[] = [];
  for (const file of files) {
    db.checkCancelled();
    described.push({ index: described.length, ...file, ...(await describeFile(db, file, mapping)) });
  }
  return described;
}

async function describeFile(
  db: Database,
  file: SourceFile,
  mapping: ColumnMapping | null,
): Promise<Omit<DescribedFile, 'index' | keyof SourceFile>> {
  if (file.format === 'csv') {
    const { delimiter, names, glimpse } = await readCsvHeader(file);
    const columns = names.map((name, i): FileColumn => ({ name, sql: `c${i}`, type: 'text' }));
    const roles = columnRoles(file.name, names, mapping);
    const said = glimpse.map((record) => record[roles.symbol ?? -1]?.trim() ?? '');
    const glimpsedSymbols = said.length > 0 ? [...new Set(said)] : null;
    return { columns, delimiter, roles, glimpsedSymbols, symbolColumn: null };
  }
  const found = await db
    .rows<{ column_name: string; column_type: string }>(
      `DESCRIBE SELECT * FROM read_parquet(${quotePath(file.path)}, hive_partitioning = false)`,
    )
    .catch((cause) => {
      if (cause instanceof DomainError) throw cause;
      const reason = withoutPath(reasonOf(cause), file);
      throw new DomainError('BAD_FILE', `${file.name}: not a readable Parquet file: ${reason}`, { cause });
    });
  const columns = found.map(
    ({ column_name, column_type }, i): FileColumn => ({ name: column_name, sql: `c${i}`, type: typeOf(column_type) }),
  );
  const names = columns.map((column) => column.name);
  const roles = columnRoles(file.name, names, mapping);
  for (const position of [
    ...roles.time,
    ...Object.values(roles.prices),
    ...roles.targets.map((each) => each.position),
  ]) {
    if (columns[position]!.type !== 'other') continue;
    const expected = roles.time.includes(position) ? 'a time' : 'a number';
    throw new DomainError(
      'BAD_FILE',
      `${file.name}, column ${names[position]}: ${expected} is expected, got ${found[position]!.column_type}`,
    );
  }
  return { columns, delimiter: null, roles, glimpsedSymbols: null, symbolColumn: null };
}

export function groupFiles(files: readonly DescribedFile[]): FileGroup[] {
  const groups = new Map<string, DescribedFile[]>();
  for (const file of files) {
    // Of a file whose rows name their symbols not every row is kept: alone, its rows are numbered by the file.
    const alone = file.symbolColumn && file.index;
    const key = JSON.stringify([file.format, file.gzipped, file.delimiter, file.columns, alone]);
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
    // Under names of our own, because the files' could be ours.
    const columns = sample.columns.map(({ name, sql, type }) =>
      type === 'text' ? `CAST(${quoteName(name)} AS VARCHAR) AS ${sql}` : `${quoteName(name)} AS ${sql}`,
    );
    return `(SELECT ${columns.join(', ')}, ${quoteName(pathColumn)} AS path, row_number() OVER () AS n FROM read_parquet(${paths}, filename = ${quoteText(pathColumn)}, hive_partitioning = false))`;
  }
  const columns = sample.columns.map((column) => `'${column.sql}': 'VARCHAR'`).join(', ');
  const delimiter = sample.delimiter === '\t' ? '\\t' : sample.delimiter;
  return `(SELECT *, row_number() OVER () AS n FROM read_csv(${paths}, auto_detect = false, header = true, delim = '${delimiter}', quote = '"', escape = '"', filename = 'path', hive_partitioning = false, columns = {${columns}}))`;
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
  const longest = /Maximum line size of (\d+) bytes exceeded/.exec(text)?.[1];
  if (longest) {
    const place = line ? `, line ${line}` : '';
    return `${file.name}${place}: a line of at most ${longest} bytes is expected, got a longer one`;
  }
  if (line && /Invalid unicode/.test(text)) {
    return `${file.name}, line ${line}: is not UTF-8 (Latin-1?); UTF-8 text is expected`;
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
