import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@twostage/core/errors';
import { type Fold, planFolds } from '@twostage/core/evaluation/folds';
import { type DatasetManifest, datasetFiles } from '@twostage/core/panel/panel';
import type { FoldSettings } from '@twostage/core/runs/config';
import type { datasetSummarySchema, foldSpanSchema, QualityReport } from '@twostage/core/runs/events';
import type { z } from 'zod';
import { writeFolderAtomically } from './atomicFolder.ts';
import { readCalendar } from './calendar.ts';
import { Database } from './database.ts';
import { DatasetFiles, readColumns } from './datasetWriter.ts';
import { availableFeatures, featureQuery } from './features.ts';
import { type LoadedBars, loadBars } from './loadBars.ts';
import { reportQuality } from './quality.ts';
import { groupByBar, robustZScore, smallestCrossSection } from './robustZScore.ts';
import { chooseSymbols, descriptionFile, findSourceFiles, readDescription } from './sourceFiles.ts';
import { planTargets, type TargetPlan } from './targets.ts';

export interface PrepareDatasetInput {
  /** A folder of SYMBOL.csv or SYMBOL.parquet. */
  readonly dataDir: string;
  /** Empty: every symbol found. */
  readonly symbols: readonly string[];
  readonly targets: readonly string[];
  /** Bars a sequence family sees. */
  readonly lookback: number;
  readonly folds: FoldSettings;
  /** Comes into being whole or not at all; a dataset that was there is replaced. */
  readonly outputDir: string;
  /** 0: every core. */
  readonly threads: number;
  readonly memoryLimitMb?: number;
  readonly signal?: AbortSignal;
}

export interface PreparedDataset {
  readonly manifest: DatasetManifest;
  readonly summary: z.infer<typeof datasetSummarySchema>;
  readonly quality: QualityReport;
  /** Folds for the longest label among the targets: what a picture of the folds shows. */
  readonly foldSpans: z.infer<typeof foldSpanSchema>[];
}

/** Changes when the same input would give other bytes. */
const featureSetVersion = 1;

/**
 * Reads market data, computes features and targets, and writes the dataset folder that every child reads
 * (`core/panel/panel.ts`). The same input gives the same bytes. Memory: DuckDB's limit and 16 float64 columns.
 * @throws DomainError NOT_FOUND, EMPTY_FOLDER, UNKNOWN_SYMBOL, UNKNOWN_TARGET, BAD_FILE, TOO_FEW_BARS, CONFLICT, CANCELLED;
 *   nothing is left behind at `outputDir`
 */
export async function prepareDataset(input: PrepareDatasetInput): Promise<PreparedDataset> {
  const files = chooseSymbols(await findSourceFiles(input.dataDir), input.symbols);
  const description = await readDescription(input.dataDir);
  const isDataset = (names: readonly string[]) => names.includes(datasetFiles.manifest);
  return writeFolderAtomically(input.outputDir, isDataset, async (working) => {
    const spillDirectory = join(working, 'spill');
    const db = await Database.open({ ...input, spillDirectory });
    try {
      const loaded = await loadBars(db, files);
      const shape = await readShape(db, loaded);
      const quality = await reportQuality(db, loaded, shape.times, description);
      const targets = planTargets([...new Set(input.targets)], loaded.fileTargets, quality.interval);
      const folds = planFolds({
        bars: shape.times.length,
        settings: input.folds,
        labelBars: Math.max(...targets.map((target) => target.labelBars)),
        lookback: input.lookback,
      });
      const given = description?.features === 'given';
      const manifest = await writeDataset(db, working, loaded, shape, targets, given);
      return {
        manifest,
        summary: {
          id: manifest.id,
          rows: manifest.rows,
          bars: manifest.bars,
          symbols: manifest.symbols,
          features: manifest.featureNames,
          targets: manifest.targets.map((target) => target.name),
        },
        quality: { ...quality, notes: [...quality.notes, ...targets.flatMap((target) => target.note ?? [])] },
        foldSpans: folds.map((fold) => spanOf(fold, shape.times)),
      };
    } finally {
      db.close();
      await rm(spillDirectory, { recursive: true, force: true });
    }
  });
}

/** The rows of the dataset, before any value is read. */
interface Shape {
  /** [bars] epoch milliseconds */
  readonly times: Float64Array;
  readonly rows: number;
  /** [symbols] the row of a symbol's first bar */
  readonly firstRow: Uint32Array;
}

