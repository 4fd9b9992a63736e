import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '@twostage/core/errors';
import { describeLeak, findLeaks, type Leak } from '@twostage/core/evaluation/leaks';
import { datasetFiles } from '@twostage/core/panel/panel';
import type { RunConfig } from '@twostage/core/runs/config';
import type { RunEvent } from '@twostage/core/runs/events';
import { runDirectory } from '@twostage/core/runs/runDirectory';
import type { RunView } from '@twostage/core/runs/view';
import { type OpenedDataset, openDataset } from '@twostage/data/openDataset';
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
    targetLagBars: config.targetLagBars,
    features: config.features,
    normalisation: config.normalisation,
    featureExpressions: config.featureExpressions,
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
  const leaks = refuseLeaks(openDataset(outputDir), config.allowLeaks);
  const { trainings, summary: lines } = planRun(config, summary.symbols);
  await writeJsonAtomically(path.join(runDir, runDirectory.quality), quality);
  write(
    { kind: 'run.prepared', dataset: { ...summary, ...(leaks.length > 0 && { leaks }) }, quality },
    {
      kind: 'run.planned',
      trainings: [...trainings],
      folds: foldSpans,
      summary: [...lines, ...leaks.map((leak) => `⚠️ Trained all the same: ${describeLeak(leak)}`)],
    },
  );
}

/**
 * @returns the leaks that the run was told to live with
 * @throws DomainError LEAK where a feature seems to know a target's future, naming both
 */
function refuseLeaks({ manifest, panel, feature, target }: OpenedDataset, allowed: boolean): Leak[] {
  const targets = manifest.targets.map(({ name, labelBars }) => ({ name, labelBars, values: target(name) }));
  const leaks = findLeaks({ panel, feature, targets });
  if (leaks.length === 0 || allowed) return leaks;
  const more = leaks.length === 1 ? '' : ` (and ${leaks.length - 1} more)`;
  throw new DomainError(
    'LEAK',
    `${describeLeak(leaks[0]!)}${more}; take it out of the data, or allow leaks (--allow-leaks) and the run is marked`,
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
