import { existsSync } from 'node:fs';
import path from 'node:path';
import { planSourceName, type RunPlan } from '@twostage/core/plans/runPlan';
import { hashOfPlan } from '@twostage/prisma/planHash';
import { planFileName, readPlanFile } from './planFile.ts';
import { UsageError } from './usage.ts';

export interface TrainingPlanFlags {
  /** false: --no-training-plan */
  readonly trainingPlan: boolean;
  readonly trainingPlanDir?: string;
}

/** The plan that a run executes, and how it came by it. */
export interface ChosenPlan {
  readonly plan: RunPlan;
  readonly how: 'found' | 'given';
}

/** Where a training plan is looked for, first hit wins. */
export function findTrainingPlan(outputDir: string): string | null {
  const folders = ['globals', 'METRICS'].flatMap((kind) => [
    path.join(outputDir, kind),
    path.join(outputDir, '..', kind),
  ]);
  const everywhere = [...folders, path.join('results', 'globals'), path.join('results', 'METRICS')];
  return (
    everywhere.map((folder) => path.join(folder, 'training_plan', planFileName)).find((file) => existsSync(file)) ??
    null
  );
}

/**
 * The plan that --training-plan-dir names, or one that lies in its place; null where there is none or none is wanted.
 * @throws UsageError where a plan can't be read: a run that can't follow it doesn't begin
 */
export async function chooseTrainingPlan(outputDir: string, flags: TrainingPlanFlags): Promise<ChosenPlan | null> {
  const { trainingPlan, trainingPlanDir: given } = flags;
  if (!trainingPlan) {
    if (given === undefined) return null;
    throw new UsageError('--training-plan-dir and --no-training-plan contradict each other; leave one of them out');
  }
  const place = given ?? findTrainingPlan(outputDir);
  if (place === null) return null;
  const { file, plan } = await readPlanFile(place, '--training-plan-dir');
  const source = { kind: 'file', path: file } as const;
  return {
    plan: { source, hash: hashOfPlan(plan), jobs: plan.jobs },
    how: given === undefined ? 'found' : 'given',
  };
}

/** Said before anything else: a plan decides what is trained. */
export function trainingPlanLine(plan: RunPlan, chosen: ChosenPlan | null): string {
  const how =
    plan.hash !== chosen?.plan.hash
      ? ' (of the configuration; --no-training-plan ignores it)'
      : chosen.how === 'found'
        ? ' (found; --no-training-plan ignores it)'
        : '';
  return `📋 Training plan: ${planSourceName(plan.source)}${how}`;
}
