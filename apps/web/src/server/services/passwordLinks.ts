import { randomBytes } from 'node:crypto';
import { DomainError } from '@twostage/core/errors';
import type { Database, Transaction, User } from '@twostage/prisma/client';
import { hashToken } from '@twostage/prisma/setupToken';
import type { PasswordLink } from '../contracts/people.ts';

const lifetimeMs = 7 * 86_400_000;
const identifierOf = (token: string) => `set-password:${hashToken(token)}`;

/** Makes the link by which a person sets a password; an older link of theirs is void from then on. */
export async function createPasswordLink(tx: Transaction, publicUrl: string, userId: string): Promise<PasswordLink> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(Date.now() + lifetimeMs);
  await tx.verification.deleteMany({ where: { value: userId, identifier: { startsWith: 'set-password:' } } });
  await tx.verification.create({ data: { identifier: identifierOf(token), value: userId, expiresAt } });
  // After # it never reaches a server's log or another site's Referer.
  return { url: `${publicUrl}/set-password#${token}`, expiresAt };
}

/**
 * Whose password this link sets; the link stays good.
 * @throws DomainError NOT_FOUND where the link was used, replaced, or is too old
 */
export async function ownerOfPasswordLink(prisma: Database | Transaction, token: string): Promise<User> {
  const link = await prisma.verification.findFirst({
    where: { identifier: identifierOf(token), expiresAt: { gt: new Date() } },
  });
  const user = link && (await prisma.user.findUnique({ where: { id: link.value } }));
  if (!user?.active) throw voidLink();
  return user;
}

/** Spends the link: of two who use it at once, one gets NOT_FOUND. */
export async function spendPasswordLink(tx: Transaction, token: string): Promise<User> {
  const user = await ownerOfPasswordLink(tx, token);
  const { count } = await tx.verification.deleteMany({ where: { identifier: identifierOf(token) } });
  if (count !== 1) throw voidLink();
  return user;
}

const voidLink = () =>
  new DomainError(
    'NOT_FOUND',
    'this link was used already, was replaced, is too old or was not copied whole; ask an admin for a new one',
    {
      field: 'token',
    },
  );
