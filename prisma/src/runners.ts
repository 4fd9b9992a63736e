import { randomUUID } from 'node:crypto';
import os from 'node:os';
import type { Database, Prisma } from './client.ts';

/** A runner not seen for this long is not shown as online. */
export const onlineWithinMs = 15_000;
const beatEveryMs = 5000;

export interface RegisteredRunner {
  readonly id: string;
  stop(): Promise<void>;
}

/** Makes this process known and keeps saying that it lives. */
export async function registerRunner(
  database: Database,
  runner: { name: string; version: string; devices: Prisma.InputJsonValue },
  onError: (error: unknown) => void,
): Promise<RegisteredRunner> {
  const id = randomUUID();
  // Runs keep the name of who ran them; rows of processes long gone serve no one.
  await database.runner.deleteMany({ where: { lastSeenAt: { lt: new Date(Date.now() - 24 * 3600_000) } } });
  await database.runner.create({ data: { id, host: os.hostname(), pid: process.pid, ...runner } });
  const timer = setInterval(() => {
    database.runner.update({ where: { id }, data: { lastSeenAt: new Date() } }).catch(onError);
  }, beatEveryMs);
  return {
    id,
    stop: async () => {
      clearInterval(timer);
      await database.runner.update({ where: { id }, data: { stoppedAt: new Date(), lastSeenAt: new Date() } });
    },
  };
}
