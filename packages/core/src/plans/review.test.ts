import { describe, expect, it } from 'vitest';
import { type Role, roles } from '../access/roles.ts';
import {
  judgeReview,
  type PlanVersionState,
  planVersionStates,
  type ReviewAction,
  review,
  reviewActions,
} from './review.ts';

type Who = `${Role}` | `${Role} who wrote it`;
const everyone: readonly Who[] = roles.flatMap((role): Who[] => [role, `${role} who wrote it`]);
const members = everyone.filter((who) => !who.startsWith('viewer'));
const writers = everyone.filter((who) => who.endsWith('wrote it') && !who.startsWith('viewer'));
const approvers: readonly Who[] = ['approver', 'admin'];

/** What each may be done from, by whom, and where it leads: written down apart from the table that is tested. */
const expected: Record<ReviewAction, { from: PlanVersionState[]; to: PlanVersionState | null; who: readonly Who[] }> = {
  edit: { from: ['draft'], to: null, who: members },
  submit: { from: ['draft'], to: 'inReview', who: members },
  discard: { from: ['draft'], to: null, who: [...writers, 'admin'] },
  withdraw: { from: ['inReview'], to: 'draft', who: [...writers, 'admin'] },
  approve: { from: ['inReview'], to: 'approved', who: approvers },
  reject: { from: ['inReview'], to: 'rejected', who: approvers },
  revoke: { from: ['approved'], to: 'revoked', who: [...approvers, 'approver who wrote it', 'admin who wrote it'] },
  comment: { from: [...planVersionStates], to: null, who: members },
  draftNext: { from: ['approved', 'rejected', 'superseded', 'revoked'], to: null, who: members },
  launch: { from: ['approved'], to: null, who: members },
};

const actorOf = (who: Who) => ({
  actor: { userId: 'me', role: who.split(' ')[0] as Role },
  authorIds: who.endsWith('wrote it') ? ['other', 'me'] : ['other'],
});

describe.each(reviewActions)('%s', (action) => {
  const { from, to, who: allowedTo } = expected[action];
  it.each(planVersionStates.flatMap((state) => everyone.map((who) => [state, who] as const)))(
    'of one that is %s, by a %s',
    (state, who) => {
      const { actor, authorIds } = actorOf(who);
      const act = () => review(action, actor, { state, authorIds }, { authorMayApprove: false });
      if (!allowedTo.includes(who)) expect(act).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
      else if (!from.includes(state)) expect(act).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
      else expect(act()).toBe(to ?? state);
    },
  );
});

it('in a team of one, who writes may approve', () => {
  const { actor, authorIds } = actorOf('admin who wrote it');
  const judged = (authorMayApprove: boolean) =>
    judgeReview('approve', actor, { state: 'inReview', authorIds }, { authorMayApprove }).kind;
  expect([judged(true), judged(false)]).toEqual(['allowed', 'refused']);
});

it('says what was expected and what came', () => {
  const viewer = { userId: 'me', role: 'viewer' } as const;
  const version = { state: 'rejected', authorIds: ['other'] } as const;
  const settings = { authorMayApprove: false };
  expect(judgeReview('approve', viewer, version, settings)).toMatchObject({
    reason: 'approving a version needs the role approver; your role is viewer',
  });
  expect(judgeReview('approve', { ...viewer, role: 'approver' }, version, settings)).toMatchObject({
    reason: 'approving a version is for a version that is in review; this one is rejected',
  });
});
