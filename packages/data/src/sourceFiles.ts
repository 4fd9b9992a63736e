import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@twostage/core/errors';
import { z } from 'zod';

/** One symbol's bars. */
export interface SourceFile {
  readonly symbol: string;
  /** Name within the folder. */
  readonly name: string;
  readonly path: string;
  readonly format: 'csv' | 'parquet';
}

const bestNamed = 40;

/**
 * The CSV and Parquet files of a folder, one a symbol, sorted by symbol; everything else in it is left alone.
 * @throws DomainError NOT_FOUND (no such folder), EMPTY_FOLDER, BAD_FILE (two files of one symbol)
 */
export async function findSourceFiles(dataDir: string): Promise<SourceFile[]> {
  const entries = await readdir(dataDir, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    const reason =
      cause.code === 'ENOENT'
        ? 'there is no such folder'
        : cause.code === 'ENOTDIR'
          ? 'is a file; a folder of CSV or Parquet files is expected'
          : `cannot be read (${cause.code ?? cause.message})`;
    throw new DomainError('NOT_FOUND', `${dataDir}: ${reason}`, { cause, field: 'dataDir' });
  });
  const files: SourceFile[] = [];
  for (const entry of entries) {
    const match = /^([^.].*)\.(csv|parquet)$/i.exec(entry.name);
    if (!match) continue;
    const path = join(dataDir, entry.name);
    // A link to a file counts as the file.
    if (!entry.isFile() && !(entry.isSymbolicLink() && (await stat(path)).isFile())) continue;
    files.push({ symbol: match[1]!, name: entry.name, path, format: match[2]!.toLowerCase() as SourceFile['format'] });
  }
  if (files.length === 0) {
    throw new DomainError('EMPTY_FOLDER', `${dataDir}: holds no .csv or .parquet file, one a symbol`, {
      field: 'dataDir',
    });
  }
  files.sort((a, b) => compareText(a.symbol, b.symbol) || compareText(a.name, b.name));
  const twin = files.find((file, i) => i > 0 && file.symbol === files[i - 1]!.symbol);
  if (twin) {
    const names = files.filter((file) => file.symbol === twin.symbol).map((file) => file.name);
    throw new DomainError(
      'BAD_FILE',
      `${dataDir}: ${names.join(' and ')} both hold the symbol ${twin.symbol}; keep one`,
    );
  }
  return files;
}

/**
 * The files of the symbols asked for, in the order of `files`; all when none is asked for.
 * @throws DomainError UNKNOWN_SYMBOL listing what exists
 */
export function chooseSymbols(files: readonly SourceFile[], symbols: readonly string[]): SourceFile[] {
  const known = new Set(files.map((file) => file.symbol));
  const unknown = symbols.findIndex((symbol) => !known.has(symbol));
  if (unknown >= 0) {
    throw new DomainError('UNKNOWN_SYMBOL', `no symbol "${symbols[unknown]}"; there are ${listed([...known])}`, {
      field: `symbols.${unknown}`,
    });
  }
  if (symbols.length === 0) return [...files];
  const wanted = new Set(symbols);
  return files.filter((file) => wanted.has(file.symbol));
}

/** Names for a message: all of them, or the first ones and how many more. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, bestNamed).join(', ');
  return names.length > bestNamed ? `${shown} and ${names.length - bestNamed} more` : shown || 'none';
}

const descriptionSchema = z.object({
  simulated: z.boolean().default(false),
  title: z.string().default(''),
  description: z.string().default(''),
  /** `given`: the files' own columns are the features, as they are: none is computed, none normalised across symbols. */
  features: z.enum(['builtIn', 'given']).default('builtIn'),
});
export type DatasetDescription = z.infer<typeof descriptionSchema>;
export const descriptionFile = 'dataset.json';

/** What the folder's optional `dataset.json` says of it; null without one, or where it says something else. */
export async function readDescription(dataDir: string): Promise<DatasetDescription | null> {
  try {
    return descriptionSchema.parse(JSON.parse(await readFile(join(dataDir, descriptionFile), 'utf8')));
  } catch {
    return null;
  }
}

/** By code unit, so that the order is the same in every locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
