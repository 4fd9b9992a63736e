import { DomainError } from '@twostage/core/errors';
import { readEvents } from '@twostage/prisma/eventLog';
import type { z } from 'zod';
import type { RunEventsPage, readRunEventsInput } from '../contracts/runs.ts';
import { demand, type ServiceContext } from './context.ts';

/**
 * Events of a run after a sequence number, in order.
 * @throws DomainError NOT_FOUND
 */
export async function readRunEvents(
  context: ServiceContext,
  { runId, afterSeq, limit }: z.output<typeof readRunEventsInput>,
): Promise<RunEventsPage> {
  demand(context.actor, { kind: 'run.read' });
  const run = await context.prisma.run.findUnique({ where: { id: runId }, select: { lastSeq: true } });
  if (!run) throw new DomainError('NOT_FOUND', `there is no run ${runId}`);
  const found = await readEvents(context.prisma, runId, afterSeq, limit + 1);
  const events = found.slice(0, limit);
  return { events, lastSeq: events.at(-1)?.seq ?? afterSeq, hasMore: found.length > limit };
}
