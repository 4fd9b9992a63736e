import { lockPerson } from './admins.ts';
import { audit, demand, type ServiceContext } from './context.ts';

/** Lets a deactivated person sign in again, with the password they had. @throws DomainError FORBIDDEN, NOT_FOUND */
export async function reactivatePerson(
  context: ServiceContext,
  { userId }: { userId: string },
): Promise<{ active: true }> {
  demand(context.actor, { kind: 'people.manage' });
  await context.prisma.$transaction(async (tx) => {
    const { user } = await lockPerson(tx, userId);
    if (user.active) return;
    await tx.user.update({ where: { id: userId }, data: { active: true } });
    await audit(tx, context.actor.userId, 'person.reactivate', `user:${userId}`);
  });
  return { active: true };
}
