import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PastTraining } from '@twostage/core/plans/estimate';
import { qualityReportSchema } from '@twostage/core/runs/events';
import { runDirectory } from '@twostage/core/runs/runDirectory';
import { findRunFolders, type RunFolder } from '../runFolders.ts';
import { UsageError } from '../usage.ts';

/** The completed trainings of every run under a folder, and what they took. @returns none where there is no such folder */
export async function pastTrainings(results: string): Promise<PastTraining[]> {
  try {
    const { runs } = await findRunFolders(results);
    return (await Promise.all(runs.map(trainingsOf))).flat();
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
}

async function trainingsOf({ directory, record }: RunFolder): Promise<PastTraining[]> {
  const rows = await rowsBySymbol(path.join(directory, runDirectory.quality));
  if (rows === null) return [];
  const all = record.symbols.reduce((sum, symbol) => sum + (rows.get(symbol) ?? 0), 0);
  return record.trainings.flatMap(({ spec, state, seconds, peakRssBytes }) => {
    if (state !== 'completed' || seconds === null) return [];
    const own = spec.scope.kind === 'symbol' ? (rows.get(spec.scope.symbol) ?? 0) : all;
    return [
      {
        family: spec.family,
        rows: own,
        features: record.features.length,
        folds: record.folds.length,
        seconds,
        peakRssBytes,
        targetsTogether: spec.targets?.length ?? 1,
      },
    ];
  });
}

async function rowsBySymbol(file: string): Promise<Map<string, number> | null> {
  try {
    const { bySymbol } = qualityReportSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return new Map(bySymbol.map(({ symbol, rows }) => [symbol, rows]));
  } catch {
    return null;
  }
}
