import { roleSchema } from '@twostage/core/access/roles';
import type { Person } from '../contracts/people.ts';
import { demand, type ServiceContext } from './context.ts';

/** Everyone, those who left last, then by name. */
export async function listPeople(context: ServiceContext): Promise<Person[]> {
  demand(context.actor, { kind: 'people.read' });
  const users = await context.prisma.user.findMany({
    orderBy: [{ active: 'desc' }, { name: 'asc' }, { id: 'asc' }],
    include: { accounts: { where: { providerId: 'credential', password: { not: null } }, select: { id: true } } },
  });
  return users.map((user) => ({
    id: user.id,
    name: user.name,
    email: user.email,
    role: roleSchema.parse(user.role),
    active: user.active,
    hasPassword: user.accounts.length > 0,
    createdAt: user.createdAt,
  }));
}
