import { judgeReview } from '@twostage/core/plans/review';
import type { InboxItem, PlanVersionRow } from '../../contracts/plans.ts';
import { demand, type ServiceContext } from '../context.ts';
import { readReviewSettings } from './reviewSetting.ts';
import { toVersionRows, versionRowSelect } from './versionRows.ts';

/** What waits for the asking person, the longest waiting first; decisions before all else. */
export async function planInbox(context: ServiceContext): Promise<InboxItem[]> {
  const { prisma, actor } = context;
  demand(actor, { kind: 'plan.read' });
  const me = actor.userId;
  const [settings, versions] = await Promise.all([
    readReviewSettings(prisma),
    prisma.planVersion.findMany({
      where: {
        OR: [{ state: 'inReview' }, { authorIds: { has: me }, state: { in: ['draft', 'rejected', 'revoked'] } }],
      },
      select: {
        ...versionRowSelect,
        comments: {
          where: { resolvedAt: null, NOT: { authorId: me } },
          select: { createdAt: true },
          orderBy: { createdAt: 'desc' },
        },
        plan: { select: { name: true, lastNumber: true } },
      },
    }),
  ]);
  const rows = await toVersionRows(context, versions);
  const items = versions.flatMap((version, at): InboxItem[] => {
    const row = rows[at]!;
    const mine = version.authorIds.includes(me);
    const isNewest = version.number === version.plan.lastNumber;
    const found: InboxItem[] = [];
    if (version.state === 'inReview' && judgeReview('approve', actor, version, settings).kind === 'allowed')
      found.push(item('decide', row, version.submittedAt, `${row.author?.name ?? 'Someone'} asks for your decision`));
    if (version.state === 'draft' && mine)
      found.push(item('finish', row, version.updatedAt, 'your draft is not submitted yet'));
    if (mine && isNewest && (version.state === 'rejected' || version.state === 'revoked')) {
      const who = row.decidedBy?.name ?? 'Someone';
      found.push(
        item(
          'revise',
          row,
          version.decidedAt,
          `${who} ${version.state} it: ${row.decisionReason ?? 'no reason given'}`,
        ),
      );
    }
    const [newest] = version.comments;
    if (mine && newest && (version.state === 'draft' || version.state === 'inReview')) {
      const count = version.comments.length;
      found.push(
        item(
          'answer',
          row,
          newest.createdAt,
          `${count} ${count === 1 ? 'comment waits' : 'comments wait'} for an answer`,
        ),
      );
    }
    return found;
  });
  const order: Record<InboxItem['kind'], number> = { decide: 0, revise: 1, answer: 2, finish: 3 };
  return items.sort((a, b) => order[a.kind] - order[b.kind] || a.since.getTime() - b.since.getTime());
}

const item = (kind: InboxItem['kind'], version: PlanVersionRow, since: Date | null, what: string): InboxItem => ({
  ...{ kind, version, what },
  since: since ?? version.updatedAt,
});
