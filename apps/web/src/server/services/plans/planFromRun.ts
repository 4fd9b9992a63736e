import { DomainError } from '@twostage/core/errors';
import { jobResults } from '@twostage/core/plans/jobResults';
import { nextPlan } from '@twostage/core/plans/nextPlan';
import { hasEnded } from '@twostage/core/runs/lifecycle';
import { viewOf } from '@twostage/prisma/eventLog';
import { planOfText } from '@twostage/prisma/planVersions';
import type { ServiceContext } from '../context.ts';
import { parseConfig } from '../runRows.ts';
import type { DraftContent } from './draftPlan.ts';

/**
 * The plan that a run of a version suggests, see core's nextPlan.
 * @throws DomainError NOT_FOUND; CONFLICT where the run goes on, or executed no version of a plan
 */
export async function planFromRun({ prisma }: ServiceContext, runId: string): Promise<DraftContent> {
  const run = await prisma.run.findUnique({
    where: { id: runId },
    select: {
      number: true,
      state: true,
      config: true,
      datasetId: true,
      endedAt: true,
      planVersion: { select: { text: true } },
    },
  });
  const field = 'source.runId';
  if (!run) throw new DomainError('NOT_FOUND', `there is no run ${runId}`, { field });
  const { plan } = parseConfig(run.config);
  if (!run.planVersion || !plan)
    throw new DomainError('CONFLICT', `run ${run.number} executed no version of a plan: it is exploratory`, { field });
  if (!hasEnded(run.state))
    throw new DomainError('CONFLICT', `run ${run.number} is ${run.state}; what it shows is known once it has ended`, {
      field,
    });
  const view = await viewOf(prisma, runId);
  const next = nextPlan(planOfText(run.planVersion.text), {
    ...{ runId, runName: `run ${run.number}`, finishedAt: (run.endedAt ?? new Date()).toISOString() },
    results: jobResults(plan.jobs, [...view.trainings.values()], view.leftOut),
  });
  return { plan: next, origin: { kind: 'run', runId, number: run.number }, datasetId: run.datasetId };
}
