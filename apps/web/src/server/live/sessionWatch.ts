import type { Database } from '@twostage/prisma/client';

/** What is needed of a socket to end it with its session. */
export interface SessionSocket {
  readonly data: { readonly userId: string; readonly sessionId: string };
  emit(event: 'signedOut'): unknown;
  disconnect(close: true): unknown;
}

/**
 * Closes the sockets whose session is over (signed out, too old, or of a deactivated person), after telling them.
 * @param userId looks at this person's only
 */
export async function endDeadSessions(
  prisma: Database,
  all: Iterable<SessionSocket>,
  userId: string | null = null,
): Promise<void> {
  const sockets = [...all].filter((socket) => userId === null || socket.data.userId === userId);
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
}
