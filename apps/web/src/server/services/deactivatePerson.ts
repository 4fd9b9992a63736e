import { endSessions } from '../auth/sessions.ts';
import { lastAdmin, lockPerson } from './admins.ts';
import { audit, demand, type ServiceContext } from './context.ts';

/**
 * Ends a person's sessions and refuses new ones; their runs and audit rows stay.
 * @throws DomainError FORBIDDEN, NOT_FOUND; CONFLICT for the last admin
 */
export async function deactivatePerson(
  context: ServiceContext,
  { userId }: { userId: string },
): Promise<{ active: false }> {
  demand(context.actor, { kind: 'people.manage' });
  await context.prisma.$transaction(async (tx) => {
    const { user, isLastAdmin } = await lockPerson(tx, userId);
    if (!user.active) return;
    if (isLastAdmin) throw lastAdmin(user);
    await tx.user.update({ where: { id: userId }, data: { active: false } });
    await tx.verification.deleteMany({ where: { value: userId, identifier: { startsWith: 'set-password:' } } });
    await endSessions(tx, userId);
    await audit(tx, context.actor.userId, 'person.deactivate', `user:${userId}`);
  });
  return { active: false };
}
