import { DomainError } from '@twostage/core/errors';
import type { FeatureCheckState } from '../contracts/featureChecks.ts';
import { demand, type ServiceContext } from './context.ts';

/**
 * What a runner has said of features so far; for whoever asked.
 * @throws DomainError FORBIDDEN; NOT_FOUND also where someone else asked
 */
export async function readFeatureCheck(
  context: ServiceContext,
  { checkId }: { checkId: string },
): Promise<FeatureCheckState> {
  demand(context.actor, { kind: 'run.start' });
  const found = await context.queue.readFeatureCheck(checkId);
  if (found?.check.askedById !== context.actor.userId) {
    throw new DomainError('NOT_FOUND', 'there is no such check of features; it may be too long ago');
  }
  return { answer: found.answer };
}
