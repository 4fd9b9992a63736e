import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { DomainError } from '@twostage/core/errors';
import { runDirectory } from '@twostage/core/runs/runDirectory';
import { symbolSpellings } from './columns.ts';
import { checkSpellings, checkSymbol, compareText, listed } from './symbolNames.ts';

/** A file of bars: a symbol's, or a piece of one's, unless its rows name their symbols (`symbolColumn.ts`). */
export interface SourceFile {
  /** What its place in the folder says. */
  readonly symbol: string;
  /** Path within the folder. */
  readonly name: string;
  readonly path: string;
  /** `csv`: text of separated values, whatever separates them. */
  readonly format: 'csv' | 'parquet';
  /** Whether the text is compressed by gzip. */
  readonly gzipped: boolean;
  /** `file`: SYMBOL.csv. `folder`: SYMBOL/2016.csv. `partition`: …/symbol=SYMBOL/part-0.parquet; keys of other names may stand before any. */
  readonly layout: 'file' | 'folder' | 'partition';
}

const dataFile = /^([^.].*?)\.(csv\.gz|tsv\.gz|csv|tsv|parquet)$/i;
const intervalKeys = ['interval', 'freq', 'frequency', 'timeframe', 'resolution'];
const [deepestFolder, mostFiles] = [8, 100_000];

/**
 * The CSV (TSV, gzipped or not) and Parquet files of a folder, sorted by symbol and name; everything else in it is left alone.
 * @throws DomainError NOT_FOUND (no such folder), EMPTY_FOLDER, BAD_FILE (two layouts, two intervals, two files or spellings of
 *   one symbol, a link that leads out of the folder or nowhere)
 */
export async function findSourceFiles(dataDir: string): Promise<SourceFile[]> {
  const paths: string[][] = [];
  await walk(dataDir, [], paths);
  if (paths.length === 0) {
    throw new DomainError('EMPTY_FOLDER', `${dataDir}: holds no .csv, .tsv, .csv.gz or .parquet file, one a symbol`, {
      field: 'dataDir',
    });
  }
  checkIntervals(dataDir, paths);
  const files = paths.map((parts) => placeFile(dataDir, parts));
  files.sort((a, b) => compareText(a.symbol, b.symbol) || compareText(a.name, b.name));
  checkLayouts(dataDir, files);
  checkYears(files);
  checkTwins(dataDir, files);
  checkSpellings(files);
  return files;
}

async function walk(dataDir: string, parts: readonly string[], found: string[][]): Promise<void> {
  const folder = join(dataDir, ...parts);
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    const reason =
      cause.code === 'ENOENT'
        ? 'there is no such folder'
        : cause.code === 'ENOTDIR'
          ? 'is a file; a folder of CSV or Parquet files is expected'
          : `cannot be read (${cause.code ?? cause.message})`;
    throw new DomainError('NOT_FOUND', `${folder}: ${reason}`, { cause, field: 'dataDir' });
  });
  // What a run wrote beside the data it read is not data.
  if (parts.length > 0 && entries.some((entry) => entry.name === runDirectory.events)) return;
  for (const entry of entries) {
    const own = [...parts, entry.name];
    const isData = dataFile.test(entry.name);
    if (entry.isSymbolicLink() ? isData && (await leadsToFile(dataDir, own)) : isData && entry.isFile()) {
      found.push(own);
      if (found.length > mostFiles) {
        throw new DomainError('BAD_FILE', `${dataDir}: holds more than ${mostFiles} files; choose a folder within it`);
      }
    } else if (entry.isDirectory() && !/^[._]/.test(entry.name) && own.length <= deepestFolder) {
      await walk(dataDir, own, found);
    }
  }
}

/** A link to a file of the folder counts as the file. One that leads out would show what the folder's reader may not see. */
async function leadsToFile(dataDir: string, parts: readonly string[]): Promise<boolean> {
  const path = join(dataDir, ...parts);
  const [root, target] = await Promise.all([realpath(dataDir), realpath(path)]).catch((cause) => {
    throw new DomainError('BAD_FILE', `${parts.join('/')}: a link that leads nowhere`, { cause });
  });
  if (!target.startsWith(root + sep)) {
    throw new DomainError('BAD_FILE', `${parts.join('/')}: a link that leads out of the data folder`);
  }
  return (await stat(target)).isFile();
}

