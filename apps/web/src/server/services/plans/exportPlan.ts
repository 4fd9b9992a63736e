import { DomainError } from '@twostage/core/errors';
import { planMarkdown } from '@twostage/core/plans/markdown';
import { planOfText } from '@twostage/prisma/planVersions';
import { demand, type ServiceContext } from '../context.ts';

/** What a version can be taken away as. */
export const planFiles = ['master_training_plan.json', 'training_plan.md'] as const;
export type PlanFileName = (typeof planFiles)[number];

/** @throws DomainError NOT_FOUND */
export async function exportPlan(
  { prisma, actor }: ServiceContext,
  { versionId, file }: { versionId: string; file: PlanFileName },
): Promise<string> {
  demand(actor, { kind: 'plan.read' });
  const version = await prisma.planVersion.findUnique({ where: { id: versionId }, select: { text: true } });
  if (!version)
    throw new DomainError('NOT_FOUND', `there is no version ${versionId} of a plan`, { field: 'versionId' });
  const plan = planOfText(version.text);
  return file === 'training_plan.md' ? planMarkdown(plan) : `${JSON.stringify(plan, null, 2)}\n`;
}
