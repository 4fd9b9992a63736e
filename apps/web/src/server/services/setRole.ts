import type { Role } from '@twostage/core/access/roles';
import { announceSessionsChanged } from '../auth/sessions.ts';
import { lastAdmin, lockPerson } from './admins.ts';
import { audit, demand, type ServiceContext } from './context.ts';

/** @throws DomainError FORBIDDEN, NOT_FOUND; CONFLICT for the last admin */
export async function setRole(
  context: ServiceContext,
  { userId, role }: { userId: string; role: Role },
): Promise<{ role: Role }> {
  demand(context.actor, { kind: 'people.manage' });
  await context.prisma.$transaction(async (tx) => {
    const { user, isLastAdmin } = await lockPerson(tx, userId);
    if (user.role === role) return;
    if (isLastAdmin) throw lastAdmin(user);
    await tx.user.update({ where: { id: userId }, data: { role } });
    await announceSessionsChanged(tx, userId);
    await audit(tx, context.actor.userId, 'person.setRole', `user:${userId}`, { from: user.role, to: role });
  });
  return { role };
}
