import type { DatasetDescription } from '@twostage/core/runs/datasetDescription';
import { DomainError } from '@twostage/core/errors';
import { Database } from './database.ts';
import { mappingOf, readDescription } from './datasetDescription.ts';
import { type DescribedFile, describeFiles } from './readFiles.ts';
import { findSourceFiles, type SourceFile } from './sourceFiles.ts';
import { symbolsNamedBy } from './symbolColumn.ts';
import { checkSpellings, compareText, listed } from './symbolNames.ts';

/** A folder of market data, before its rows are read. */
export interface Source {
  /** Those asked for, sorted by symbol. */
  readonly symbols: readonly SourceSymbol[];
  /** Those that hold one of the symbols, in the order in which a later row replaces an earlier one of the same bar. */
  readonly files: readonly DescribedFile[];
  /** What the folder's dataset.json says. */
  readonly description: DatasetDescription | null;
}
export interface SourceSymbol {
  readonly symbol: string;
  /** Indices into `files`. */
  readonly files: readonly number[];
}

/**
 * Finds out which symbols a folder holds, and where: a file, a folder or a partition a symbol, or files whose rows name theirs.
 * @param wanted empty: every symbol found
 * @throws DomainError NOT_FOUND, EMPTY_FOLDER, UNKNOWN_SYMBOL listing what exists, BAD_FILE, CANCELLED
 */
export async function openSource(db: Database, dataDir: string, wanted: readonly string[] = []): Promise<Source> {
  const description = await readDescription(dataDir);
  const described = await describeFiles(
    db,
    chooseFiles(await findSourceFiles(dataDir), wanted),
    mappingOf(description),
  );
  const named: { file: DescribedFile; symbols: readonly string[] }[] = [];
  for (const file of described) {
    db.checkCancelled();
    const said = await symbolsNamedBy(db, file);
    named.push({
      file: { ...file, symbolColumn: said && file.columns[file.roles.symbol!]! },
      symbols: said ?? [file.symbol],
    });
  }
  checkOneLayout(dataDir, named);
  checkSpellings(named.flatMap(({ file, symbols }) => symbols.map((symbol) => ({ symbol, name: file.name }))));

  const known = new Set(named.flatMap(({ symbols }) => symbols));
  checkKnown(wanted, [...known]);
  const chosen = wanted.length === 0 ? known : new Set(wanted);
  const kept = named.filter(({ symbols }) => symbols.some((symbol) => chosen.has(symbol)));
  const filesOf = new Map<string, number[]>([...chosen].sort(compareText).map((symbol) => [symbol, []]));
  kept.forEach(({ symbols }, i) => {
    for (const symbol of symbols) filesOf.get(symbol)?.push(i);
  });
  return {
    symbols: [...filesOf].map(([symbol, files]) => ({ symbol, files })),
    files: kept.map(({ file }, index) => ({ ...file, index })),
    description,
  };
}

/**
 * The symbols of a folder.
 * @param wanted where each has files of its own, no file is opened
 * @throws DomainError as `openSource` does
 */
export async function listSymbols(dataDir: string, wanted: readonly string[]): Promise<string[]> {
  const placed = new Set((await findSourceFiles(dataDir)).map(({ symbol }) => symbol));
  if (wanted.length > 0 && wanted.every((symbol) => placed.has(symbol))) return [...placed];
  const db = await Database.open({ threads: 1 });
  try {
    return (await openSource(db, dataDir)).symbols.map(({ symbol }) => symbol);
  } finally {
    db.close();
  }
}

/** Where each symbol asked for has files of its own, only those: what is wrong with the others is of no concern. */
function chooseFiles(files: readonly SourceFile[], wanted: readonly string[]): readonly SourceFile[] {
  const placed = new Set(files.map((file) => file.symbol));
  if (files[0]!.layout === 'partition') checkKnown(wanted, [...placed]);
  if (wanted.length === 0 || !wanted.every((symbol) => placed.has(symbol))) return files;
  return files.filter((file) => wanted.includes(file.symbol));
}

function checkKnown(wanted: readonly string[], known: readonly string[]): void {
  const unknown = wanted.findIndex((symbol) => !known.includes(symbol));
  if (unknown < 0) return;
  throw new DomainError(
    'UNKNOWN_SYMBOL',
    `no symbol "${wanted[unknown]}"; there are ${listed([...known].sort(compareText))}`,
    { field: `symbols.${unknown}` },
  );
}

function checkOneLayout(dataDir: string, named: readonly { file: DescribedFile; symbols: readonly string[] }[]): void {
  const long = named.find(({ symbols }) => symbols.length > 1);
  const mute =
    long &&
    named.find(({ file }) => file.symbolColumn === null && (file.roles.symbol === null || file.roles.symbolIsWeak));
  if (!long || !mute) return;
  const { name } = long.file.symbolColumn!;
  throw new DomainError(
    'BAD_FILE',
    `${dataDir}: holds two layouts, ${long.file.name} (several symbols, by its column ${name}) and ${mute.file.name} (a file a symbol); keep one`,
  );
}
