import type { Server as HttpServer } from 'node:http';
import { DomainError, messageOf } from '@twostage/core/errors';
import type { Database } from '@twostage/prisma/client';
import { readEvents, runEventsChannel } from '@twostage/prisma/eventLog';
import { listen, type Subscription } from '@twostage/prisma/listen';
import { fromNodeHeaders } from 'better-auth/node';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import { z } from 'zod';
import type { Auth } from '../auth/auth.ts';
import { actorOf, sessionsChannel, signedInBy } from '../auth/sessions.ts';
import type { ClientToServer, ServerToClient, SubscribeReply } from '../contracts/live.ts';
import { demand } from '../services/context.ts';
import { type Follower, RunFeed } from './runFeed.ts';
import { Thinned } from './thinned.ts';

interface SocketData {
  userId: string;
  sessionId: string;
}
type LiveSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;
interface SocketFollower extends Follower {
  readonly socketId: string;
}

export interface LiveOptions {
  readonly httpServer: HttpServer;
  readonly databaseUrl: string;
  readonly prisma: Database;
  readonly auth: Auth;
  readonly isTrustedOrigin: (origin: string) => boolean;
  readonly log: Logger;
}
export interface LiveServer {
  close(): Promise<void>;
}

const listRoom = 'runs';
/** The list page asks again at most this often, however fast the logs grow. */
const listEveryMs = 1000;
/** Sessions also end by age, which nobody announces. */
const sessionCheckMs = 10_000;
/** A follower whose socket holds more packets than this unsent is left out until they are gone. */
const unsentPackets = 16;

