import { DomainError } from '@twostage/core/errors';
import { Prisma } from '@twostage/prisma/client';
import type { z } from 'zod';
import type { addPersonInput, PasswordLink, Person } from '../contracts/people.ts';
import { audit, demand, type ServiceContext } from './context.ts';
import { createPasswordLink } from './passwordLinks.ts';

/**
 * Adds a person without a password and makes the one-time link by which they set one.
 * @throws DomainError FORBIDDEN; CONFLICT where the address is taken
 */
export async function addPerson(
  context: ServiceContext,
  input: z.output<typeof addPersonInput>,
): Promise<{ person: Person; link: PasswordLink }> {
  demand(context.actor, { kind: 'people.manage' });
  try {
    return await context.prisma.$transaction(async (tx) => {
      const user = await tx.user.create({
        data: { name: input.name, email: input.email, role: input.role, emailVerified: true },
      });
      const link = await createPasswordLink(tx, context.publicUrl, user.id);
      await audit(tx, context.actor.userId, 'person.add', `user:${user.id}`, { email: input.email, role: input.role });
      const { id, name, email, createdAt } = user;
      return { person: { id, name, email, role: input.role, active: true, hasPassword: false, createdAt }, link };
    });
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
      throw new DomainError('CONFLICT', `${input.email} belongs to someone already`, { field: 'email' });
    }
    throw error;
  }
}
