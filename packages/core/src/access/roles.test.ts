import { describe, expect, it } from 'vitest';
import { type Action, may, type Role, roleSchema, roles } from './roles.ts';

/** Who may do what; total by type, so that a new action does not compile without its row. */
const allowed: Record<Action['kind'], { action: Action; roles: readonly Role[] }[]> = {
  'run.read': [{ action: { kind: 'run.read' }, roles }],
  'people.read': [{ action: { kind: 'people.read' }, roles }],
  'run.start': [{ action: { kind: 'run.start' }, roles: ['member', 'approver', 'admin'] }],
  'dataset.register': [{ action: { kind: 'dataset.register' }, roles: ['member', 'approver', 'admin'] }],
  'run.cancel': [
    { action: { kind: 'run.cancel', ownerId: 'me' }, roles: ['member', 'approver', 'admin'] },
    { action: { kind: 'run.cancel', ownerId: 'someone else' }, roles: ['admin'] },
  ],
  'plan.read': [{ action: { kind: 'plan.read' }, roles }],
  'plan.draft': [{ action: { kind: 'plan.draft' }, roles: ['member', 'approver', 'admin'] }],
  'planBuild.cancel': [
    { action: { kind: 'planBuild.cancel', ownerId: 'me' }, roles: ['member', 'approver', 'admin'] },
    { action: { kind: 'planBuild.cancel', ownerId: 'someone else' }, roles: ['admin'] },
  ],
  'plan.settings': [{ action: { kind: 'plan.settings' }, roles: ['admin'] }],
  'people.manage': [{ action: { kind: 'people.manage' }, roles: ['admin'] }],
};

describe('may', () => {
  const rows = Object.values(allowed)
    .flat()
    .flatMap((each) => roles.map((role) => [role, each.action, each.roles.includes(role)] as const));
  it.each(rows)('%s, %j: %s', (role, action, expected) => {
    expect(may({ userId: 'me', role }, action)).toBe(expected);
  });

  it('never gives a role less than the one before it', () => {
    for (const { action } of Object.values(allowed).flat()) {
      const answers = roles.map((role) => may({ userId: 'me', role }, action));
      expect(answers).toEqual([...answers].sort((a, b) => Number(a) - Number(b)));
    }
  });
});

it('a role is one of the four', () => {
  expect(roleSchema.safeParse('root').success).toBe(false);
  expect(roles.map((role) => roleSchema.parse(role))).toEqual([...roles]);
});
