import { type MasterPlan, masterPlanSchema } from '@twostage/core/plans/masterPlan';
import type { PlanVersionState } from '@twostage/core/plans/review';
import type { Database } from '@twostage/prisma/client';
import { hashOfPlan } from '@twostage/prisma/planHash';
import { planColumns } from '@twostage/prisma/planVersions';

/** A plan of one job that trains and one that is blocked. */
export const onePlan = (over: Partial<MasterPlan> = {}): MasterPlan =>
  masterPlanSchema.parse({
    jobs: [
      { job_id: 'all', target: 'fwd_ret_1d', route: 'ROUTE_CROSS_SECTIONAL', model_families: ['LightGBM'] },
      { job_id: 'no', target: 'fwd_ret_5d', route: 'ROUTE_BLOCKED', model_families: [], reason: 'noise' },
    ],
    ...over,
  });

export const hashOf = hashOfPlan;

let plans = 0;
/** A version of a plan of its own, as if it had been brought into that state. */
export async function addVersion(
  prisma: Database,
  given: { state: PlanVersionState; authorId: string; datasetId?: string; plan?: MasterPlan; planId?: string },
): Promise<{ planId: string; versionId: string }> {
  const { state, authorId, datasetId, plan = onePlan() } = given;
  const columns = planColumns(plan);
  const planId =
    given.planId ?? (await prisma.plan.create({ data: { name: `plan ${++plans}`, createdById: authorId } })).id;
  const { lastNumber: number } = await prisma.plan.update({
    where: { id: planId },
    data: { lastNumber: { increment: 1 } },
  });
  const wasApproved = ['approved', 'superseded', 'revoked'].includes(state);
  const { id } = await prisma.planVersion.create({
    data: {
      ...{ planId, number, state, authorId, authorIds: [authorId], origin: { kind: 'empty' }, ...columns },
      ...(datasetId && { datasetId }),
      ...(wasApproved && { approvedHash: columns.hash }),
    },
  });
  return { planId, versionId: id };
}
