import type { RunView } from '@twostage/core/runs/view';
import { Badge } from '@twostage/figures/Badge.tsx';
import { cx } from '@twostage/figures/cx';
import {
  bestFigures,
  errorOf,
  type FigureId,
  figureColumn,
  isBest,
  type LeaderboardRow,
  leaderboardRows,
  shownFigures,
  sortRows,
} from '@twostage/figures/run/leaderboardRows';
import { type MetricId, metricLooks } from '@twostage/figures/run/metricLooks';
import { Panel } from '@twostage/figures/Panel.tsx';
import { anchorTo, stateLooks } from './parts.tsx';
import { scopeSuffix } from './TrainingSheet.tsx';

/** A table a target, best rank IC first, each figure with how far off it may be. */
export function Leaderboard({ view }: { view: RunView }) {
  const rows = leaderboardRows(view, view.endedAt ?? view.startedAt ?? 0);
  const targets = [...new Set(rows.map(({ target }) => target))];
  if (rows.length === 0) return <p className="text-muted">No training was planned.</p>;
  return targets.map((target) => (
    <TargetBoard key={target} target={target} rows={rows.filter((row) => row.target === target)} view={view} />
  ));
}

/** More columns than a page has room for, by what they are about. */
const groups: readonly { readonly title: string; readonly holds: (id: FigureId) => boolean }[] = [
  { title: 'Forecast', holds: (id) => ['forecast', 'direction'].includes(kindOf(id)) },
  {
    title: 'Trading, holdout',
    holds: (id) => ['portfolio', 'policy', 'paths', 'holdout'].includes(kindOf(id)),
  },
  { title: 'Distribution, cost', holds: (id) => ['distribution', 'cost'].includes(kindOf(id)) },
];
const kindOf = (id: FigureId): string => (id in metricLooks ? metricLooks[id as MetricId].kind : 'cost');

function TargetBoard({ target, rows, view }: { target: string; rows: readonly LeaderboardRow[]; view: RunView }) {
  const columns = shownFigures(rows).filter((id) => rows.some((row) => row.figures[id] !== null));
  const best = bestFigures(rows);
  const sorted = sortRows(rows, 'rankIc', 'desc');
  return (
    <Panel title={<span className="font-mono">{target}</span>} flush>
      <div className="divide-y divide-line">
        {groups.map(({ title, holds }, index) => {
          const shown = columns.filter(holds);
          if (shown.length === 0 && index > 0) return null;
          return (
            <div key={title} className="overflow-x-auto">
              <table className="w-full table-fixed text-xs max-lg:table-auto">
                <caption className="sr-only">
                  Leaderboard of {target}: {title}
                </caption>
                <thead className="border-line border-b text-muted">
                  <tr>
                    <th scope="col" className="w-52 px-4 py-2 text-left">
                      {title}
                    </th>
                    {shown.map((id) => (
                      <th key={id} scope="col" title={figureColumn(id).title} className="num px-2 py-2 last:pr-4">
                        {figureColumn(id).label}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody className="divide-y divide-line">
                  {sorted.map((row) => (
                    <tr key={row.key}>
                      <Name row={row} view={view} badges={index === 0} />
                      {shown.map((id) => (
                        <Value key={id} row={row} id={id} best={isBest(best, row, id)} />
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        })}
      </div>
    </Panel>
  );
}

function Name({ row, view, badges }: { row: LeaderboardRow; view: RunView; badges: boolean }) {
  const spec = view.trainings.get(row.id)?.spec;
  return (
    <th scope="row" className="whitespace-nowrap px-4 py-1.5 text-left align-top">
      <a href={anchorTo(row.id)} className="text-accent hover:underline">
        {spec ? `${spec.family}${scopeSuffix(spec)}` : row.title}
      </a>
      {badges && row.experimental && (
        <Badge tone="warn" className="ml-2">
          Experimental
        </Badge>
      )}
      {badges && row.state !== 'completed' && (
        <Badge tone={stateLooks[row.state].tone} className="ml-2">
          {stateLooks[row.state].label}
        </Badge>
      )}
    </th>
  );
}

function Value({ row, id, best }: { row: LeaderboardRow; id: FigureId; best: boolean }) {
  const value = row.figures[id];
  const error = errorOf(row, id);
  return (
    <td
      className={cx(
        'num px-2 py-1.5 align-top last:pr-4',
        best ? 'font-semibold text-good' : value === null && 'text-faint',
      )}
    >
      {figureColumn(id).text(value)}
      {error !== null && <span className="block font-normal text-2xs text-faint">± {error}</span>}
    </td>
  );
}
