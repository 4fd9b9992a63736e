import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '@twostage/core/errors';
import { resolveParameters } from '@twostage/core/families/parameters';
import { datasetFiles } from '@twostage/core/panel/panel';
import type { RunConfig } from '@twostage/core/runs/config';
import type { RunEvent } from '@twostage/core/runs/events';
import { runDirectory } from '@twostage/core/runs/runDirectory';
import type { RunView } from '@twostage/core/runs/view';
import { chooseFamilies, planStages, type StagePlan, summaryLines } from '@twostage/core/stages/planStages';
import { openDataset } from '@twostage/data/openDataset';
import { prepareDataset } from '@twostage/data/prepareDataset';
import { families } from '@twostage/families/catalogue';
import { writeJsonAtomically } from './files.ts';

export interface RunPlan {
  readonly stages: readonly StagePlan[];
  readonly summary: readonly string[];
}

/**
 * What a config trains, in order. Pure.
 * @throws DomainError INVALID_INPUT where no family is left, or a parameter is unknown or out of bounds
 */
export function planRun(config: RunConfig): RunPlan {
  const chosen = chooseFamilies(families, config.modelTypes, config.families);
  if (chosen.length === 0) {
    const asked = config.families.join(', ');
    throw new DomainError(
      'INVALID_INPUT',
      `nothing to train: --model-types ${config.modelTypes} leaves none of ${asked}; its families are ${chooseFamilies(
        families,
        config.modelTypes,
        [],
      )
        .map(({ id }) => id)
        .join(', ')}`,
      { field: 'families' },
    );
  }
  for (const family of chosen) resolveParameters(family, config.parameters[family.id] ?? {});
  return { stages: planStages(chosen, config.targets), summary: summaryLines(chosen, config.modelTypes) };
}

export interface PrepareInput {
  readonly config: RunConfig;
  readonly runDir: string;
  readonly view: RunView;
  readonly signal: AbortSignal;
  readonly write: (...events: RunEvent[]) => void;
}

/**
 * Builds the run's dataset, or takes the one that is there if it is whole and the run's own.
 * @throws DomainError for whatever is wrong with the data, CANCELLED
 */
export async function prepareRunDataset(input: PrepareInput, plan: RunPlan): Promise<void> {
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
  await writeJsonAtomically(path.join(runDir, runDirectory.quality), quality);
  const trainings = plan.stages.flatMap((stage) => stage.trainings);
  write(
    { kind: 'run.prepared', dataset: summary, quality },
    { kind: 'run.planned', trainings: [...trainings], folds: foldSpans, summary: [...plan.summary] },
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
