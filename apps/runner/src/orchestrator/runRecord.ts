import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { jobResults, routeComparisons } from '@twostage/core/plans/jobResults';
import { planLeftOutSchema } from '@twostage/core/plans/leftOut';
import type { RunPlan } from '@twostage/core/plans/runPlan';
import { runConfigSchema } from '@twostage/core/runs/config';
import { foldSpanSchema } from '@twostage/core/runs/events';
import { hasEnded, runStates, trainingStates } from '@twostage/core/runs/lifecycle';
import { runDirectory } from '@twostage/core/runs/runDirectory';
import { selectionSchema } from '@twostage/core/runs/selection';
import { outcomeSchema, trainingSpecSchema } from '@twostage/core/runs/training';
import type { RunView } from '@twostage/core/runs/view';
import { z } from 'zod';
import { writeFileAtomically, writeJsonAtomically } from './files.ts';
import { leaderboardCsv } from './leaderboard.ts';

/** What run.json holds: enough to repeat the run and to compare it with another. */
export const runRecordSchema = z.object({
  version: z.literal(1),
  runId: z.string(),
  state: z.enum(runStates),
  reason: z.string().nullable(),
  /** ISO timestamps. */
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  config: runConfigSchema,
  /** SHA-256 of the dataset the trainings saw; null until it is prepared. */
  datasetId: z.string().nullable(),
  /** SHA-256 of the files it was made from; runs of earlier versions have none. */
  contentHash: z.string().nullable().default(null),
  symbols: z.array(z.string()),
  features: z.array(z.string()),
  folds: z.array(foldSpanSchema),
  summary: z.array(z.string()),
  /** What of its training plan is not trained; runs without a plan have none. */
  leftOut: z.array(planLeftOutSchema).default([]),
  versions: z.object({ twostage: z.string(), node: z.string(), platform: z.string() }),
  /** Of the program; null outside a git checkout. */
  gitCommit: z.string().nullable(),
  /** What choosing the best training of each target is worth; runs of earlier versions have none. */
  selections: z.array(selectionSchema).default([]),
  trainings: z.array(
    z.object({
      spec: trainingSpecSchema,
      state: z.enum(trainingStates),
      outcome: outcomeSchema.nullable(),
      seconds: z.number().nullable(),
      peakRssBytes: z.number().nullable(),
    }),
  ),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

/** Writes run.json and, once the run has ended, leaderboard.csv and, of a run with a training plan, jobs.json. */
export async function writeRunFiles(
  run: { runId: string; config: RunRecord['config']; runDir: string },
  view: RunView,
) {
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  const record: RunRecord = {
    version: 1,
    runId: run.runId,
    state: view.state,
    reason: view.reason,
    startedAt: iso(view.startedAt),
    endedAt: iso(view.endedAt),
    config: run.config,
    datasetId: view.dataset?.id ?? null,
    contentHash: view.quality?.contentHash ?? null,
    symbols: view.dataset?.symbols ?? [],
    features: view.dataset?.features ?? [],
    folds: view.folds,
    summary: view.summary,
    leftOut: [...view.leftOut],
    versions: await versions(),
    gitCommit: await gitCommit(),
    selections: [...view.selections],
    trainings: [...view.trainings.values()].map(({ spec, state, outcome, seconds, peakRssBytes }) => ({
      spec,
      state,
      outcome,
      seconds,
      peakRssBytes,
    })),
  };
  await writeJsonAtomically(path.join(run.runDir, runDirectory.record), record);
  if (!hasEnded(view.state) || view.trainings.size === 0) return;
  await writeFileAtomically(path.join(run.runDir, runDirectory.leaderboard), leaderboardCsv(view.trainings.values()));
  if (run.config.plan)
    await writeJsonAtomically(path.join(run.runDir, runDirectory.jobs), jobsRecord(run.config.plan, view));
}

/** What jobs.json holds: what became of each job, and all symbols together against one alone. */
function jobsRecord({ source, hash, jobs }: RunPlan, view: RunView) {
  const trainings = [...view.trainings.values()];
  return {
    plan: { source, hash },
    jobs: jobResults(jobs, trainings, view.leftOut),
    comparisons: routeComparisons(jobs, trainings),
  };
}

const programDir = path.resolve(import.meta.dirname, '../../../..');

async function versions(): Promise<RunRecord['versions']> {
  const { version } = JSON.parse(await readFile(path.join(programDir, 'package.json'), 'utf8')) as { version: string };
  return { twostage: version, node: process.versions.node, platform: `${process.platform}-${process.arch}` };
}

/** Of the program; null outside a git checkout. */
export async function gitCommit(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: programDir });
    return stdout.trim();
  } catch {
    return null;
  }
}
