import { DomainError } from '@twostage/core/errors';
import type { Database } from '@twostage/prisma/client';
import { hashToken } from '@twostage/prisma/setupToken';
import { hashPassword } from 'better-auth/crypto';
import type { z } from 'zod';
import type { createFirstAdminInput } from '../contracts/people.ts';
import { audit } from './context.ts';
import { storePassword } from './setPassword.ts';

/**
 * The setup link makes the first admin, once. The link is the right to do it.
 * @throws DomainError NOT_FOUND where the link is unknown, used or too old; CONFLICT where people exist already
 */
export async function createFirstAdmin(
  { prisma }: { prisma: Database },
  input: z.output<typeof createFirstAdminInput>,
): Promise<{ email: string }> {
  await checkSetupToken({ prisma }, input);
  const password = await hashPassword(input.password);
  return prisma.$transaction(async (tx) => {
    const { count } = await tx.setupToken.updateMany({
      where: { hash: hashToken(input.token), usedAt: null, expiresAt: { gt: new Date() } },
      data: { usedAt: new Date() },
    });
    if (count !== 1) throw usedLink();
    // The token's row is locked now, but a second valid token might exist.
    await tx.$executeRaw`LOCK TABLE "user" IN SHARE ROW EXCLUSIVE MODE`;
    if ((await tx.user.count()) > 0) throw adminExists();
    const user = await tx.user.create({
      data: { name: input.name, email: input.email, role: 'admin', emailVerified: true },
    });
    await storePassword(tx, user.id, password);
    await audit(tx, user.id, 'person.createFirstAdmin', `user:${user.id}`, { email: input.email });
    return { email: user.email };
  });
}

/** @throws DomainError as createFirstAdmin, before anyone fills in a form */
export async function checkSetupToken(
  { prisma }: { prisma: Database },
  { token }: { token: string },
): Promise<{ expiresAt: Date }> {
  const found = await prisma.setupToken.findUnique({ where: { hash: hashToken(token) } });
  if (!found || found.usedAt || found.expiresAt <= new Date()) throw usedLink();
  if ((await prisma.user.count()) > 0) throw adminExists();
  return { expiresAt: found.expiresAt };
}

const usedLink = () =>
  new DomainError(
    'NOT_FOUND',
    'this setup link was used already, is too old or was not copied whole; restart the server for a new one',
    {
      field: 'token',
    },
  );
const adminExists = () => new DomainError('CONFLICT', 'the first admin exists already: sign in', { field: 'token' });
