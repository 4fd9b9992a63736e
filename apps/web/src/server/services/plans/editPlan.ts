import { DomainError } from '@twostage/core/errors';
import { checkJobParameters } from '@twostage/core/plans/checkJobParameters';
import { checkMasterPlan, type MasterPlan } from '@twostage/core/plans/masterPlan';
import { catalogue } from '@twostage/families/catalogue';
import { Prisma } from '@twostage/prisma/client';
import { announcePlan, planColumns } from '@twostage/prisma/planVersions';
import type { z } from 'zod';
import type { describePlanInput, editPlanInput } from '../../contracts/plans.ts';
import { audit, demand, type ServiceContext } from '../context.ts';
import { lockForReview, nameOf } from './lockedVersion.ts';

/**
 * Saves a draft: its jobs, its note, its data. Whoever saves joins its authors.
 * @throws DomainError INVALID_INPUT naming the first fault's path; CONFLICT where somebody saved since it was read; NOT_FOUND; what
 * `lockForReview` throws
 */
export async function editPlan(
  context: ServiceContext,
  { versionId, revision, plan: given, note, datasetId }: z.output<typeof editPlanInput>,
): Promise<{ revision: number; hash: string }> {
  const { actor, prisma } = context;
  demand(actor, { kind: 'plan.draft' });
  const plan = given === undefined ? undefined : checked(given);
  return prisma.$transaction(async (tx) => {
    const { version } = await lockForReview(context, tx, 'edit', versionId);
    if (version.revision !== revision) {
      const last = await tx.auditEntry.findFirst({
        where: { subject: `planVersion:${versionId}`, action: 'plan.edit' },
        orderBy: { at: 'desc' },
        select: { actor: { select: { name: true } }, at: true },
      });
      const who = last?.actor ? ` by ${last.actor.name} at ${last.at.toISOString()}` : '';
      throw new DomainError(
        'CONFLICT',
        `${nameOf(version)} was changed${who} since you read it (save ${version.revision}, yours began at ${revision})`,
        { field: 'revision' },
      );
    }
    if (datasetId && !(await tx.dataset.findUnique({ where: { id: datasetId }, select: { id: true } })))
      throw new DomainError('NOT_FOUND', `there is no dataset ${datasetId}`, { field: 'datasetId' });
    const columns = plan && planColumns(plan);
    const saved = await tx.planVersion.update({
      where: { id: versionId },
      data: {
        ...columns,
        ...(note !== undefined && { note }),
        ...(datasetId !== undefined && { datasetId }),
        ...{ revision: revision + 1, updatedAt: new Date() },
        authorIds: [...new Set([...version.authorIds, actor.userId])],
      },
      select: { revision: true, hash: true },
    });
    await audit(tx, actor.userId, 'plan.edit', `planVersion:${versionId}`, {
      ...{ plan: version.plan.name, number: version.number, revision: saved.revision, hash: saved.hash },
    });
    await announcePlan(tx, version.planId);
    return saved;
  });
}

function checked(value: unknown): MasterPlan {
  const read = checkMasterPlan(value);
  if (read.kind === 'plan') {
    checkJobParameters(read.plan.jobs, {}, catalogue);
    return read.plan;
  }
  const [{ path, message }, ...more] = read.faults as [(typeof read.faults)[number]];
  const rest = more.length > 0 ? ` (and ${more.length} more)` : '';
  throw new DomainError('INVALID_INPUT', `${path === '' ? 'the plan' : path}: ${message}${rest}`, {
    field: `plan.${path}`,
  });
}

/** @throws DomainError FORBIDDEN, NOT_FOUND; CONFLICT where another plan has the name */
export async function describePlan(
  { actor, prisma }: ServiceContext,
  { planId, name, description }: z.output<typeof describePlanInput>,
): Promise<void> {
  demand(actor, { kind: 'plan.draft' });
  try {
    await prisma.$transaction(async (tx) => {
      const before = await tx.plan.findUnique({ where: { id: planId } });
      if (!before) throw new DomainError('NOT_FOUND', `there is no plan ${planId}`, { field: 'planId' });
      await tx.plan.update({ where: { id: planId }, data: { name, description } });
      await audit(tx, actor.userId, 'plan.describe', `plan:${planId}`, { from: before.name, to: name });
      await announcePlan(tx, planId);
    });
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')
      throw new DomainError('CONFLICT', `there is a plan named "${name}" already`, { field: 'name' });
    throw error;
  }
}
