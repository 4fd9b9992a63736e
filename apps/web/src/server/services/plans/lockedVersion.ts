import { DomainError } from '@twostage/core/errors';
import { type PlanVersionState, type ReviewAction, review } from '@twostage/core/plans/review';
import type { Transaction } from '@twostage/prisma/client';
import { demand, type ServiceContext } from '../context.ts';
import { readReviewSettings } from './reviewSetting.ts';

const lockedSelect = {
  ...{ id: true, planId: true, number: true, state: true, hash: true, text: true, revision: true, authorIds: true },
  ...{ note: true, datasetId: true, approvedHash: true, submittedAt: true, decidedAt: true },
  plan: { select: { name: true } },
  decidedBy: { select: { name: true } },
} as const;

export type LockedVersion = Awaited<ReturnType<typeof readLocked>>;

async function readLocked(tx: Transaction, versionId: string) {
  // Against another person who decides it or saves it at this moment: they wait, and then see what was done.
  await tx.$queryRaw`SELECT 1 FROM plan_version WHERE id = ${versionId} FOR UPDATE`;
  const version = await tx.planVersion.findUnique({ where: { id: versionId }, select: lockedSelect });
  if (!version)
    throw new DomainError('NOT_FOUND', `there is no version ${versionId} of a plan`, { field: 'versionId' });
  return version;
}

/**
 * A version, locked until the transaction ends, on which this person may do this now.
 * @returns it, and the state that it is to have afterwards
 * @throws DomainError NOT_FOUND; FORBIDDEN; CONFLICT where it is in another state, with who decided it and when
 */
export async function lockForReview(
  context: ServiceContext,
  tx: Transaction,
  action: ReviewAction,
  versionId: string,
): Promise<{ version: LockedVersion; next: PlanVersionState }> {
  demand(context.actor, { kind: 'plan.read' });
  const version = await readLocked(tx, versionId);
  try {
    const next = review(action, context.actor, version, await readReviewSettings(tx));
    return { version, next };
  } catch (error) {
    const { decidedBy, decidedAt } = version;
    if (!(error instanceof DomainError) || error.code !== 'CONFLICT' || !decidedBy || !decidedAt) throw error;
    throw new DomainError('CONFLICT', `${error.message}, by ${decidedBy.name} at ${decidedAt.toISOString()}`, {
      field: 'versionId',
    });
  }
}

/** @throws DomainError CONFLICT where what was looked at is not what is there */
export function demandSameText(version: LockedVersion, hash: string): void {
  if (version.hash === hash) return;
  throw new DomainError(
    'CONFLICT',
    `${nameOf(version)} was changed after you looked at it: its hash is ${version.hash.slice(0, 12)}…, not ${hash.slice(0, 12)}…`,
    { field: 'hash' },
  );
}

export const nameOf = ({ plan, number }: { plan: { name: string }; number: number }): string =>
  `${plan.name} v${number}`;
