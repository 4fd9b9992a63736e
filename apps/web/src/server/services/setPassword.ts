import type { Database, Transaction } from '@twostage/prisma/client';
import { hashPassword } from 'better-auth/crypto';
import { endSessions } from '../auth/sessions.ts';
import { audit } from './context.ts';
import { ownerOfPasswordLink, spendPasswordLink } from './passwordLinks.ts';

/**
 * Sets the password of the link's owner and ends their older sessions. The link is the right to do it.
 * @throws DomainError NOT_FOUND where the link is spent
 */
export async function setPassword(
  { prisma }: { prisma: Database },
  { token, password }: { token: string; password: string },
): Promise<{ email: string }> {
  // Before the hash is computed, which is made to be slow.
  await ownerOfPasswordLink(prisma, token);
  const hash = await hashPassword(password);
  return prisma.$transaction(async (tx) => {
    const user = await spendPasswordLink(tx, token);
    await storePassword(tx, user.id, hash);
    await endSessions(tx, user.id);
    await audit(tx, user.id, 'person.setPassword', `user:${user.id}`);
    return { email: user.email };
  });
}

/** better-auth's row for a password. */
export async function storePassword(tx: Transaction, userId: string, hash: string): Promise<void> {
  await tx.account.upsert({
    where: { providerId_accountId: { providerId: 'credential', accountId: userId } },
    create: { providerId: 'credential', accountId: userId, userId, password: hash },
    update: { password: hash },
  });
}
