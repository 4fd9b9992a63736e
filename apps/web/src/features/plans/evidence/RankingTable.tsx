import { rankingRowSchema } from '@twostage/core/plans/evidenceMarkdown';
import type { MasterPlan } from '@twostage/core/plans/masterPlan';
import { z } from 'zod';
import { cx } from '../../../ui/cx.ts';
import { decimal } from '../../../ui/format.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { RouteBadge } from '@twostage/figures/run/planBadges.tsx';

const rankingSchema = z.array(rankingRowSchema);

/** Targets by how predictable they are, the most first. */
export function RankingTable({ plan }: { plan: MasterPlan }) {
  const ranking = rankingSchema.safeParse(plan.summary.ranking).data;
  if (!ranking || ranking.length === 0) return null;
  const columns = ['Target', 'All symbols', 'Strength', 'p', 'One symbol', 'Both', 'Experimental', 'Why'];
  return (
    <Panel title="Targets by predictability" flush>
      <div className="scroll-thin overflow-x-auto">
        <table className="w-full text-sm">
          <caption className="sr-only">Targets by predictability</caption>
          <thead className="border-line border-b text-muted text-xs">
            <tr>
              {columns.map((title, i) => (
                <th
                  key={title}
                  scope="col"
                  title={titles[title]}
                  className={cx(
                    'whitespace-nowrap px-3 py-2 first:pl-4 last:pr-4',
                    i >= 2 && i <= 6 ? 'text-right' : 'text-left',
                  )}
                >
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {ranking.map((row) => (
              <tr key={row.target} className="h-9">
                <th
                  scope="row"
                  className="px-3 pl-4 text-left font-medium"
                  title={`Labels look ${row.label_bars} bars ahead`}
                >
                  {row.target}
                </th>
                <td className="px-3">
                  <RouteBadge route={row.route} />
                </td>
                <td className="num px-3">{decimal(row.strength, 2)}</td>
                <td className="num px-3">{row.p !== null && row.p < 0.0001 ? '< 0.0001' : decimal(row.p, 4)}</td>
                <td className="num px-3">{row.symbols_symbol_specific || ''}</td>
                <td className="num px-3">{row.symbols_both || ''}</td>
                <td className="num px-3">{row.symbols_experimental || ''}</td>
                <td className="min-w-72 px-3 py-1.5 pr-4 text-xs">{row.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

const titles: Record<string, string> = {
  Strength: 'Rank IC beyond what chance finds, in its standard deviations',
  p: 'How often chance finds as much',
  'One symbol': 'Symbols with a model of their own',
  Both: 'Symbols with a model of their own beside the model of all',
  Experimental: 'Symbols with an experimental model',
};
