import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from './usage.ts';

const fileName = 'master_training_plan.json';

/** Where a training plan is looked for, first hit wins. */
export function findTrainingPlan(outputDir: string): string | null {
  const folders = ['globals', 'METRICS'].flatMap((kind) => [
    path.join(outputDir, kind),
    path.join(outputDir, '..', kind),
  ]);
  const everywhere = [...folders, path.join('results', 'globals'), path.join('results', 'METRICS')];
  return (
    everywhere.map((folder) => path.join(folder, 'training_plan', fileName)).find((file) => existsSync(file)) ?? null
  );
}

/**
 * A plan would change what is trained, so a run that can't follow it doesn't begin.
 * @throws UsageError
 */
export function refuseTrainingPlan(
  outputDir: string,
  given: { trainingPlan: boolean; trainingPlanDir?: string },
): void {
  const cannot = 'training plans are not executed by this version';
  if (given.trainingPlanDir !== undefined)
    throw new UsageError(`--training-plan-dir: ${cannot}; leave it out, and choose with --families and --targets`);
  const found = given.trainingPlan ? findTrainingPlan(outputDir) : null;
  if (found !== null) throw new UsageError(`found ${found}, but ${cannot}; add --no-training-plan to train without it`);
}