/** `interval=5m`; Yahoo's `EUR=X` and `GC=F` are symbols. */
function partitionOf(part: string): { key: string; value: string } | null {
  const match = /^([A-Za-z_]\w*)=(.*)$/.exec(part);
  if (!match || /^[A-Z0-9]+=[XF]$/.test(part)) return null;
  try {
    return { key: match[1]!.toLowerCase(), value: decodeURIComponent(match[2]!) };
  } catch {
    return { key: match[1]!.toLowerCase(), value: match[2]! };
  }
}

function placeFile(dataDir: string, parts: readonly string[]): SourceFile {
  const name = parts.join('/');
  const [, stem, extension] = dataFile.exec(parts.at(-1)!)!;
  const folders = parts.slice(0, -1);
  const partitions = folders.flatMap((part) => partitionOf(part) ?? []);
  const plain = folders.filter((part) => partitionOf(part) === null);
  const named = partitions.find(({ key }) => symbolSpellings.includes(key));
  if (!named && plain.length > 1) {
    throw new DomainError(
      'BAD_FILE',
      `${name}: lies too deep; SYMBOL.csv, SYMBOL/….csv or …/symbol=SYMBOL/….csv (or .parquet) is expected`,
    );
  }
  const symbol = named?.value ?? plain[0] ?? stem!;
  checkSymbol(symbol, name);
  return {
    symbol,
    name,
    path: join(dataDir, ...parts),
    format: /parquet/i.test(extension!) ? 'parquet' : 'csv',
    gzipped: /\.gz$/i.test(extension!),
    layout: named ? 'partition' : plain.length > 0 ? 'folder' : 'file',
  };
}

function checkIntervals(dataDir: string, paths: readonly string[][]): void {
  const folders = new Map<string, string>();
  for (const parts of paths) {
    const at = parts.findIndex((part) => intervalKeys.includes(partitionOf(part)?.key ?? ''));
    if (at >= 0) folders.set(partitionOf(parts[at]!)!.value, parts.slice(0, at + 1).join('/'));
  }
  if (folders.size < 2) return;
  const values = [...folders.keys()].sort(compareText);
  throw new DomainError(
    'BAD_FILE',
    `${dataDir}: holds several intervals (${listed(values)}); choose the sub-folder of one, such as ${join(dataDir, folders.get(values[0]!)!)}`,
    { field: 'dataDir' },
  );
}

const layoutWords: Record<SourceFile['layout'], string> = {
  file: 'a file a symbol',
  folder: 'a folder a symbol',
  partition: 'a partition a symbol',
};

function checkLayouts(dataDir: string, files: readonly SourceFile[]): void {
  const other = files.find((file) => file.layout !== files[0]!.layout);
  if (!other) return;
  const shown = [files[0]!, other].map((file) => `${file.name} (${layoutWords[file.layout]})`);
  throw new DomainError('BAD_FILE', `${dataDir}: holds two layouts, ${shown.join(' and ')}; keep one`);
}

/** 2016/AAPL.csv and 2017/AAPL.csv would be two symbols, 2016 and 2017. */
function checkYears(files: readonly SourceFile[]): void {
  if (!files.every((file) => file.layout === 'folder' && /^(19|20)\d\d$/.test(file.symbol))) return;
  const baseOf = (file: SourceFile) => file.name.slice(file.name.lastIndexOf('/'));
  const other = files.find((file) => file.symbol !== files[0]!.symbol && baseOf(file) === baseOf(files[0]!));
  if (!other) return;
  throw new DomainError(
    'BAD_FILE',
    `${files[0]!.name} and ${other.name}: a folder a year is expected as year=${other.symbol}, a folder a symbol as symbol=${other.symbol}`,
  );
}

/** Beside each other, AAA.csv and AAA.parquet hold one symbol twice; in a folder of its own they are pieces. */
function checkTwins(dataDir: string, files: readonly SourceFile[]): void {
  const stemOf = (file: SourceFile) => file.name.replace(/(\.[^.]*|\.[ct]sv\.gz)$/i, '');
  const twin = files.find((file, i) => i > 0 && file.layout === 'file' && stemOf(file) === stemOf(files[i - 1]!));
  if (!twin) return;
  const names = files.filter((file) => stemOf(file) === stemOf(twin)).map((file) => file.name);
  throw new DomainError('BAD_FILE', `${dataDir}: ${names.join(' and ')} both hold the symbol ${twin.symbol}; keep one`);
}
