import { DomainError } from '@twostage/core/errors';
import { hasEnded, type RunState } from '@twostage/core/runs/lifecycle';
import { requestCancel } from '@twostage/prisma/runs';
import { audit, demand, type ServiceContext } from './context.ts';

/**
 * Ends a queued run at once; asks the runner of a running one to stop. Asking twice changes nothing.
 * @returns the state it has now
 * @throws DomainError NOT_FOUND, FORBIDDEN; CONFLICT where it has ended already
 */
export async function cancelRun(context: ServiceContext, { runId }: { runId: string }): Promise<{ state: RunState }> {
  const { actor } = context;
  return context.prisma.$transaction(async (tx) => {
    // Against a runner that takes it up, or another person who cancels it, at this moment.
    await tx.$queryRaw`SELECT 1 FROM run WHERE id = ${runId} FOR UPDATE`;
    const run = await tx.run.findUnique({
      where: { id: runId },
      select: { number: true, state: true, createdById: true, cancelRequestedAt: true },
    });
    if (!run) throw new DomainError('NOT_FOUND', `there is no run ${runId}`, { field: 'runId' });
    demand(actor, { kind: 'run.cancel', ownerId: run.createdById ?? '' });
    if (hasEnded(run.state)) {
      throw new DomainError('CONFLICT', `run ${run.number} has ended already: ${run.state}`, { field: 'runId' });
    }
    if (run.cancelRequestedAt !== null) return { state: run.state };
    const done = await requestCancel(tx, runId, actor.userId);
    await audit(tx, actor.userId, 'run.cancel', `run:${runId}`, { state: run.state });
    return { state: done === 'cancelled' ? 'cancelled' : run.state };
  });
}
