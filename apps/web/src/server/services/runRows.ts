import type { FamilyId } from '@twostage/core/families/family';
import { type RunConfig, runConfigSchema } from '@twostage/core/runs/config';
import { chooseFamilies } from '@twostage/core/stages/planStages';
import { families } from '@twostage/families/catalogue';
import type { Prisma } from '@twostage/prisma/client';
import { emptySummary, type RunSummary } from '@twostage/prisma/projection';
import type { RunRow } from '../contracts/runs.ts';

/** What a row needs of the run's table. */
export const runRowSelect = {
  id: true,
  number: true,
  name: true,
  config: true,
  state: true,
  reason: true,
  createdAt: true,
  startedAt: true,
  endedAt: true,
  cancelRequestedAt: true,
  summary: true,
  createdBy: { select: { id: true, name: true } },
  dataset: { select: { id: true, name: true, simulated: true } },
  planVersion: { select: { id: true, number: true, planId: true, plan: { select: { name: true } } } },
} satisfies Prisma.RunSelect;
export type SelectedRun = Prisma.RunGetPayload<{ select: typeof runRowSelect }>;

/** A run as the list and the comparison show it. */
export function toRunRow(run: SelectedRun): RunRow {
  const config = rowConfigSchema.parse(run.config);
  const summary: RunSummary = { ...emptySummary, ...(run.summary as Partial<RunSummary>) };
  return {
    id: run.id,
    number: run.number,
    name: run.name,
    state: run.state,
    reason: run.reason,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    cancelRequestedAt: run.cancelRequestedAt,
    createdBy: run.createdBy,
    dataset: run.dataset,
    plan: run.planVersion && {
      planId: run.planVersion.planId,
      versionId: run.planVersion.id,
      name: run.planVersion.plan.name,
      number: run.planVersion.number,
    },
    families: familiesOf(config),
    targets: config.targets,
    symbolCount: config.symbols.length,
    trainings: summary.trainings,
    bestIc: summary.bestIc,
    bestRankIc: summary.bestRankIc,
  };
}

/** A plan may have thousands of jobs: a list does without them. */
export const rowConfigSchema = runConfigSchema.omit({ plan: true });

export const parseConfig = (stored: Prisma.JsonValue): RunConfig => runConfigSchema.parse(stored);

const familiesOf = (config: Pick<RunConfig, 'modelTypes' | 'families'>): FamilyId[] =>
  chooseFamilies(families, config.modelTypes, config.families).map((family) => family.id);
