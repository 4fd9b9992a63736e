import { may } from '@twostage/core/access/roles';
import { DomainError } from '@twostage/core/errors';
import { hasEnded } from '@twostage/core/runs/lifecycle';
import type { RunDetail } from '../contracts/runs.ts';
import { demand, type ServiceContext } from './context.ts';
import { parseConfig, runRowSelect, toRunRow } from './runRows.ts';

/** @throws DomainError NOT_FOUND */
export async function getRun(context: ServiceContext, { runId }: { runId: string }): Promise<RunDetail> {
  demand(context.actor, { kind: 'run.read' });
  const run = await context.prisma.run.findUnique({
    where: { id: runId },
    select: { ...runRowSelect, lastSeq: true, runner: true, recoveries: true, createdById: true },
  });
  if (!run) throw new DomainError('NOT_FOUND', `there is no run ${runId}`);
  return {
    ...toRunRow(run),
    config: parseConfig(run.config),
    lastSeq: run.lastSeq,
    runner: run.runner,
    recoveries: run.recoveries,
    mayCancel:
      !hasEnded(run.state) &&
      run.cancelRequestedAt === null &&
      may(context.actor, { kind: 'run.cancel', ownerId: run.createdById ?? '' }),
  };
}
