import { messageOf } from '@twostage/core/errors';
import type { Database } from '@twostage/prisma/client';
import type { JobQueue } from '@twostage/prisma/queue';
import { recoverExpiredLeases } from '@twostage/prisma/recovery';
import type { Logger } from 'pino';

const everyMs = 5000;

/** Looks every 5 s for runs whose runner vanished, so that a page tells the truth also while no runner is alive. */
export function keepStatusTrue(prisma: Database, queue: JobQueue, log: Logger): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout;
  let stopped = false;
  let working: Promise<void>;
  const look = async () => {
    try {
      for (const { runId, state } of await recoverExpiredLeases(prisma, queue)) {
        log.warn({ runId, state }, 'the runner of a run vanished');
      }
    } catch (error) {
      log.error({ error: messageOf(error) }, 'runs without a runner could not be looked for');
    }
    if (!stopped) timer = setTimeout(start, everyMs);
  };
  const start = () => {
    working = look();
  };
  start();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}
