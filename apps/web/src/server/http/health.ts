import type { ServerResponse } from 'node:http';
import type { Database } from '@twostage/prisma/client';
import { replyJson } from './reply.ts';

/** For start scripts and load balancers: 200 where the database answers, else 503. Says nothing else to strangers. */
export async function replyHealth(prisma: Database, response: ServerResponse): Promise<void> {
  const answered = await prisma.$queryRaw`SELECT 1`.then(
    () => true,
    () => false,
  );
  replyJson(response, answered ? 200 : 503, { status: answered ? 'ok' : 'database unreachable' });
}
