import { DomainError } from '@twostage/core/errors';
import { diffPlans, type PlanDiff } from '@twostage/core/plans/diff';
import { planOfText } from '@twostage/prisma/planVersions';
import type { PlanVersionRow } from '../../contracts/plans.ts';
import { demand, type ServiceContext } from '../context.ts';
import { toVersionRows, versionRowSelect } from './versionRows.ts';

/** What one version decides otherwise than another, job by job. @throws DomainError NOT_FOUND */
export async function planDiff(
  context: ServiceContext,
  { fromVersionId, toVersionId }: { fromVersionId: string; toVersionId: string },
): Promise<{ from: PlanVersionRow; to: PlanVersionRow; diff: PlanDiff }> {
  demand(context.actor, { kind: 'plan.read' });
  const ids = [fromVersionId, toVersionId];
  const found = await context.prisma.planVersion.findMany({
    where: { id: { in: ids } },
    select: { ...versionRowSelect, text: true },
  });
  const [from, to] = ids.map((id, at) => {
    const version = found.find((one) => one.id === id);
    if (version) return version;
    const field = at === 0 ? 'fromVersionId' : 'toVersionId';
    throw new DomainError('NOT_FOUND', `there is no version ${id} of a plan`, { field });
  }) as [(typeof found)[number], (typeof found)[number]];
  const [fromRow, toRow] = (await toVersionRows(context, [from, to])) as [PlanVersionRow, PlanVersionRow];
  return { from: fromRow, to: toRow, diff: diffPlans(planOfText(from.text), planOfText(to.text)) };
}
