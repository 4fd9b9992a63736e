import { DomainError } from '@twostage/core/errors';
import type { Transaction, User } from '@twostage/prisma/client';

/**
 * The person, with every active admin locked until the transaction ends: two admins who take the role from each other
 * at the same moment come one after the other, and the second is refused.
 * @throws DomainError NOT_FOUND
 */
export async function lockPerson(tx: Transaction, userId: string): Promise<{ user: User; isLastAdmin: boolean }> {
  const admins = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM "user" WHERE role = 'admin' AND active ORDER BY id FOR UPDATE`;
  const user = await tx.user.findUnique({ where: { id: userId } });
  if (!user) throw new DomainError('NOT_FOUND', `there is no person ${userId}`, { field: 'userId' });
  return { user, isLastAdmin: admins.length === 1 && admins[0]!.id === userId };
}

export const lastAdmin = (user: User) =>
  new DomainError('CONFLICT', `${user.name} is the last active admin; make someone else an admin first`, {
    field: 'userId',
  });