/** Packets that wait for the transport; engine.io keeps the list private in its types and shows it nowhere else. */
const unsent = (socket: LiveSocket) => (socket.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length;

const subscribeSchema = z.object({ runId: z.string().min(1).max(100), afterSeq: z.number().int().min(0) });

/** The event log in browsers: replay after a sequence number, then what is appended, as PostgreSQL announces it. */
export async function openLiveServer(options: LiveOptions): Promise<LiveServer> {
  const { prisma, auth, log } = options;
  const io = new Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>(options.httpServer, {
    path: '/socket.io',
    serveClient: false,
    maxHttpBufferSize: 16_384,
    // A page of another site may open a WebSocket with this site's cookies; only its Origin tells.
    allowRequest: (request, answer) => {
      const { origin } = request.headers;
      answer(null, origin === undefined || options.isTrustedOrigin(origin));
    },
  });
  const feeds = new Map<string, RunFeed<SocketFollower>>();
  const changedRuns = new Thinned<string>(listEveryMs, (runIds) => {
    io.local.to(listRoom).emit('runsChanged', { runIds });
  });

  io.use(async (socket, next) => {
    try {
      const signedIn = await signedInBy(auth, fromNodeHeaders(socket.handshake.headers));
      if (!signedIn) return next(new Error('sign in first'));
      socket.data.userId = signedIn.me.id;
      socket.data.sessionId = signedIn.sessionId;
      next();
    } catch (error) {
      log.error({ error: messageOf(error) }, 'a socket could not be checked');
      next(new Error('the session could not be checked'));
    }
  });

  io.on('connection', (socket) => {
    const followed = new Map<string, SocketFollower>();
    const leave = (runId: string) => {
      const follower = followed.get(runId);
      const feed = feeds.get(runId);
      if (!follower || !feed) return;
      followed.delete(runId);
      feed.remove(follower);
      if (feed.isEmpty) feeds.delete(runId);
    };

    socket.on('subscribe', (request, reply) =>
      answer(reply, async () => {
        const { runId, afterSeq } = subscribeSchema.parse(request);
        await demandRead(socket);
        const run = await prisma.run.findUnique({ where: { id: runId }, select: { lastSeq: true } });
        if (!run) throw new DomainError('NOT_FOUND', `there is no run ${runId}`);
        if (!socket.connected) return;
        leave(runId);
        const follower: SocketFollower = {
          seq: afterSeq,
          socketId: socket.id,
          isReady: () => unsent(socket) < unsentPackets,
        };
        followed.set(runId, follower);
        const feed = feeds.get(runId) ?? newFeed(runId);
        feeds.set(runId, feed);
        feed.add(follower, run.lastSeq);
      }),
    );
    socket.on('unsubscribe', (request) => leave(String(request?.runId)));
    socket.on('watchRuns', (reply) =>
      answer(reply, async () => {
        await demandRead(socket);
        await socket.join(listRoom);
      }),
    );
    socket.on('unwatchRuns', () => void socket.leave(listRoom));
    socket.conn.on('drain', () => {
      for (const runId of followed.keys()) feeds.get(runId)?.wake();
    });
    socket.on('disconnect', () => {
      for (const runId of [...followed.keys()]) leave(runId);
    });
  });

  const newFeed = (runId: string) =>
    new RunFeed<SocketFollower>({
      read: (afterSeq, limit) => readEvents(prisma, runId, afterSeq, limit),
      send: (followers, events) =>
        io.local.to(followers.map((follower) => follower.socketId)).emit('events', { runId, events: [...events] }),
      onError: (error) => log.error({ runId, error: messageOf(error) }, 'the event log could not be read'),
    });

  /** What was announced while nobody listened. */
  const catchUp = async () => {
    const runs = await prisma.run.findMany({
      where: { id: { in: [...feeds.keys()] } },
      select: { id: true, lastSeq: true },
    });
    for (const run of runs) feeds.get(run.id)?.announce(run.lastSeq);
  };

  async function demandRead(socket: LiveSocket): Promise<void> {
    const actor = await actorOf(auth, fromNodeHeaders(socket.handshake.headers));
    if (!actor) throw new DomainError('UNAUTHENTICATED', 'sign in first');
    demand(actor, { kind: 'run.read' });
  }

  async function answer(reply: unknown, work: () => Promise<void>): Promise<void> {
    const respond = typeof reply === 'function' ? (reply as (answer: SubscribeReply) => void) : () => {};
    try {
      await work();
      respond({ ok: true });
    } catch (error) {
      const known = error instanceof DomainError || error instanceof z.ZodError;
      if (!known) log.error({ error: messageOf(error) }, 'a subscription failed');
      respond({
        ok: false,
        code: error instanceof DomainError ? error.code : 'INVALID_INPUT',
        message: error instanceof DomainError ? error.message : 'subscribe with { runId, afterSeq }',
      });
    }
  }

  /** Closes the sockets whose session is over, of one person or of everyone. */
  const endDeadSessions = async (userId?: string) => {
    const sockets = [...io.sockets.sockets.values()].filter((s) => userId === undefined || s.data.userId === userId);
    if (sockets.length === 0) return;
    const alive = await prisma.session.findMany({
      where: {
        id: { in: sockets.map((socket) => socket.data.sessionId) },
        expiresAt: { gt: new Date() },
        user: { active: true },
      },
      select: { id: true },
    });
    const ids = new Set(alive.map((session) => session.id));
    for (const socket of sockets) {
      if (ids.has(socket.data.sessionId)) continue;
      socket.emit('signedOut');
      socket.disconnect(true);
    }
  };

  const quietly = (work: Promise<void>, what: string) =>
    void work.catch((error) => log.error({ error: messageOf(error) }, what));
  const onError = (message: string) => log.warn(message);
  const subscriptions: Subscription[] = await Promise.all([
    listen(
      options.databaseUrl,
      runEventsChannel,
      (payload) => {
        const [runId, seq] = payload.split(':') as [string, string];
        feeds.get(runId)?.announce(Number(seq));
        changedRuns.add(runId);
      },
      { onConnected: () => quietly(catchUp(), 'the event log could not be read'), onError },
    ),
    listen(
      options.databaseUrl,
      sessionsChannel,
      (userId) => quietly(endDeadSessions(userId), 'sessions could not be checked'),
      { onConnected: () => quietly(endDeadSessions(), 'sessions could not be checked'), onError },
    ),
  ]);
  const sessionTimer = setInterval(() => quietly(endDeadSessions(), 'sessions could not be checked'), sessionCheckMs);

  return {
    close: async () => {
      clearInterval(sessionTimer);
      changedRuns.stop();
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
      await io.close();
    },
  };
}
