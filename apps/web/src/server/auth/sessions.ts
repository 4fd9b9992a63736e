import { type Actor, roleSchema } from '@twostage/core/access/roles';
import type { Database, Transaction } from '@twostage/prisma/client';
import type { Me } from '../contracts/people.ts';
import type { Auth } from './auth.ts';

/** NOTIFY channel; the payload is a user's id. Whoever holds sockets of that user looks at their sessions again. */
export const sessionsChannel = 'sessions_changed';

export interface SignedIn {
  readonly me: Me;
  readonly sessionId: string;
  /** A cookie to send on where the session's life was prolonged. */
  readonly setCookie: readonly string[];
}

/** Who sent these headers; null where nobody is signed in, the session ended, or the person was deactivated. */
export async function signedInBy(auth: Auth, headers: Headers): Promise<SignedIn | null> {
  const answer = await auth.api.getSession({ headers, returnHeaders: true });
  const found = answer.response;
  if (!found?.user.active) return null;
  const { id, name, email, role } = found.user;
  return {
    me: { id, name, email, role: roleSchema.parse(role) },
    sessionId: found.session.id,
    setCookie: answer.headers.getSetCookie(),
  };
}

/** What may be done by whoever sent these headers; null where nobody is signed in. */
export async function actorOf(auth: Auth, headers: Headers): Promise<Actor | null> {
  const signedIn = await signedInBy(auth, headers);
  return signedIn && { userId: signedIn.me.id, role: signedIn.me.role };
}

/** Ends every session of a person, in the caller's transaction; their sockets close when it commits. */
export async function endSessions(tx: Transaction, userId: string): Promise<void> {
  await tx.session.deleteMany({ where: { userId } });
  await announceSessionsChanged(tx, userId);
}

/** Also after a change of role: a socket asks its rights again. */
export async function announceSessionsChanged(prisma: Database | Transaction, userId: string): Promise<void> {
  await prisma.$executeRaw`SELECT pg_notify(${sessionsChannel}, ${userId})`;
}
