'use client';
import type { PlanVersionDetail } from '../../server/contracts/plans.ts';
import { dateTime } from '../../ui/format.ts';
import { Panel } from '../../ui/Panel.tsx';

const words: Record<string, string> = {
  'plan.draft': 'drafted it',
  'plan.edit': 'saved it',
  'plan.submit': 'submitted it',
  'plan.withdraw': 'withdrew it',
  'plan.approve': 'approved it',
  'plan.reject': 'rejected it',
  'plan.revoke': 'revoked its approval',
  'plan.supersede': 'superseded it by approving the next',
  'plan.comment': 'commented',
  'plan.resolveComment': 'resolved a comment',
  'plan.reopenComment': 'opened a comment again',
  'plan.launch': 'started a run of it',
};

/** Every step, out of the audit log; saves one after another by one person are one line. */
export function HistoryTab({ version }: { version: PlanVersionDetail }) {
  const lines = version.steps.filter(
    ({ action, actor }, i, all) =>
      !(action === 'plan.edit' && all[i + 1]?.action === 'plan.edit' && all[i + 1]?.actor?.id === actor?.id),
  );
  return (
    <Panel title="History" flush>
      <ol aria-label="Steps of this version" className="divide-y divide-line">
        {lines.map(({ at, actor, action, reason }) => (
          <li key={`${action} ${at.getTime()}`} className="flex flex-wrap gap-x-3 gap-y-0.5 px-4 py-2">
            <time dateTime={at.toISOString()} className="w-32 shrink-0 text-muted text-xs leading-5">
              {dateTime(at)}
            </time>
            <span>
              <span className="font-medium">{actor?.name ?? 'twostage'}</span> {words[action] ?? action}
              {reason && <span className="text-muted">: {reason}</span>}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
