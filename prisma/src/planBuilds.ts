import type { PlanBuildProgress, PlanBuildRequest } from '@twostage/core/plans/buildRequest';
import type { MasterPlan } from '@twostage/core/plans/masterPlan';
import type { Database, Prisma, Transaction } from './client.ts';
import type { JobQueue } from './queue.ts';

/** NOTIFY payload: the build's id. Something of it has changed, or someone asked to cancel it. */
export const planBuildChannel = 'plan_build';

/** A build and its job, both or none: part of the caller's transaction, which has checked who asks and that the data may be read. */
export async function createPlanBuild(
  tx: Transaction,
  queue: JobQueue,
  build: { request: PlanBuildRequest; datasetId: string | null; createdById: string | null },
): Promise<{ id: string }> {
  const { id } = await tx.planBuild.create({
    data: { ...build, request: storable(build.request) },
    select: { id: true },
  });
  await queue.enqueuePlanBuild(tx, id);
  await announce(tx, id);
  return { id };
}

/**
 * Cancels a build: at once where no runner has begun it, else its runner is told and ends it. Part of the caller's transaction.
 * @returns `ended`: it was over already, or there is none; nothing changed
 */
export async function cancelPlanBuild(tx: Transaction, id: string): Promise<'cancelled' | 'requested' | 'ended'> {
  const now = new Date();
  const { count: waiting } = await tx.planBuild.updateMany({
    where: { id, status: 'queued' },
    data: { status: 'cancelled', endedAt: now, cancelRequestedAt: now },
  });
  const { count: running } = await tx.planBuild.updateMany({
    where: { id, status: 'running' },
    data: { cancelRequestedAt: now },
  });
  await announce(tx, id);
  if (waiting > 0) return 'cancelled';
  return running > 0 ? 'requested' : 'ended';
}

/** Begins a build, or begins again one whose runner vanished. @returns null: it is over, or there is none */
export async function beginPlanBuild(
  database: Database,
  id: string,
  runner: string,
): Promise<{ request: unknown; cancelRequested: boolean } | null> {
  const { count } = await database.planBuild.updateMany({
    where: { id, status: { in: ['queued', 'running'] } },
    data: { status: 'running', startedAt: new Date(), runner },
  });
  if (count === 0) return null;
  await announce(database, id);
  const { request, cancelRequestedAt } = await database.planBuild.findUniqueOrThrow({ where: { id } });
  return { request, cancelRequested: cancelRequestedAt !== null };
}

export async function reportPlanBuild(database: Database, id: string, progress: PlanBuildProgress): Promise<void> {
  await database.planBuild.updateMany({ where: { id, status: 'running' }, data: { progress: storable(progress) } });
  await announce(database, id);
}

export type PlanBuildEnd =
  | { readonly status: 'ready'; readonly result: MasterPlan }
  | { readonly status: 'refused'; readonly reason: string }
  | { readonly status: 'cancelled' };

export async function endPlanBuild(database: Database, id: string, end: PlanBuildEnd): Promise<void> {
  const { status } = end;
  await database.planBuild.updateMany({
    where: { id, status: 'running' },
    data: {
      ...{ status, endedAt: new Date() },
      ...(status === 'ready' && { result: storable(end.result) }),
      ...(status === 'refused' && { reason: end.reason }),
    },
  });
  await announce(database, id);
}

const announce = (tx: Transaction | Database, id: string) =>
  tx.$queryRaw`SELECT pg_notify(${planBuildChannel}, ${id})::text`;

const storable = (value: object) => value as unknown as Prisma.InputJsonObject;
