import { createRequire } from 'node:module';
import { onlineWithinMs } from '@twostage/prisma/runners';
import type { SystemStatus } from '../contracts/system.ts';
import { demand, type ServiceContext } from './context.ts';

const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string };

const shownMs = 24 * 3_600_000;

/** Runners seen in the last day, and how much waits. */
export async function systemStatus({ prisma, actor }: ServiceContext): Promise<SystemStatus> {
  demand(actor, { kind: 'run.read' });
  const now = new Date();
  const [runners, queuedRuns, active] = await Promise.all([
    prisma.runner.findMany({
      where: { lastSeenAt: { gt: new Date(now.getTime() - shownMs) } },
      orderBy: { lastSeenAt: 'desc' },
      take: 50,
    }),
    prisma.run.count({ where: { state: 'queued' } }),
    prisma.run.findMany({
      where: { state: { in: ['preparing', 'running'] } },
      select: { id: true, number: true, name: true, runner: true },
    }),
  ]);
  return {
    version,
    now,
    runners: runners.map(({ id, name, host, version, lastSeenAt, stoppedAt }) => {
      const run = active.find((candidate) => candidate.runner === id || candidate.runner === name);
      return {
        id,
        name,
        host,
        version,
        lastSeenAt,
        online: stoppedAt === null && now.getTime() - lastSeenAt.getTime() < onlineWithinMs,
        run: run ? { id: run.id, number: run.number, name: run.name } : null,
      };
    }),
    queuedRuns,
    activeRuns: active.length,
  };
}
