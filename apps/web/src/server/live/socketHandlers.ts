import { DomainError, messageOf } from '@twostage/core/errors';
import type { Database } from '@twostage/prisma/client';
import { fromNodeHeaders } from 'better-auth/node';
import type { Logger } from 'pino';
import type { Server, Socket } from 'socket.io';
import { ZodError, z } from 'zod';
import type { Auth } from '../auth/auth.ts';
import { actorOf, signedInBy } from '../auth/sessions.ts';
import type { ClientToServer, ServerToClient, SubscribeReply } from '../contracts/live.ts';
import { demand } from '../services/context.ts';
import type { RunFeeds, SocketFollower } from './runFeeds.ts';

export interface SocketData {
  userId: string;
  sessionId: string;
}
export type LiveIo = Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>;
type LiveSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

export interface SocketParts {
  readonly prisma: Database;
  readonly auth: Auth;
  readonly log: Logger;
}

/** Room of those who watch the list of runs. */
export const listRoom = 'runs';
/** Room of those who watch plans. */
export const plansRoom = 'plans';
/** A follower whose socket holds more packets than this unsent is left out until they are gone. */
const unsentPackets = 16;
const subscribeSchema = z.object({ runId: z.string().min(1).max(100), afterSeq: z.number().int().min(0) });

/** Lets in who is signed in, and answers what they ask. Rights are asked anew at each subscription. */
export function handleSockets(io: LiveIo, feeds: RunFeeds, parts: SocketParts): void {
  const { prisma, auth, log } = parts;

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
      if (!follower) return;
      followed.delete(runId);
      feeds.remove(runId, follower);
    };

    socket.on('subscribe', (request, reply) =>
      answer(reply, log, async () => {
        const { runId, afterSeq } = subscribeSchema.parse(request);
        await demandRead(socket, auth);
        const run = await prisma.run.findUnique({ where: { id: runId }, select: { lastSeq: true } });
        if (!run) throw new DomainError('NOT_FOUND', `there is no run ${runId}`);
        if (!socket.connected) return;
        leave(runId);
        const follower = { seq: afterSeq, socketId: socket.id, isReady: () => unsent(socket) < unsentPackets };
        followed.set(runId, follower);
        feeds.add(runId, follower, run.lastSeq);
      }),
    );
    socket.on('unsubscribe', (request) => leave(String(request?.runId)));
    socket.on('watchRuns', (reply) =>
      answer(reply, log, async () => {
        await demandRead(socket, auth);
        await socket.join(listRoom);
      }),
    );
    socket.on('unwatchRuns', () => void socket.leave(listRoom));
    socket.on('watchPlans', (reply) =>
      answer(reply, log, async () => {
        await demandRead(socket, auth, 'plan.read');
        await socket.join(plansRoom);
      }),
    );
    socket.on('unwatchPlans', () => void socket.leave(plansRoom));
    socket.conn.on('drain', () => {
      for (const runId of followed.keys()) feeds.wake(runId);
    });
    socket.on('disconnect', () => {
      for (const runId of [...followed.keys()]) leave(runId);
    });
  });
}

/** Packets that wait for the transport; engine.io keeps the list private in its types and shows it nowhere else. */
const unsent = (socket: LiveSocket) => (socket.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length;

async function demandRead(socket: LiveSocket, auth: Auth, kind: 'run.read' | 'plan.read' = 'run.read'): Promise<void> {
  const actor = await actorOf(auth, fromNodeHeaders(socket.handshake.headers));
  if (!actor) throw new DomainError('UNAUTHENTICATED', 'sign in first');
  demand(actor, { kind });
}

/** Does the work and says how it went; a client that wants no answer gets none. */
async function answer(reply: unknown, log: Logger, work: () => Promise<void>): Promise<void> {
  const respond = typeof reply === 'function' ? (reply as (answer: SubscribeReply) => void) : () => {};
  try {
    await work();
    respond({ ok: true });
  } catch (error) {
    respond(refusal(error, log));
  }
}

function refusal(error: unknown, log: Logger): SubscribeReply {
  if (error instanceof DomainError) return { ok: false, code: error.code, message: error.message };
  if (error instanceof ZodError)
    return { ok: false, code: 'INVALID_INPUT', message: 'subscribe with { runId, afterSeq }' };
  log.error({ error: messageOf(error) }, 'a subscription failed');
  return { ok: false, code: 'INTERNAL', message: 'something went wrong on the server; its log says what' };
}
