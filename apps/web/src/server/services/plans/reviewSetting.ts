import { may } from '@twostage/core/access/roles';
import type { ReviewSettings } from '@twostage/core/plans/review';
import type { Database, Transaction } from '@twostage/prisma/client';
import type { z } from 'zod';
import { type AuthorMayApprove, type ReviewSettingState, reviewSettingInput } from '../../contracts/plans.ts';
import { audit, demand, type ServiceContext } from '../context.ts';

const key = 'plans.authorMayApprove';

async function readSetting(tx: Transaction | Database): Promise<{ value: AuthorMayApprove; effective: boolean }> {
  const stored = await tx.setting.findUnique({ where: { key } });
  const value = reviewSettingInput.shape.authorMayApprove.catch('automatic').parse(stored?.value);
  if (value !== 'automatic') return { value, effective: value === 'always' };
  // In a team of one nobody else could ever approve.
  const others = await tx.user.count({ where: { active: true, role: { in: ['approver', 'admin'] } } });
  return { value, effective: others <= 1 };
}

export const readReviewSettings = async (tx: Transaction | Database): Promise<ReviewSettings> => ({
  authorMayApprove: (await readSetting(tx)).effective,
});

/** Whether who wrote a version may approve it. */
export async function getReviewSetting({ prisma, actor }: ServiceContext): Promise<ReviewSettingState> {
  demand(actor, { kind: 'plan.read' });
  const { value, effective } = await readSetting(prisma);
  return { authorMayApprove: value, effective, mayChange: may(actor, { kind: 'plan.settings' }) };
}

/** @throws DomainError FORBIDDEN */
export async function setReviewSetting(
  { prisma, actor }: ServiceContext,
  { authorMayApprove: value }: z.output<typeof reviewSettingInput>,
): Promise<void> {
  demand(actor, { kind: 'plan.settings' });
  await prisma.$transaction(async (tx) => {
    const before = await readSetting(tx);
    await tx.setting.upsert({ where: { key }, create: { key, value }, update: { value, updatedAt: new Date() } });
    await audit(tx, actor.userId, 'plan.reviewSetting', `setting:${key}`, { from: before.value, to: value });
  });
}
