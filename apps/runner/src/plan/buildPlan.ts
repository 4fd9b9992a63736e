import { foldSettingsSchema } from '@twostage/core/runs/config';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '@twostage/core/errors';
import { describeLeak, findLeaks } from '@twostage/core/evaluation/leaks';
import type { PlanBuildProgress, PlanBuildRequest } from '@twostage/core/plans/buildRequest';
import { canonicalJson } from '@twostage/core/plans/canonicalJson';
import { draftPlan } from '@twostage/core/plans/draftPlan';
import type { TargetEvidence } from '@twostage/core/plans/evidence';
import type { MasterPlan } from '@twostage/core/plans/masterPlan';
import { type OpenedDataset, openDataset } from '@twostage/data/openDataset';
import { prepareDataset } from '@twostage/data/prepareDataset';
import { families as catalogue } from '@twostage/families/catalogue';
import { gitCommit } from '../orchestrator/runRecord.ts';
import { measureTargets } from './measureTargets.ts';
import { targetCorrelations } from './targetCorrelations.ts';

export interface BuildPlanInput {
  readonly request: PlanBuildRequest;
  /** Existing folder for the dataset while it is measured; nothing stays in it. */
  readonly workDir: string;
  /** Aborted: cancel. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PlanBuildProgress) => void;
  /** Who asked; null: a name is made up. */
  readonly buildId?: string;
}

/**
 * Reads market data, measures how predictable every target is on all symbols and on each, and routes it: see `core/plans/router.ts`.
 * The same request on the same data gives the same jobs.
 * @throws DomainError for whatever is wrong with the data, ENGINE_MISSING, ENGINE_FAILED, CANCELLED; nothing is left in `workDir`
 */
export async function buildPlan(input: BuildPlanInput): Promise<MasterPlan> {
  const { request, signal, onProgress } = input;
  const startedMs = performance.now();
  const report = (progress: Omit<PlanBuildProgress, 'elapsedMs' | 'etaMs'>, etaMs: number | null = null) =>
    onProgress({ ...progress, elapsedMs: Math.round(performance.now() - startedMs), etaMs });
  report({ step: 'reading', done: 0, total: 0, latest: null });
  await mkdir(input.workDir, { recursive: true });
  const working = await mkdtemp(path.join(input.workDir, '.plan.partial-'));
  try {
    const dataset = await readDataset(request, path.join(working, 'dataset'), signal);
    const leaks = findLeaks({
      ...{ panel: dataset.panel, feature: dataset.feature },
      targets: dataset.manifest.targets.map((target) => ({ ...target, values: dataset.target(target.name) })),
    });
    stopWhereAborted(signal);
    const measured = await measureTargets({ request, dataset, working, signal, onProgress: report });
    const { symbols, bars, rows, featureNames, id } = dataset.manifest;
    report({ step: 'routing', done: measured.length, total: measured.length, latest: null }, 0);
    const correlations = targetCorrelations(dataset);
    const evidence = measured.map(
      (target): TargetEvidence => ({
        ...target,
        leaks: leaks.filter((leak) => leak.target === target.target).map(describeLeak),
        correlations: correlations(target.target),
      }),
    );
    return draftPlan({
      evidence,
      policy: request.policy,
      families: catalogue.filter(
        ({ id: family }) => request.families.length === 0 || request.families.includes(family),
      ),
      symbols,
      metadata: {
        generated_at: new Date().toISOString(),
        run_id: input.buildId ?? randomUUID(),
        git_commit: await gitCommit(),
        config_hash: createHash('sha256').update(canonicalJson(request)).digest('hex'),
        dataset: { id, symbols, bars, rows, features: featureNames.length },
        data_dir: request.dataDir,
        seed: request.seed,
      },
    });
  } finally {
    await rm(working, { recursive: true, force: true });
  }
}

async function readDataset(request: PlanBuildRequest, outputDir: string, signal: AbortSignal): Promise<OpenedDataset> {
  const { policy } = request;
  await prepareDataset({
    ...request,
    lookback: 2,
    folds: foldSettingsSchema.parse({ count: policy.folds, embargoBars: policy.embargoBars }),
    ...{ outputDir, signal },
  });
  return openDataset(outputDir);
}

function stopWhereAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new DomainError('CANCELLED', 'building the plan was cancelled');
}
