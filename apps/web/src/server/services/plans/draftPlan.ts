import { DomainError } from '@twostage/core/errors';
import { type MasterPlan, masterPlanSchema, parseMasterPlan } from '@twostage/core/plans/masterPlan';
import { withJobs } from '@twostage/core/plans/withJobs';
import { Prisma, type Transaction } from '@twostage/prisma/client';
import { announcePlan, type PlanOrigin, planColumns, planOfText } from '@twostage/prisma/planVersions';
import type { z } from 'zod';
import type { DraftSource, draftPlanInput } from '../../contracts/plans.ts';
import { audit, demand, type ServiceContext } from '../context.ts';
import { planFromRun } from './planFromRun.ts';

/** Jobs, where they came from, and the data that they are about. */
export interface DraftContent {
  readonly plan: MasterPlan;
  readonly origin: PlanOrigin;
  readonly datasetId: string | null;
}

/**
 * A draft: the first version of a new plan, or the next of one that is there.
 * @throws DomainError FORBIDDEN; NOT_FOUND; INVALID_INPUT for a file, a line a fault; CONFLICT where the name is taken, or a version
 * of the plan is open already
 */
export async function draftPlan(
  context: ServiceContext,
  { into, source, datasetId, note }: z.output<typeof draftPlanInput>,
): Promise<{ planId: string; versionId: string; number: number }> {
  const { actor, prisma } = context;
  demand(actor, { kind: 'plan.draft' });
  const content = await readSource(context, source);
  const dataset = datasetId ?? content.datasetId;
  if (dataset !== null && !(await prisma.dataset.findUnique({ where: { id: dataset }, select: { id: true } })))
    throw new DomainError('NOT_FOUND', `there is no dataset ${dataset}`, { field: 'datasetId' });
  try {
    return await prisma.$transaction(async (tx) => {
      const plan = into.kind === 'plan' ? await newPlan(tx, actor.userId, into) : await lockPlan(tx, into.planId);
      const newest = await tx.planVersion.findFirst({ where: { planId: plan.id }, orderBy: { number: 'desc' } });
      const number = plan.lastNumber + 1;
      await tx.plan.update({ where: { id: plan.id }, data: { lastNumber: number } });
      const version = await tx.planVersion.create({
        data: {
          ...{ planId: plan.id, number, note, origin: content.origin, datasetId: dataset ?? newest?.datasetId ?? null },
          ...{ ...planColumns(content.plan), authorId: actor.userId, authorIds: [actor.userId] },
          parentId: newest?.id ?? (content.origin.kind === 'version' ? content.origin.versionId : null),
        },
        select: { id: true },
      });
      await audit(tx, actor.userId, 'plan.draft', `planVersion:${version.id}`, {
        ...{ plan: plan.name, number, origin: content.origin.kind },
        ...(note !== '' && { reason: note }),
      });
      await announcePlan(tx, plan.id);
      return { planId: plan.id, versionId: version.id, number };
    });
  } catch (error) {
    throw asConflict(error, into.kind === 'plan' ? into.name : null);
  }
}

async function newPlan(
  tx: Transaction,
  createdById: string,
  { name, description }: { name: string; description: string },
) {
  return tx.plan.create({ data: { name, description, createdById } });
}

async function lockPlan(tx: Transaction, planId: string) {
  await tx.$queryRaw`SELECT 1 FROM plan WHERE id = ${planId} FOR UPDATE`;
  const plan = await tx.plan.findUnique({ where: { id: planId } });
  if (!plan) throw new DomainError('NOT_FOUND', `there is no plan ${planId}`, { field: 'into.planId' });
  const open = await tx.planVersion.findFirst({
    where: { planId, state: { in: ['draft', 'inReview'] } },
    select: { number: true, state: true, author: { select: { name: true } } },
  });
  if (!open) return plan;
  const whose = open.author ? `, by ${open.author.name}` : '';
  throw new DomainError(
    'CONFLICT',
    `${plan.name} v${open.number} is ${open.state === 'draft' ? 'a draft' : 'in review'}${whose}: finish it before the next is drafted`,
    { field: 'into.planId' },
  );
}

/** Two at once: the second learns it from an index. */
function asConflict(error: unknown, name: string | null): unknown {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') return error;
  return name === null
    ? new DomainError('CONFLICT', 'somebody else drafted the next version just now', { field: 'into.planId' })
    : new DomainError('CONFLICT', `there is a plan named "${name}" already`, { field: 'into.name' });
}

async function readSource(context: ServiceContext, source: DraftSource): Promise<DraftContent> {
  switch (source.kind) {
    case 'empty':
      return { plan: emptyPlan(), origin: { kind: 'empty' }, datasetId: null };
    case 'file':
      return { plan: planOfFile(source), origin: { kind: 'file', fileName: source.fileName }, datasetId: null };
    case 'build':
      return planOfBuild(context, source.buildId);
    case 'version':
      return planOfVersion(context, source.versionId);
    case 'run':
      return planFromRun(context, source.runId);
  }
}

const emptyPlan = (): MasterPlan =>
  withJobs(masterPlanSchema.parse({ metadata: { generated_at: new Date().toISOString() }, jobs: [] }), []);

const mostFaults = 20;

function planOfFile({ fileName, text }: { fileName: string; text: string }): MasterPlan {
  const read = parseMasterPlan(text);
  if (read.kind === 'plan') return read.plan;
  const lines = read.faults
    .slice(0, mostFaults)
    .map(({ path, message }) => `${path === '' ? '' : `${path}: `}${message}`);
  const more = read.faults.length - lines.length;
  throw new DomainError(
    'INVALID_INPUT',
    `${fileName} is no training plan: ${lines.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    { field: 'source.text' },
  );
}

async function planOfBuild({ prisma }: ServiceContext, buildId: string): Promise<DraftContent> {
  const build = await prisma.planBuild.findUnique({ where: { id: buildId } });
  if (!build) throw new DomainError('NOT_FOUND', `there is no build ${buildId} of a plan`, { field: 'source.buildId' });
  if (build.status !== 'ready')
    throw new DomainError('CONFLICT', `the plan is not built: it is ${build.status}`, { field: 'source.buildId' });
  const plan = masterPlanSchema.parse(build.result);
  return { plan, origin: { kind: 'build', buildId }, datasetId: build.datasetId };
}

async function planOfVersion({ prisma }: ServiceContext, versionId: string): Promise<DraftContent> {
  const version = await prisma.planVersion.findUnique({ where: { id: versionId }, include: { plan: true } });
  if (!version)
    throw new DomainError('NOT_FOUND', `there is no version ${versionId} of a plan`, { field: 'source.versionId' });
  const origin = { kind: 'version', versionId, planName: version.plan.name, number: version.number } as const;
  return { plan: planOfText(version.text), origin, datasetId: version.datasetId };
}
