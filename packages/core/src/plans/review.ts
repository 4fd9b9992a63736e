import { type Actor, type Role, roles } from '../access/roles.ts';
import { DomainError } from '../errors.ts';

/**
 * The life of a plan's version. A draft may be edited; from the moment it is submitted its text stays as it is. At most one version of a
 * plan is open (draft or in review), at most one is approved: approving the next supersedes it.
 */
export const planVersionStates = ['draft', 'inReview', 'approved', 'rejected', 'superseded', 'revoked'] as const;
export type PlanVersionState = (typeof planVersionStates)[number];

/** What a person may want of a version. */
export const reviewActions = [
  'edit',
  'submit',
  'discard',
  'withdraw',
  'approve',
  'reject',
  'revoke',
  'comment',
  'draftNext',
  'launch',
] as const;
export type ReviewAction = (typeof reviewActions)[number];

interface ReviewRule {
  /** In which states it can be done. */
  readonly from: readonly PlanVersionState[];
  /** Where it leads; null: the version stays what it is. A discarded draft is gone. */
  readonly to: PlanVersionState | null;
  /** The least role. */
  readonly role: Role;
  /** `theirs`: an admin, or who has written in it. `others`: whoever has not, unless authors may approve. */
  readonly who: 'anyone' | 'theirs' | 'others';
  /** For a person: `approving a version`. */
  readonly doing: string;
}

/** The one table of who may do what, and when. */
export const reviewRules: Readonly<Record<ReviewAction, ReviewRule>> = {
  edit: { from: ['draft'], to: null, role: 'member', who: 'anyone', doing: 'editing a draft' },
  submit: { from: ['draft'], to: 'inReview', role: 'member', who: 'anyone', doing: 'submitting a draft' },
  discard: { from: ['draft'], to: null, role: 'member', who: 'theirs', doing: 'discarding a draft' },
  withdraw: { from: ['inReview'], to: 'draft', role: 'member', who: 'theirs', doing: 'withdrawing a version' },
  approve: { from: ['inReview'], to: 'approved', role: 'approver', who: 'others', doing: 'approving a version' },
  reject: { from: ['inReview'], to: 'rejected', role: 'approver', who: 'others', doing: 'rejecting a version' },
  revoke: { from: ['approved'], to: 'revoked', role: 'approver', who: 'anyone', doing: 'revoking an approval' },
  comment: { from: planVersionStates, to: null, role: 'member', who: 'anyone', doing: 'commenting on a version' },
  draftNext: {
    from: ['approved', 'rejected', 'superseded', 'revoked'],
    to: null,
    role: 'member',
    who: 'anyone',
    doing: 'drafting the next version',
  },
  launch: { from: ['approved'], to: null, role: 'member', who: 'anyone', doing: 'starting a run of a version' },
};

/** What the rules ask of a version. */
export interface ReviewedVersion {
  readonly state: PlanVersionState;
  /** Ids of all who have written in it. */
  readonly authorIds: readonly string[];
}

export interface ReviewSettings {
  /** Whether who has written in a version may approve or reject it. */
  readonly authorMayApprove: boolean;
}

export type ReviewVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly code: 'FORBIDDEN' | 'CONFLICT'; readonly reason: string };

const allowed: ReviewVerdict = { kind: 'allowed' };

/**
 * Whether this person may do this with a version as it stands, and if not, why. Pure; rights come before states, so that nobody learns
 * of a state by asking for what they may not do.
 */
export function judgeReview(
  action: ReviewAction,
  actor: Actor,
  version: ReviewedVersion,
  settings: ReviewSettings,
): ReviewVerdict {
  const rule = reviewRules[action];
  const refuse = (code: 'FORBIDDEN' | 'CONFLICT', reason: string): ReviewVerdict => ({ kind: 'refused', code, reason });
  if (roles.indexOf(actor.role) < roles.indexOf(rule.role))
    return refuse('FORBIDDEN', `${rule.doing} needs the role ${rule.role}; your role is ${actor.role}`);
  const wrote = version.authorIds.includes(actor.userId);
  if (rule.who === 'theirs' && !wrote && actor.role !== 'admin')
    return refuse('FORBIDDEN', `${rule.doing} is for those who wrote in it, and for an admin`);
  if (rule.who === 'others' && wrote && !settings.authorMayApprove)
    return refuse('FORBIDDEN', `${rule.doing} is for others than those who wrote in it: you did`);
  if (!rule.from.includes(version.state))
    return refuse(
      'CONFLICT',
      `${rule.doing} is for a version that is ${rule.from.map(stateWord).join(' or ')}; this one is ${stateWord(version.state)}`,
    );
  return allowed;
}

/**
 * @returns the state it has afterwards
 * @throws DomainError FORBIDDEN or CONFLICT, with what `judgeReview` says
 */
export function review(
  action: ReviewAction,
  actor: Actor,
  version: ReviewedVersion,
  settings: ReviewSettings,
): PlanVersionState {
  const verdict = judgeReview(action, actor, version, settings);
  if (verdict.kind === 'refused') throw new DomainError(verdict.code, verdict.reason);
  return reviewRules[action].to ?? version.state;
}

export const isOpen = (state: PlanVersionState): boolean => state === 'draft' || state === 'inReview';

/** For a person. */
export const stateWord = (state: PlanVersionState): string =>
  state === 'inReview' ? 'in review' : state === 'draft' ? 'a draft' : state;
