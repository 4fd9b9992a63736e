import type { Server as HttpServer } from 'node:http';
import { messageOf } from '@twostage/core/errors';
import { runEventsChannel } from '@twostage/prisma/eventLog';
import { listen } from '@twostage/prisma/listen';
import { planBuildChannel } from '@twostage/prisma/planBuilds';
import { planChannel } from '@twostage/prisma/planVersions';
import { Server } from 'socket.io';
import { sessionsChannel } from '../auth/sessions.ts';
import { openEventReader } from './eventReader.ts';
import { RunFeeds } from './runFeeds.ts';
import { endDeadSessions } from './sessionWatch.ts';
import { handleSockets, type LiveIo, listRoom, plansRoom, type SocketParts } from './socketHandlers.ts';
import { Thinned } from './thinned.ts';

export interface LiveOptions extends SocketParts {
  readonly httpServer: HttpServer;
  readonly databaseUrl: string;
  readonly isTrustedOrigin: (origin: string) => boolean;
}
export interface LiveServer {
  close(): Promise<void>;
}

/** The list page asks again at most this often, however fast the logs grow. */
const listEveryMs = 1000;
/** A decision is to be seen at once; a save of a draft a second is nothing much. */
const plansEveryMs = 200;
/** Sessions also end by age, which nobody announces. */
const sessionCheckMs = 10_000;
/** A subscription is small; nothing larger comes from a browser. */
const largestRequestBytes = 16_384;

/** The event log in browsers: replay after a sequence number, then what is appended, as PostgreSQL announces it. */
export async function openLiveServer(options: LiveOptions): Promise<LiveServer> {
  const { prisma, databaseUrl, log } = options;
  const io: LiveIo = new Server(options.httpServer, {
    path: '/socket.io',
    serveClient: false,
    maxHttpBufferSize: largestRequestBytes,
    // A page of another site may open a WebSocket with this site's cookies; only its Origin tells.
    allowRequest: ({ headers: { origin } }, decide) =>
      decide(null, origin === undefined || options.isTrustedOrigin(origin)),
  });
  const reader = openEventReader(databaseUrl, log);
  const feeds = new RunFeeds(
    prisma,
    reader,
    (socketIds, runId, events) => io.local.to(socketIds).emit('events', { runId, events: [...events] }),
    log,
  );
  handleSockets(io, feeds, options);

  const changedRuns = new Thinned<string>(listEveryMs, (runIds) => {
    io.local.to(listRoom).emit('runsChanged', { runIds });
  });
  const changedPlans = new Thinned<string>(plansEveryMs, (planIds) => {
    io.local.to(plansRoom).emit('plansChanged', { planIds, buildIds: [] });
  });
  const changedBuilds = new Thinned<string>(listEveryMs, (buildIds) => {
    io.local.to(plansRoom).emit('plansChanged', { planIds: [], buildIds });
  });
  const checkSessions = (userId: string | null) =>
    void endDeadSessions(prisma, io.sockets.sockets.values(), userId).catch((error) =>
      log.error({ error: messageOf(error) }, 'sessions could not be checked'),
    );
  const catchUp = () =>
    void feeds.catchUp().catch((error) => log.error({ error: messageOf(error) }, 'runs could not be caught up with'));

  const onError = (message: string) => log.warn(message);
  const subscriptions = await Promise.all([
    listen(
      databaseUrl,
      runEventsChannel,
      (payload) => {
        const [runId, seq] = payload.split(':') as [string, string];
        feeds.announce(runId, Number(seq));
        changedRuns.add(runId);
      },
      { onConnected: catchUp, onError },
    ),
    listen(databaseUrl, planChannel, (planId) => changedPlans.add(planId), { onError }),
    listen(databaseUrl, planBuildChannel, (buildId) => changedBuilds.add(buildId), { onError }),
    listen(databaseUrl, sessionsChannel, checkSessions, { onConnected: () => checkSessions(null), onError }),
  ]);
  const sessionTimer = setInterval(() => checkSessions(null), sessionCheckMs);

  return {
    close: async () => {
      clearInterval(sessionTimer);
      for (const changed of [changedRuns, changedPlans, changedBuilds]) changed.stop();
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
      await io.close();
      await reader.close();
    },
  };
}