async function readShape(db: Database, { files }: LoadedBars): Promise<Shape> {
  const counts = await db.rows<{ symbol: number; rows: number }>(
    'SELECT symbol::INTEGER AS symbol, count(*) AS rows FROM bars GROUP BY symbol',
  );
  const rowsOf = new Map(counts.map(({ symbol, rows }) => [symbol, rows]));
  const firstRow = new Uint32Array(files.length);
  let rows = 0;
  for (const file of files) {
    firstRow[file.index] = rows;
    const own = rowsOf.get(file.index) ?? 0;
    if (own === 0) {
      throw new DomainError('BAD_FILE', `${file.name}: no row has a close above 0`);
    }
    rows += own;
  }
  return { times: await readCalendar(db), rows, firstRow };
}

async function writeDataset(
  db: Database,
  directory: string,
  loaded: LoadedBars,
  { times, rows, firstRow }: Shape,
  targets: readonly TargetPlan[],
  /** The files' own columns are the features, as they are. */
  given: boolean,
): Promise<DatasetManifest> {
  const written = new DatasetFiles(directory);
  const symbols = loaded.files.map((file) => file.symbol);
  const builtIn = given ? [] : availableFeatures(loaded.prices);
  if (given && loaded.extras.length === 0) {
    throw new DomainError(
      'BAD_FILE',
      `${descriptionFile} says that the features are given, but no file has a numeric column beside prices, volume and targets`,
    );
  }
  const featureNames = [
    ...builtIn.map((feature) => feature.name),
    ...extraNames(
      loaded.extras,
      builtIn.map((feature) => feature.name),
    ),
  ];
  const barOf = new Uint32Array(rows);
  await readColumns(db, 'bars', ['bar'], rows, firstRow, async (values) => barOf.set(values));
  const symbolOf = new Uint32Array(rows);
  firstRow.forEach((first, symbol) => {
    symbolOf.fill(symbol, first, firstRow[symbol + 1] ?? rows);
  });
  await written.write(datasetFiles.time, times);
  await written.write(datasetFiles.symbol, symbolOf);
  await written.write(datasetFiles.bar, barOf);
  await readColumns(db, 'bars', ['c'], rows, firstRow, (values) => written.write(datasetFiles.close, values));

  await db.run(
    `CREATE TABLE labels AS SELECT symbol, sn, ${targets.map((target, i) => `${target.sql} AS y${i}`).join(', ')} FROM bars WINDOW s AS (PARTITION BY symbol ORDER BY sn)`,
  );
  await readColumns(
    db,
    'labels',
    targets.map((_, i) => `y${i}`),
    rows,
    firstRow,
    (values, i) => written.write(datasetFiles.target(targets[i]!.name), values),
  );

  await db.run(`CREATE TABLE features AS ${featureQuery(builtIn, loaded.extras.length)}`);
  const crossSection = !given && symbols.length >= smallestCrossSection ? groupByBar(barOf, times.length) : null;
  await written.writeParts(datasetFiles.features, (append) =>
    readColumns(
      db,
      'features',
      featureNames.map((_, i) => `f${i}`),
      rows,
      firstRow,
      async (values) => {
        if (crossSection) robustZScore(values, crossSection);
        await append(Float32Array.from(values));
      },
    ),
  );

  const settings = {
    featureSetVersion,
    symbols,
    featureNames,
    targets: targets.map(({ name, labelBars }) => ({ name, labelBars })),
    normalisation: crossSection ? 'robustZScore' : 'none',
  };
  const manifest: DatasetManifest = {
    version: 1,
    id: written.id(settings),
    rows,
    bars: times.length,
    symbols,
    featureNames,
    targets: settings.targets,
  };
  await writeFile(join(directory, datasetFiles.manifest), `${JSON.stringify(manifest, null, 2)}\n`, { flag: 'wx' });
  return manifest;
}

/** Letters, digits and underscores only, because LightGBM's model text takes no others; a name taken gets `_file`. */
function extraNames(extras: readonly string[], builtIn: readonly string[]): string[] {
  const taken = new Set(builtIn);
  return extras.map((extra) => {
    let name = extra.replace(/[^\p{L}\p{N}_]/gu, '_');
    while (taken.has(name)) name += '_file';
    taken.add(name);
    return name;
  });
}

function spanOf({ fold, train, validation, test }: Fold, times: Float64Array): PreparedDataset['foldSpans'][number] {
  return {
    fold,
    trainStart: times[train.start]!,
    trainEnd: times[train.end - 1]!,
    validationStart: times[validation.start]!,
    validationEnd: times[validation.end - 1]!,
    testStart: times[test.start]!,
    testEnd: times[test.end - 1]!,
  };
}
