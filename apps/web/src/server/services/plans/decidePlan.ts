import { DomainError } from '@twostage/core/errors';
import { checkJobParameters } from '@twostage/core/plans/checkJobParameters';
import { countPlan } from '@twostage/core/plans/counts';
import type { ReviewAction } from '@twostage/core/plans/review';
import { catalogue } from '@twostage/families/catalogue';
import type { Prisma, Transaction } from '@twostage/prisma/client';
import { announcePlan, isAsApproved, planOfText } from '@twostage/prisma/planVersions';
import type { z } from 'zod';
import type { approvePlanInput, planVersionIdInput, refusePlanInput, submitPlanInput } from '../../contracts/plans.ts';
import { audit, type ServiceContext } from '../context.ts';
import { demandSameText, type LockedVersion, lockForReview, nameOf } from './lockedVersion.ts';

/** One step of a version's life: rights and state, its columns, the audit row and the announcement, all of them or none. */
async function step<Result>(
  context: ServiceContext,
  action: ReviewAction,
  versionId: string,
  work: (tx: Transaction, version: LockedVersion) => Promise<{ details: Prisma.InputJsonObject; result: Result }>,
): Promise<Result> {
  return context.prisma.$transaction(async (tx) => {
    const { version, next } = await lockForReview(context, tx, action, versionId);
    const { details, result } = await work(tx, version);
    if (next !== version.state) await tx.planVersion.updateMany({ where: { id: versionId }, data: { state: next } });
    await audit(tx, context.actor.userId, `plan.${action}`, `planVersion:${versionId}`, {
      ...{ plan: version.plan.name, number: version.number, hash: version.hash },
      ...details,
    });
    await announcePlan(tx, version.planId);
    return result;
  });
}

/**
 * A draft goes to the approvers; from now on its text stays as it is.
 * @throws DomainError INVALID_INPUT where it trains nothing; CONFLICT where it was changed meanwhile; what `lockForReview` throws
 */
export async function submitPlan(
  context: ServiceContext,
  { versionId, hash, note }: z.output<typeof submitPlanInput>,
): Promise<void> {
  await step(context, 'submit', versionId, async (tx, version) => {
    demandSameText(version, hash);
    const plan = planOfText(version.text);
    checkJobParameters(plan.jobs, {}, catalogue);
    const { training, jobs } = countPlan(plan.jobs);
    if (training === 0)
      throw new DomainError(
        'INVALID_INPUT',
        `${nameOf(version)} leaves nothing to train: of its ${jobs} jobs every one is blocked or names no family`,
        { field: 'plan.jobs' },
      );
    await tx.planVersion.update({
      where: { id: versionId },
      data: { submittedAt: new Date(), ...(note !== undefined && { note }) },
    });
    return { details: note ? { reason: note } : {}, result: undefined };
  });
}

export async function withdrawPlan(
  context: ServiceContext,
  { versionId }: z.output<typeof planVersionIdInput>,
): Promise<void> {
  await step(context, 'withdraw', versionId, async (tx) => {
    await tx.planVersion.update({ where: { id: versionId }, data: { submittedAt: null } });
    return { details: {}, result: undefined };
  });
}

/**
 * Approves exactly the text whose hash was looked at; the version approved before is superseded in the same transaction.
 * @throws DomainError CONFLICT where its text is another, or somebody decided first; what `lockForReview` throws
 */
export async function approvePlan(
  context: ServiceContext,
  { versionId, hash, reason }: z.output<typeof approvePlanInput>,
): Promise<{ superseded: number | null }> {
  return step(context, 'approve', versionId, async (tx, version) => {
    demandSameText(version, hash);
    if (!isAsApproved({ ...version, approvedHash: hash }))
      throw new DomainError(
        'CONFLICT',
        `the stored text of ${nameOf(version)} does not have its hash: it was changed past review`,
        {
          field: 'hash',
        },
      );
    const before = await tx.planVersion.findFirst({ where: { planId: version.planId, state: 'approved' } });
    if (before) {
      await tx.planVersion.update({ where: { id: before.id }, data: { state: 'superseded' } });
      await audit(tx, context.actor.userId, 'plan.supersede', `planVersion:${before.id}`, {
        ...{ plan: version.plan.name, number: before.number, by: version.number },
      });
    }
    await decide(tx, context, versionId, { reason, approvedHash: hash });
    return {
      details: { ...(reason !== '' && { reason }), ...(before && { supersedes: before.number }) },
      result: { superseded: before?.number ?? null },
    };
  });
}

export const rejectPlan = (context: ServiceContext, input: z.output<typeof refusePlanInput>): Promise<void> =>
  refuse(context, 'reject', input);

/** Runs of it that wait are refused by the runner; those that have begun go on. */
export const revokePlan = (context: ServiceContext, input: z.output<typeof refusePlanInput>): Promise<void> =>
  refuse(context, 'revoke', input);

async function refuse(
  context: ServiceContext,
  action: 'reject' | 'revoke',
  { versionId, hash, reason }: z.output<typeof refusePlanInput>,
): Promise<void> {
  await step(context, action, versionId, async (tx, version) => {
    demandSameText(version, hash);
    await decide(tx, context, versionId, { reason });
    return { details: { reason }, result: undefined };
  });
}

/** A draft is deleted; with it its plan, where there is no other version of it. */
export async function discardPlan(
  context: ServiceContext,
  { versionId }: z.output<typeof planVersionIdInput>,
): Promise<{ planGone: boolean }> {
  return step(context, 'discard', versionId, async (tx, { planId }) => {
    await tx.planVersion.delete({ where: { id: versionId } });
    const { count } = await tx.plan.deleteMany({ where: { id: planId, versions: { none: {} } } });
    return { details: {}, result: { planGone: count > 0 } };
  });
}

const decide = (
  tx: Transaction,
  { actor }: ServiceContext,
  versionId: string,
  { reason, approvedHash }: { reason: string; approvedHash?: string },
) =>
  tx.planVersion.update({
    where: { id: versionId },
    data: {
      ...{ decidedAt: new Date(), decidedById: actor.userId, decisionReason: reason || null },
      ...(approvedHash !== undefined && { approvedHash }),
    },
  });
