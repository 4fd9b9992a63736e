import type { ServerResponse } from 'node:http';
import { DomainError } from '@twostage/core/errors';
import type { Database } from '@twostage/prisma/client';
import { getRun } from '../services/getRun.ts';
import type { ServiceContext } from '../services/context.ts';

const pageSize = 2000;

/**
 * The log lines of a run, or of one of its trainings, as a text file, streamed.
 * @throws DomainError NOT_FOUND, FORBIDDEN; before anything is sent
 */
export async function sendRunLog(
  context: ServiceContext,
  response: ServerResponse,
  { runId, training }: { runId: string; training: string | null },
): Promise<void> {
  const run = await getRun(context, { runId });
  if (training !== null && !(await hasTraining(context.prisma, runId, training))) {
    throw new DomainError('NOT_FOUND', `run ${run.number} has no training ${training}`);
  }
  const name = training === null ? `run-${run.number}` : `run-${run.number}-${training}`;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Disposition', `attachment; filename="${name.replace(/[^\w.-]/g, '_')}.log"`);
  for (let afterSeq = 0; !response.destroyed; ) {
    const rows = await context.prisma.runEvent.findMany({
      where: {
        runId,
        kind: 'log',
        seq: { gt: afterSeq },
        ...(training === null ? {} : { event: { path: ['training'], equals: training } }),
      },
      orderBy: { seq: 'asc' },
      take: pageSize,
    });
    const text = rows.map(({ at, event }) => lineOf(at, event as unknown as Line)).join('');
    if (!response.write(text)) await drained(response);
    if (rows.length < pageSize) break;
    afterSeq = rows.at(-1)!.seq;
  }
  response.end();
}

interface Line {
  training: string | null;
  stream: string;
  line: string;
}
const lineOf = (at: Date, { training, stream, line }: Line) =>
  `${at.toISOString()} ${training ?? 'run'} ${stream} ${line}\n`;

const hasTraining = async (prisma: Database, runId: string, key: string): Promise<boolean> =>
  (await prisma.training.count({ where: { runId, key } })) > 0;

/** Until the reader has taken what was written, or has gone. */
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
