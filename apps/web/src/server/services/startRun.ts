import { DomainError } from '@twostage/core/errors';
import { type RunConfig, runConfigSchema } from '@twostage/core/runs/config';
import { createRun } from '@twostage/prisma/runs';
import type { z } from 'zod';
import type { startRunInput } from '../contracts/runs.ts';
import { checkRunConfig } from './checkRunConfig.ts';
import { audit, demand, type ServiceContext } from './context.ts';
import { parseInspection } from './datasetRows.ts';

/**
 * Queues a run: the run, its first event, the audit row and the job, all of them or none.
 * @throws DomainError FORBIDDEN; NOT_FOUND, CONFLICT for the dataset; what checkRunConfig throws
 */
export async function startRun(
  context: ServiceContext,
  { datasetId, config: given }: z.output<typeof startRunInput>,
): Promise<{ id: string; number: number }> {
  demand(context.actor, { kind: 'run.start' });
  const dataset = await context.prisma.dataset.findUnique({ where: { id: datasetId } });
  if (!dataset) throw new DomainError('NOT_FOUND', `there is no dataset ${datasetId}`, { field: 'datasetId' });
  const inspection = dataset.status === 'ready' ? parseInspection(dataset.inspection) : null;
  if (!inspection) {
    const why = dataset.status === 'refused' ? `was refused: ${dataset.reason}` : 'has not been read by a runner yet';
    throw new DomainError('CONFLICT', `the dataset ${dataset.name} ${why}`, { field: 'datasetId' });
  }
  const config: RunConfig = runConfigSchema.parse({ ...given, dataDir: dataset.path });
  checkRunConfig(config, {
    name: dataset.name,
    ...inspection,
    rowsBySymbol: new Map(inspection.quality.bySymbol.map(({ symbol, rows }) => [symbol, rows])),
  });

  return context.prisma.$transaction(async (tx) => {
    const createdById = context.actor.userId;
    const run = await createRun(tx, context.queue, { config, datasetId, createdById });
    await audit(tx, createdById, 'run.start', `run:${run.id}`, { name: config.name, datasetId });
    return run;
  });
}
