import type { z } from 'zod';
import type { requestFeatureCheckInput } from '../contracts/featureChecks.ts';
import { audit, demand, type ServiceContext } from './context.ts';
import { readyDataset } from './readyDataset.ts';

/**
 * Asks a runner whether features can be computed on a dataset, before a run is started with them.
 * @returns by what `readFeatureCheck` finds the answer
 * @throws DomainError FORBIDDEN; NOT_FOUND, CONFLICT for the dataset
 */
export async function requestFeatureCheck(
  context: ServiceContext,
  { datasetId, features, expressions }: z.output<typeof requestFeatureCheckInput>,
): Promise<{ checkId: string }> {
  demand(context.actor, { kind: 'run.start' });
  await readyDataset(context, datasetId);
  const askedById = context.actor.userId;
  return context.prisma.$transaction(async (tx) => {
    const checkId = await context.queue.enqueueFeatureCheck(tx, { datasetId, features, expressions, askedById });
    const names = expressions.map(({ name }) => name);
    await audit(tx, askedById, 'features.check', `dataset:${datasetId}`, { names });
    return { checkId };
  });
}
