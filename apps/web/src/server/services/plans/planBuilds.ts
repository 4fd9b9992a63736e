import { may } from '@twostage/core/access/roles';
import { DomainError } from '@twostage/core/errors';
import { planBuildProgressSchema, planBuildRequestSchema } from '@twostage/core/plans/buildRequest';
import { masterPlanSchema } from '@twostage/core/plans/masterPlan';
import type { Prisma } from '@twostage/prisma/client';
import { cancelPlanBuild as cancel, createPlanBuild } from '@twostage/prisma/planBuilds';
import type { z } from 'zod';
import type { PlanBuildDetail, PlanBuildRow, requestPlanBuildInput } from '../../contracts/plans.ts';
import { audit, demand, type ServiceContext } from '../context.ts';
import { checkSymbols, checkTargets } from '../checkRunConfig.ts';
import { readyDataset } from '../readyDataset.ts';

const rowSelect = {
  ...{ id: true, status: true, request: true, progress: true, reason: true, createdById: true },
  ...{ createdAt: true, startedAt: true, endedAt: true },
  dataset: { select: { id: true, name: true } },
  createdBy: { select: { id: true, name: true } },
} satisfies Prisma.PlanBuildSelect;
type Selected = Prisma.PlanBuildGetPayload<{ select: typeof rowSelect }>;

/**
 * Asks a runner to measure a dataset and make a plan of what it finds.
 * @throws DomainError FORBIDDEN; NOT_FOUND, CONFLICT for the dataset; UNKNOWN_SYMBOL, UNKNOWN_TARGET
 */
export async function requestPlanBuild(
  context: ServiceContext,
  { datasetId, request: given }: z.output<typeof requestPlanBuildInput>,
): Promise<{ buildId: string }> {
  const { actor, prisma, queue } = context;
  demand(actor, { kind: 'plan.draft' });
  const { name, path, inspection } = await readyDataset(context, datasetId);
  const request = planBuildRequestSchema.parse({ ...given, dataDir: path });
  checkSymbols(request, { ...inspection, name }, 'request');
  checkTargets(request, { ...inspection, name }, 'request');
  return prisma.$transaction(async (tx) => {
    const { id } = await createPlanBuild(tx, queue, { request, datasetId, createdById: actor.userId });
    await audit(tx, actor.userId, 'planBuild.request', `planBuild:${id}`, { datasetId });
    return { buildId: id };
  });
}

/** Cancelling what has ended changes nothing. @throws DomainError NOT_FOUND, FORBIDDEN */
export async function cancelPlanBuild(
  { actor, prisma }: ServiceContext,
  { buildId }: { buildId: string },
): Promise<{ done: 'cancelled' | 'requested' | 'ended' }> {
  return prisma.$transaction(async (tx) => {
    const build = await tx.planBuild.findUnique({ where: { id: buildId }, select: { createdById: true } });
    if (!build) throw new DomainError('NOT_FOUND', `there is no build ${buildId} of a plan`, { field: 'buildId' });
    demand(actor, { kind: 'planBuild.cancel', ownerId: build.createdById ?? '' });
    const done = await cancel(tx, buildId);
    if (done !== 'ended') await audit(tx, actor.userId, 'planBuild.cancel', `planBuild:${buildId}`);
    return { done };
  });
}

const mostBuilds = 50;

/** The newest first. */
export async function listPlanBuilds({ actor, prisma }: ServiceContext): Promise<PlanBuildRow[]> {
  demand(actor, { kind: 'plan.read' });
  const builds = await prisma.planBuild.findMany({
    ...{ select: rowSelect, orderBy: { createdAt: 'desc' }, take: mostBuilds },
  });
  return builds.map((build) => toRow(build, actor));
}

/** @throws DomainError NOT_FOUND */
export async function getPlanBuild(
  { actor, prisma }: ServiceContext,
  { buildId }: { buildId: string },
): Promise<PlanBuildDetail> {
  demand(actor, { kind: 'plan.read' });
  const build = await prisma.planBuild.findUnique({ where: { id: buildId }, select: { ...rowSelect, result: true } });
  if (!build) throw new DomainError('NOT_FOUND', `there is no build ${buildId} of a plan`, { field: 'buildId' });
  const result = build.result === null ? null : masterPlanSchema.parse(build.result);
  return { ...toRow(build, actor), result };
}

function toRow(build: Selected, actor: ServiceContext['actor']): PlanBuildRow {
  const { id, dataset, status, reason, createdBy, createdAt, startedAt, endedAt } = build;
  return {
    ...{ id, dataset, status, reason, createdBy, createdAt, startedAt, endedAt },
    request: planBuildRequestSchema.parse(build.request),
    progress: planBuildProgressSchema.nullable().parse(build.progress),
    mayCancel:
      (status === 'queued' || status === 'running') &&
      may(actor, { kind: 'planBuild.cancel', ownerId: build.createdById ?? '' }),
  };
}
