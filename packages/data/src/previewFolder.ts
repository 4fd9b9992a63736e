import type { DatasetPreview } from '@twostage/core/runs/datasetPreview';
import { suggestedRoles } from './columns.ts';
import { readCsvHeader } from './csvRecords.ts';
import { Database, quotePath } from './database.ts';
import { findSourceFiles } from './sourceFiles.ts';

const mostRows = 8;
const longestCell = 80;

/**
 * The beginning of a folder's first file, for a person who is to say what its columns are.
 * @throws DomainError NOT_FOUND, EMPTY_FOLDER, BAD_FILE where not even that can be read
 */
export async function previewFolder(dataDir: string): Promise<DatasetPreview> {
  const files = await findSourceFiles(dataDir);
  const first = files[0]!;
  const { names, rows } = first.format === 'csv' ? await ofText(first) : await ofParquet(first.path);
  const roles = suggestedRoles(names);
  return {
    ...{ files: files.length, file: first.name },
    columns: names.map((name, i) => ({ name, role: roles[i]! })),
    rows: rows.slice(0, mostRows).map((row) => names.map((_, i) => (row[i] ?? '').slice(0, longestCell))),
  };
}

async function ofText(file: { path: string; name: string; gzipped: boolean }) {
  const { names, glimpse } = await readCsvHeader(file);
  return { names, rows: glimpse };
}

async function ofParquet(path: string): Promise<{ names: readonly string[]; rows: readonly (readonly string[])[] }> {
  const db = await Database.open({ threads: 1 });
  try {
    const from = `read_parquet(${quotePath(path)}, hive_partitioning = false)`;
    const names = (await db.rows<{ column_name: string }>(`DESCRIBE SELECT * FROM ${from}`)).map(
      (row) => row.column_name,
    );
    const rows = await db.rows<Record<string, string | null>>(
      `SELECT COLUMNS(*)::VARCHAR FROM ${from} LIMIT ${mostRows}`,
    );
    return { names, rows: rows.map((row) => names.map((name) => row[name] ?? '')) };
  } finally {
    db.close();
  }
}
