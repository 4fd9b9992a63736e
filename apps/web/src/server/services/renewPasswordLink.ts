import { DomainError } from '@twostage/core/errors';
import type { PasswordLink } from '../contracts/people.ts';
import { lockPerson } from './admins.ts';
import { audit, demand, type ServiceContext } from './context.ts';
import { createPasswordLink } from './passwordLinks.ts';

/**
 * A new one-time link for someone who lost theirs, or their password. The old password holds until the link is used.
 * @throws DomainError FORBIDDEN, NOT_FOUND; CONFLICT for a deactivated person
 */
export async function renewPasswordLink(
  context: ServiceContext,
  { userId }: { userId: string },
): Promise<PasswordLink> {
  demand(context.actor, { kind: 'people.manage' });
  return context.prisma.$transaction(async (tx) => {
    const { user } = await lockPerson(tx, userId);
    if (!user.active) throw new DomainError('CONFLICT', `${user.name} is deactivated`, { field: 'userId' });
    const link = await createPasswordLink(tx, context.publicUrl, userId);
    await audit(tx, context.actor.userId, 'person.renewPasswordLink', `user:${userId}`);
    return link;
  });
}
