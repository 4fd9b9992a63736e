import { z } from 'zod';
import { assertNever } from '../errors.ts';

/** Each role may do all that the ones before it may. */
export const roles = ['viewer', 'member', 'approver', 'admin'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

export interface Actor {
  readonly userId: string;
  readonly role: Role;
}

export type Action =
  | { readonly kind: 'run.read' }
  | { readonly kind: 'run.start' }
  | { readonly kind: 'run.cancel'; readonly ownerId: string }
  | { readonly kind: 'dataset.register' }
  | { readonly kind: 'plan.read' }
  /** Plans and builds of them; what may be done with a version that is there: plans/review.ts. */
  | { readonly kind: 'plan.draft' }
  | { readonly kind: 'planBuild.cancel'; readonly ownerId: string }
  | { readonly kind: 'plan.settings' }
  | { readonly kind: 'people.read' }
  | { readonly kind: 'people.manage' };

const atLeast = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

/** Whether this person may do this: the one rule behind tRPC, REST, sockets and pages. */
export function may(actor: Actor, action: Action): boolean {
  switch (action.kind) {
    case 'run.read':
    case 'plan.read':
    case 'people.read':
      return true;
    case 'run.start':
    case 'dataset.register':
    case 'plan.draft':
      return atLeast(actor.role, 'member');
    case 'run.cancel':
    case 'planBuild.cancel':
      return actor.role === 'admin' || (atLeast(actor.role, 'member') && action.ownerId === actor.userId);
    case 'people.manage':
    case 'plan.settings':
      return actor.role === 'admin';
    default:
      return assertNever(action);
  }
}
