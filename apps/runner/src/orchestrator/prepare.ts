import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '@twostage/core/errors';
import { datasetFiles } from '@twostage/core/panel/panel';
import type { RunConfig } from '@twostage/core/runs/config';
import type { RunEvent } from '@twostage/core/runs/events';
import { runDirectory } from '@twostage/core/runs/runDirectory';
import type { RunView } from '@twostage/core/runs/view';
import { openDataset } from '@twostage/data/openDataset';
import { prepareDataset } from '@twostage/data/prepareDataset';
import { writeJsonAtomically } from './files.ts';
import { planRun } from './planRun.ts';

export interface PrepareInput {
  readonly config: RunConfig;
  readonly runDir: string;
  readonly view: RunView;
  readonly signal: AbortSignal;
  readonly write: (...events: RunEvent[]) => void;
}

/**
 * Builds the run's dataset and plans its trainings, or takes the dataset that is there if it is whole and the run's own.
 * @throws DomainError for whatever is wrong with the data, INVALID_INPUT where they are too few for a family, CANCELLED
 */
export async function prepareRunDataset(input: PrepareInput): Promise<void> {
  const { config, runDir, view, write } = input;
  const outputDir = path.join(runDir, runDirectory.dataset);
  if (view.dataset && view.trainings.size > 0 && (await isIntact(outputDir, view.dataset.id))) return;
  await removePartial(runDir);
  const { summary, quality, foldSpans } = await prepareDataset({
    dataDir: config.dataDir,
    symbols: config.symbols,
    targets: config.targets,
    lookback: config.lookback,
    folds: config.folds,
    outputDir,
    threads: config.threads,
    signal: input.signal,
  });
  if (view.dataset && view.trainings.size > 0) {
    if (view.dataset.id === summary.id) return;
    throw new DomainError(
      'CORRUPT_DATASET',
      `the data in ${config.dataDir} changed since this run began: trainings that ended saw dataset ${view.dataset.id.slice(0, 12)}, now it is ${summary.id.slice(0, 12)}; start a new run`,
    );
  }
  const { trainings, summary: lines } = planRun(config, summary.symbols);
  await writeJsonAtomically(path.join(runDir, runDirectory.quality), quality);
  write(
    { kind: 'run.prepared', dataset: summary, quality },
    { kind: 'run.planned', trainings: [...trainings], folds: foldSpans, summary: [...lines] },
  );
}

/** A runner that was killed while it prepared leaves its unfinished dataset behind. */
async function removePartial(runDir: string): Promise<void> {
  for (const name of await readdir(runDir))
    if (name.startsWith(`.${runDirectory.dataset}.partial-`))
      await rm(path.join(runDir, name), { recursive: true, force: true });
}

async function isIntact(datasetDir: string, id: string): Promise<boolean> {
  try {
    const manifest = JSON.parse(await readFile(path.join(datasetDir, datasetFiles.manifest), 'utf8'));
    if (manifest.id !== id) return false;
    openDataset(datasetDir);
    return true;
  } catch {
    return false;
  }
}
