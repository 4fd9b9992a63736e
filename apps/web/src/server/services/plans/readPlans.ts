import { DomainError } from '@twostage/core/errors';
import { isOpen, judgeReview, reviewActions, type ReviewVerdict, type ReviewAction } from '@twostage/core/plans/review';
import { planOfText } from '@twostage/prisma/planVersions';
import type { PlanDetail, PlanRow, PlanStep, PlanVersionDetail, PlanVersionRow } from '../../contracts/plans.ts';
import { demand, type ServiceContext } from '../context.ts';
import { readReviewSettings } from './reviewSetting.ts';
import { toVersionRows, versionRowSelect } from './versionRows.ts';

const planSelect = {
  ...{ id: true, name: true, description: true, createdAt: true },
  createdBy: { select: { id: true, name: true } },
  versions: { select: versionRowSelect, orderBy: { number: 'desc' as const } },
} as const;

/** Every plan, those that changed last first. */
export async function listPlans(context: ServiceContext): Promise<PlanRow[]> {
  demand(context.actor, { kind: 'plan.read' });
  const plans = await context.prisma.plan.findMany({ select: planSelect });
  const rows = await toVersionRows(
    context,
    plans.flatMap(({ versions }) => versions),
  );
  return plans
    .flatMap(
      (plan) =>
        planRow(
          plan,
          rows.filter(({ planId }) => planId === plan.id),
        ) ?? [],
    )
    .sort((a, b) => changedAt(b) - changedAt(a));
}

/** @throws DomainError NOT_FOUND */
export async function getPlan(context: ServiceContext, { planId }: { planId: string }): Promise<PlanDetail> {
  demand(context.actor, { kind: 'plan.read' });
  const plan = await context.prisma.plan.findUnique({ where: { id: planId }, select: planSelect });
  const history = plan ? await toVersionRows(context, plan.versions) : [];
  const row = plan && planRow(plan, history);
  if (!row) throw new DomainError('NOT_FOUND', `there is no plan ${planId}`, { field: 'planId' });
  return { ...row, history };
}

type PlanHead = Pick<PlanRow, 'id' | 'name' | 'description' | 'createdAt' | 'createdBy'>;

/** @param versions the newest first @returns null while it has none, which no transaction leaves behind */
function planRow(
  { id, name, description, createdAt, createdBy }: PlanHead,
  versions: PlanVersionRow[],
): PlanRow | null {
  const [newest] = versions;
  if (!newest) return null;
  return {
    ...{ id, name, description, createdAt, createdBy, newest },
    versions: versions.length,
    approved: versions.find(({ state }) => state === 'approved') ?? null,
    open: versions.find(({ state }) => isOpen(state)) ?? null,
  };
}

const changedAt = ({ newest, approved }: PlanRow): number =>
  Math.max(...[newest, approved].map((row) => (row?.decidedAt ?? row?.submittedAt ?? row?.updatedAt)?.getTime() ?? 0));

const mostRuns = 50;
const mostSteps = 500;

/** @throws DomainError NOT_FOUND */
export async function getPlanVersion(
  context: ServiceContext,
  { versionId }: { versionId: string },
): Promise<PlanVersionDetail> {
  const { prisma, actor } = context;
  demand(actor, { kind: 'plan.read' });
  const person = { select: { id: true, name: true } } as const;
  const [version, settings, steps] = await Promise.all([
    prisma.planVersion.findUnique({
      where: { id: versionId },
      select: {
        ...versionRowSelect,
        text: true,
        comments: { orderBy: { createdAt: 'asc' }, include: { author: person, resolvedBy: person } },
        runs: {
          select: { id: true, number: true, name: true, state: true, createdAt: true },
          ...{ orderBy: { createdAt: 'desc' }, take: mostRuns },
        },
      },
    }),
    readReviewSettings(prisma),
    prisma.auditEntry.findMany({
      where: { subject: `planVersion:${versionId}` },
      ...{ orderBy: { at: 'asc' }, take: mostSteps, include: { actor: person } },
    }),
  ]);
  if (!version)
    throw new DomainError('NOT_FOUND', `there is no version ${versionId} of a plan`, { field: 'versionId' });
  const [[row], siblings] = await Promise.all([
    toVersionRows(context, [version]),
    prisma.planVersion.findMany({
      where: { planId: version.planId },
      select: { id: true, number: true, state: true },
      orderBy: { number: 'desc' },
    }),
  ]);
  const verdicts = reviewActions.map((action) => [action, judgeReview(action, actor, version, settings)] as const);
  return {
    ...row!,
    plan: planOfText(version.text),
    comments: version.comments.map(({ id, jobId, text, author, createdAt, resolvedAt, resolvedBy }) => ({
      ...{ id, jobId, text, author, resolvedAt, resolvedBy },
      at: createdAt,
    })),
    steps: steps.map(({ at, actor: by, action, details }): PlanStep => {
      const { reason } = details as { reason?: unknown };
      return { at, actor: by, action, reason: typeof reason === 'string' ? reason : null };
    }),
    may: withOpenSibling(
      Object.fromEntries(verdicts) as Record<ReviewAction, ReviewVerdict>,
      siblings,
      version.plan.name,
    ),
    runs: version.runs,
    siblings,
  };
}

/** The next is drafted once the one before it is decided: one at a time. */
function withOpenSibling(
  may: Record<ReviewAction, ReviewVerdict>,
  siblings: PlanVersionDetail['siblings'],
  planName: string,
): Record<ReviewAction, ReviewVerdict> {
  const open = siblings.find(({ state }) => isOpen(state));
  if (!open || may.draftNext.kind === 'refused') return may;
  const reason = `${planName} v${open.number} is ${open.state === 'draft' ? 'a draft' : 'in review'}: finish it first`;
  return { ...may, draftNext: { kind: 'refused', code: 'CONFLICT', reason } };
}
