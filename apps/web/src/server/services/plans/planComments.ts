import { DomainError } from '@twostage/core/errors';
import { announcePlan, planOfText } from '@twostage/prisma/planVersions';
import type { z } from 'zod';
import type { commentInput, resolveCommentInput } from '../../contracts/plans.ts';
import { audit, type ServiceContext } from '../context.ts';
import { lockForReview, nameOf } from './lockedVersion.ts';

/** @throws DomainError NOT_FOUND where the version has no such job; what `lockForReview` throws */
export async function commentOnPlan(
  context: ServiceContext,
  { versionId, jobId, text }: z.output<typeof commentInput>,
): Promise<{ commentId: string }> {
  const { actor, prisma } = context;
  return prisma.$transaction(async (tx) => {
    const { version } = await lockForReview(context, tx, 'comment', versionId);
    if (jobId && !planOfText(version.text).jobs.some((job) => job.job_id === jobId))
      throw new DomainError('NOT_FOUND', `${nameOf(version)} has no job ${jobId}`, { field: 'jobId' });
    const { id } = await tx.planComment.create({
      data: { versionId, jobId: jobId ?? null, text, authorId: actor.userId },
      select: { id: true },
    });
    await audit(tx, actor.userId, 'plan.comment', `planVersion:${versionId}`, {
      ...{ plan: version.plan.name, number: version.number, comment: id },
      ...(jobId && { job: jobId }),
    });
    await announcePlan(tx, version.planId);
    return { commentId: id };
  });
}

/** Marks a comment as dealt with, or opens it again. @throws DomainError NOT_FOUND; what `lockForReview` throws */
export async function resolvePlanComment(
  context: ServiceContext,
  { commentId, resolved }: z.output<typeof resolveCommentInput>,
): Promise<void> {
  const { actor, prisma } = context;
  await prisma.$transaction(async (tx) => {
    const comment = await tx.planComment.findUnique({ where: { id: commentId } });
    if (!comment) throw new DomainError('NOT_FOUND', `there is no comment ${commentId}`, { field: 'commentId' });
    const { version } = await lockForReview(context, tx, 'comment', comment.versionId);
    await tx.planComment.update({
      where: { id: commentId },
      data: { resolvedAt: resolved ? new Date() : null, resolvedById: resolved ? actor.userId : null },
    });
    await audit(
      tx,
      actor.userId,
      resolved ? 'plan.resolveComment' : 'plan.reopenComment',
      `planVersion:${version.id}`,
      {
        comment: commentId,
      },
    );
    await announcePlan(tx, version.planId);
  });
}
