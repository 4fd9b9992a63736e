import { planCountsSchema } from '@twostage/core/plans/counts';
import type { Prisma } from '@twostage/prisma/client';
import { type PlanOrigin, planOriginSchema } from '@twostage/prisma/planVersions';
import type { PlanVersionRow } from '../../contracts/plans.ts';
import type { ServiceContext } from '../context.ts';

const person = { select: { id: true, name: true } } as const;

/** What a row needs of the version's table: all but its text. */
export const versionRowSelect = {
  ...{ id: true, planId: true, number: true, state: true, hash: true, note: true, revision: true, counts: true },
  ...{ authorIds: true, origin: true, createdAt: true, updatedAt: true, submittedAt: true },
  ...{ decidedAt: true, decisionReason: true },
  plan: { select: { name: true } },
  author: person,
  decidedBy: person,
  dataset: person,
  parent: { select: { id: true, number: true, planId: true, plan: { select: { name: true } } } },
  _count: { select: { comments: { where: { resolvedAt: null } } } },
} satisfies Prisma.PlanVersionSelect;
export type SelectedVersion = Prisma.PlanVersionGetPayload<{ select: typeof versionRowSelect }>;

/** Rows for these versions; the names of all who wrote in them are asked for once. */
export async function toVersionRows(
  { prisma }: Pick<ServiceContext, 'prisma'>,
  versions: readonly SelectedVersion[],
): Promise<PlanVersionRow[]> {
  const ids = [...new Set(versions.flatMap(({ authorIds }) => authorIds))];
  const people = await prisma.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  const byId = new Map(people.map((one) => [one.id, one]));
  return versions.map((version) => {
    const origin = planOriginSchema.parse(version.origin);
    const { parent } = version;
    return {
      id: version.id,
      planId: version.planId,
      planName: version.plan.name,
      number: version.number,
      state: version.state,
      hash: version.hash,
      note: version.note,
      revision: version.revision,
      author: version.author,
      authors: version.authorIds.flatMap((id) => byId.get(id) ?? []),
      parent: parent && { id: parent.id, number: parent.number, planId: parent.planId, planName: parent.plan.name },
      origin: originWords(origin),
      originRun: origin.kind === 'run' ? { id: origin.runId, number: origin.number } : null,
      dataset: version.dataset,
      createdAt: version.createdAt,
      updatedAt: version.updatedAt,
      submittedAt: version.submittedAt,
      decidedAt: version.decidedAt,
      decidedBy: version.decidedBy,
      decisionReason: version.decisionReason,
      counts: planCountsSchema.parse(version.counts),
      openComments: version._count.comments,
    };
  });
}

function originWords(origin: PlanOrigin): string {
  switch (origin.kind) {
    case 'empty':
      return 'begun empty';
    case 'file':
      return origin.fileName;
    case 'build':
      return 'built of evidence';
    case 'version':
      return `${origin.planName} v${origin.number}`;
    case 'run':
      return `what run ${origin.number} showed`;
  }
}
