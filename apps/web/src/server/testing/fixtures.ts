import type { Progress, QualityReport } from '@twostage/core/runs/events';
import { type RunConfigInput, runConfigSchema } from '@twostage/core/runs/config';
import type { Database } from '@twostage/prisma/client';
import type { DatasetInspection } from '@twostage/prisma/datasetInspection';
import { openJobQueue } from '@twostage/prisma/queue';
import { createRun } from '@twostage/prisma/runs';

const day = (index: number) => new Date(Date.UTC(2020, 0, 1 + index)).toISOString();

/** What a runner says of a folder with these symbols and bars, every symbol whole. */
export function inspectionOf(symbols: readonly string[], bars: number): DatasetInspection {
  const quality: QualityReport = {
    rows: symbols.length * bars,
    bars,
    symbols: symbols.length,
    start: day(0),
    end: day(bars - 1),
    interval: '1d',
    bySymbol: symbols.map((symbol) => ({
      symbol,
      file: `${symbol}.csv`,
      rows: bars,
      start: day(0),
      end: day(bars - 1),
      gaps: 0,
      missingBars: 0,
      duplicateBars: 0,
      missingCells: 0,
      nonPositivePrices: 0,
      highBelowLow: 0,
      staleRuns: 0,
      outlierReturns: 0,
    })),
    findings: [],
    notes: [],
  };
  return {
    symbols: [...symbols],
    rows: quality.rows,
    bars,
    start: quality.start,
    end: quality.end,
    interval: '1d',
    featureColumns: ['ret_1', 'sentiment'],
    targetColumns: ['y_next'],
    quality,
  };
}

/** A dataset that a runner has read. */
export async function addDataset(
  prisma: Database,
  { name = 'market', symbols = ['AAPL', 'MSFT', 'GOOGL'], bars = 1000 } = {},
): Promise<string> {
  const { id } = await prisma.dataset.create({
    data: { name, path: `/data/${name}`, status: 'ready', inspection: inspectionOf(symbols, bars) },
  });
  return id;
}

/** A queued run, as if `createdById` had started it. */
export async function addRun(
  prisma: Database,
  databaseUrl: string,
  run: { createdById: string | null; datasetId: string | null; config?: Partial<RunConfigInput> },
): Promise<string> {
  const queue = await openJobQueue(databaseUrl, { supervise: false, onError: () => {} });
  try {
    const config = runConfigSchema.parse({ dataDir: '/data/market', ...run.config });
    const { id } = await prisma.$transaction((tx) =>
      createRun(tx, queue, { config, datasetId: run.datasetId, createdById: run.createdById }),
    );
    return id;
  } finally {
    await queue.stop(0);
  }
}

export const progressOf = (step: number): Progress => ({
  phase: 'training',
  fold: 0,
  folds: 3,
  step,
  totalSteps: 1_000_000,
  trainLoss: 1 / (step + 1),
  validationLoss: 1 / (step + 1),
  bestStep: step,
  bestValidationLoss: 1 / (step + 1),
  rowsPerSecond: 1e6,
  elapsedMs: step,
  etaMs: null,
  rssBytes: 1e8,
  threads: 1,
});
