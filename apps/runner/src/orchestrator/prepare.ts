import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '@twostage/core/errors';
import { labelsBefore } from '@twostage/core/evaluation/holdout';
import { describeLeak, findLeaks, type Leak } from '@twostage/core/evaluation/leaks';
import { validationLines } from '@twostage/core/evaluation/validationLines';
import { datasetFiles } from '@twostage/core/panel/panel';
import type { RunConfig } from '@twostage/core/runs/config';
import type { RunEvent } from '@twostage/core/runs/events';
import { runDirectory } from '@twostage/core/runs/runDirectory';
import type { RunView } from '@twostage/core/runs/view';
import { type OpenedDataset, openDataset } from '@twostage/data/openDataset';
import { listSymbols } from '@twostage/data/openSource';
import { type PreparedDataset, prepareDataset } from '@twostage/data/prepareDataset';
import { writeJsonAtomically } from './files.ts';
import { ofJob, planJobs } from './planJobs.ts';
import { isPlanned, planRun } from './planRun.ts';

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
  const known = isPlanned(config) ? await listSymbols(config.dataDir, []) : undefined;
  const { summary, quality, copies, foldSpans } = await buildDataset(input, outputDir, known);
  if (view.dataset && view.trainings.size > 0) {
    if (view.dataset.id === summary.id) return;
    throw new DomainError(
      'CORRUPT_DATASET',
      `the data in ${config.dataDir} changed since this run began: trainings that ended saw dataset ${view.dataset.id.slice(0, 12)}, now it is ${summary.id.slice(0, 12)}; start a new run`,
    );
  }
  const holdout = foldSpans.find((span) => span.holdout);
  const leaks = refuseLeaks(openDataset(outputDir), copies, config.allowLeaks, holdout?.testStart);
  const { trainings, summary: lines, leftOut } = planRun(config, summary.symbols, known);
  await writeJsonAtomically(path.join(runDir, runDirectory.quality), quality);
  write(
    { kind: 'run.prepared', dataset: { ...summary, ...(leaks.length > 0 && { leaks }) }, quality },
    {
      kind: 'run.planned',
      trainings: [...trainings],
      folds: foldSpans,
      summary: [
        ...lines,
        ...validationLines(config.folds, holdout ? { from: holdout.testStart, to: holdout.testEnd } : null),
        ...leaks.map((leak) => `⚠️ Trained all the same: ${describeLeak(leak)}`),
      ],
      ...(leftOut && { leftOut: [...leftOut] }),
    },
  );
}

/**
 * With the run's targets, or those of them that its training plan trains.
 * @param known every symbol of the data; only of a run with a plan
 */
async function buildDataset(
  { config, signal }: PrepareInput,
  outputDir: string,
  known: readonly string[] | undefined,
): Promise<PreparedDataset> {
  const { dataDir, symbols, targetLagBars, features, normalisation, featureExpressions, lookback, folds, threads } =
    config;
  const settings = { dataDir, symbols, targetLagBars, features, normalisation, featureExpressions, lookback, folds };
  if (!isPlanned(config) || !known)
    return prepareDataset({ ...settings, targets: config.targets, threads, outputDir, signal });
  const { targets } = planJobs(config, symbols.length > 0 ? symbols : known, known);
  try {
    return await prepareDataset({ ...settings, targets, threads, outputDir, signal });
  } catch (error) {
    throw ofJob(error, config, targets);
  }
}

/**
 * @param heldFrom time of the holdout's first bar: what is looked at ends before it
 * @returns the leaks that the run was told to live with
 * @throws DomainError LEAK where a feature seems to know a target's future, or is a later price or return, naming both
 */
function refuseLeaks(
  { manifest, panel, feature, target }: OpenedDataset,
  copies: readonly Leak[],
  allowed: boolean,
  heldFrom: number | undefined,
): Leak[] {
  const heldBar = heldFrom === undefined ? null : panel.times.indexOf(heldFrom);
  const targets = manifest.targets.map(({ name, labelBars }) => {
    const values = target(name);
    return { name, labelBars, values: heldBar === null ? values : labelsBefore(panel, values, labelBars, heldBar) };
  });
  const correlated = findLeaks({ panel, feature, targets });
  const named = new Set(correlated.map((leak) => leak.feature));
  const leaks = [...correlated, ...copies.filter((copy) => !named.has(copy.feature))];
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
