import { planSourceName } from '@twostage/core/plans/runPlan';
import { type RunConfig, runConfigSchema } from '@twostage/core/runs/config';
import { createRun } from '@twostage/prisma/runs';
import type { z } from 'zod';
import type { startRunInput } from '../contracts/runs.ts';
import { checkRunConfig } from './checkRunConfig.ts';
import { audit, demand, type ServiceContext } from './context.ts';
import { planOfRun } from './plans/planOfRun.ts';
import { readyDataset } from './readyDataset.ts';

/**
 * Queues a run: the run, its first event, the audit row and the job, all of them or none. Of a plan's version the jobs are the run's;
 * without one it is exploratory.
 * @throws DomainError FORBIDDEN; NOT_FOUND, CONFLICT for the dataset; what checkRunConfig and planOfRun throw
 */
export async function startRun(
  context: ServiceContext,
  { datasetId, config: given, planVersion }: z.output<typeof startRunInput>,
): Promise<{ id: string; number: number }> {
  demand(context.actor, { kind: 'run.start' });
  const { name, path, inspection } = await readyDataset(context, datasetId);
  const known = {
    name,
    ...inspection,
    rowsBySymbol: new Map(inspection.quality.bySymbol.map(({ symbol, rows }) => [symbol, rows])),
  };
  return context.prisma.$transaction(async (tx) => {
    const own: RunConfig = runConfigSchema.parse({ ...given, dataDir: path });
    const config = planVersion ? await planOfRun(context, tx, { config: own, planVersion, known }) : own;
    checkRunConfig(config, known);
    const createdById = context.actor.userId;
    const planVersionId = planVersion?.versionId ?? null;
    const run = await createRun(tx, context.queue, { config, datasetId, createdById, planVersionId });
    await audit(tx, createdById, 'run.start', `run:${run.id}`, {
      ...{ name: config.name, datasetId },
      ...(config.plan && { plan: planSourceName(config.plan.source), hash: config.plan.hash }),
    });
    if (planVersionId !== null)
      await audit(tx, createdById, 'plan.launch', `planVersion:${planVersionId}`, { run: run.number });
    return run;
  });
}
