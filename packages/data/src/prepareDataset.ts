import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@twostage/core/errors';
import type { BarRange } from '@twostage/core/evaluation/blockRows';
import type { Leak } from '@twostage/core/evaluation/leaks';
import { type PlannedFold, planValidation } from '@twostage/core/evaluation/planValidation';
import { type DatasetManifest, datasetFiles } from '@twostage/core/panel/panel';
import type { FeatureSet, FoldSettings, Normalisation } from '@twostage/core/runs/config';
import type { FeatureExpression } from '@twostage/core/runs/featureExpressions';
import type { datasetSummarySchema, foldSpanSchema, QualityReport } from '@twostage/core/runs/events';
import type { z } from 'zod';
import { writeFolderAtomically } from './atomicFolder.ts';
import { readCalendar } from './calendar.ts';
import { namesOf } from './checkRead.ts';
import { Database } from './database.ts';
import { findFutureCopies } from './features/futureCopies.ts';
import { planFeatures } from './features/planFeatures.ts';
import type { LoadedBars } from './loadBars.ts';
import { openSource } from './openSource.ts';
import { reportQuality } from './quality.ts';
import { readBars } from './readBars.ts';
import { planTargets } from './targets.ts';
import { type Shape, writeDataset } from './writeDataset.ts';

export interface PrepareDatasetInput {
  /** SYMBOL.csv or SYMBOL.parquet, SYMBOL/2016.csv, …/symbol=SYMBOL/….parquet, or files with a symbol column. */
  readonly dataDir: string;
  /** Empty: every symbol found. */
  readonly symbols: readonly string[];
  readonly targets: readonly string[];
  /** Bars between a row and the entry of its label; 1 where absent. */
  readonly targetLagBars?: number;
  /** `auto` where absent, as for `normalisation`. */
  readonly features?: FeatureSet;
  readonly normalisation?: Normalisation;
  /** The user's own features (`features/userFeatures.ts`). */
  readonly featureExpressions?: readonly FeatureExpression[];
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
  /** Features of the files that are later prices or returns. */
  readonly copies: readonly Leak[];
  /** Folds for the longest label among the targets, the holdout last: what a picture of the folds shows. */
  readonly foldSpans: z.infer<typeof foldSpanSchema>[];
}

/** What DuckDB may hold before it spills, where nothing else is said: with the arrays beside it, 10 million rows fit into 2 GB, 50 million into 4. */
const memoryLimitMb = 1024;

/**
 * Reads market data, computes features and targets, and writes the dataset folder that every child reads
 * (`core/panel/panel.ts`). The same input gives the same bytes. Memory: DuckDB's limit, 24 bytes a row, and half a gigabyte.
 * @throws DomainError NOT_FOUND, EMPTY_FOLDER, UNKNOWN_SYMBOL, UNKNOWN_TARGET, BAD_FILE, INVALID_INPUT (a user's feature), TOO_FEW_BARS, CONFLICT, CANCELLED;
 *   nothing is left behind at `outputDir`
 */
export async function prepareDataset(input: PrepareDatasetInput): Promise<PreparedDataset> {
  const isDataset = (names: readonly string[]) => names.includes(datasetFiles.manifest);
  return writeFolderAtomically(input.outputDir, isDataset, async (working) => {
    const spillDirectory = join(working, 'spill');
    const db = await Database.open({ memoryLimitMb, ...input, spillDirectory });
    try {
      const source = await openSource(db, input.dataDir, input.symbols);
      const { description } = source;
      const { loaded, contentHash } = await readBars(db, source);
      const shape = await readShape(db, loaded);
      const quality = await reportQuality(db, loaded, shape.times, { description, contentHash });
      // As large as the bars, and no longer read.
      await db.run('DROP TABLE cells');
      const lagBars = input.targetLagBars ?? 1;
      const targets = planTargets([...new Set(input.targets)], loaded.fileTargets, {
        lagBars,
        interval: quality.interval,
        symbols: source.symbols.length,
      });
      const { folds, holdout } = planValidation({
        bars: shape.times.length,
        settings: input.folds,
        labelBars: Math.max(...targets.map((target) => target.labelBars)),
        lookback: input.lookback,
      });
      const features = await planFeatures(db, loaded, description, {
        features: input.features ?? 'auto',
        normalisation: input.normalisation ?? 'auto',
        expressions: input.featureExpressions ?? [],
      });
      const copies = await findFutureCopies(db, loaded, features.given);
      const manifest = await writeDataset(db, working, loaded, shape, targets, lagBars, features);
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
        copies,
        foldSpans: [
          ...folds.map((fold) => spanOf(fold, shape.times)),
          ...(holdout ? [{ ...spanOf(holdout, shape.times), holdout: true }] : []),
        ],
      };
    } finally {
      db.close();
      await rm(spillDirectory, { recursive: true, force: true });
    }
  });
}

async function readShape(db: Database, loaded: LoadedBars): Promise<Shape> {
  const counts = await db.rows<{ symbol: number; rows: number }>(
    'SELECT symbol::INTEGER AS symbol, count(*) AS rows FROM bars GROUP BY symbol',
  );
  const rowsOf = new Map(counts.map(({ symbol, rows }) => [symbol, rows]));
  const firstRow = new Uint32Array(loaded.symbols.length);
  let rows = 0;
  loaded.symbols.forEach(({ symbol, files }, i) => {
    firstRow[i] = rows;
    const own = rowsOf.get(i) ?? 0;
    if (own === 0) {
      const isOwn = loaded.files[files[0]!]!.symbolColumn === null;
      throw new DomainError(
        'BAD_FILE',
        `${namesOf(loaded, i)}: no row${isOwn ? '' : ` of ${symbol}`} has a close above 0`,
      );
    }
    rows += own;
  });
  return { times: await readCalendar(db), rows, firstRow };
}

function spanOf(
  { fold, train, validation, test }: PlannedFold,
  times: Float64Array,
): PreparedDataset['foldSpans'][number] {
  const from = (ranges: readonly BarRange[]) => times[ranges[0]!.start]!;
  const to = (ranges: readonly BarRange[]) => times[ranges.at(-1)!.end - 1]!;
  const pieces = (ranges: readonly BarRange[]) =>
    ranges.map(({ start, end }): [number, number] => [times[start]!, times[end - 1]!]);
  const whole = [train, validation, test].every((ranges) => ranges.length === 1);
  return {
    fold,
    trainStart: from(train),
    trainEnd: to(train),
    validationStart: from(validation),
    validationEnd: to(validation),
    testStart: from(test),
    testEnd: to(test),
    ...(!whole && { pieces: { train: pieces(train), validation: pieces(validation), test: pieces(test) } }),
  };
}
