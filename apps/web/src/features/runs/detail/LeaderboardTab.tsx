'use client';
import { ChevronRight, Trophy } from 'lucide-react';
import { Fragment, useState } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { cx } from '../../../ui/cx.ts';
import { EmptyState } from '../../../ui/Feedback.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { seriesColor } from '@twostage/figures/palette';
import { choiceParam, useQueryState } from '../../../ui/queryState.ts';
import { SortHeader } from '../../../ui/SortHeader.tsx';
import { useNow } from '../../../ui/useNow.ts';
import { TrainingStateBadge } from '../badges.tsx';
import { ExperimentalBadge } from '@twostage/figures/run/planBadges.tsx';
import { useRunView } from '../live/useLiveRun.ts';
import { leaderboardCsv } from '@twostage/figures/run/leaderboardCsv';
import {
  bestFigures,
  errorOf,
  type FigureId,
  figureColumn,
  figureIds,
  isBest,
  leaderboardRows,
  missingReason,
  ranksBy,
  shownFigures,
  sortRows,
} from '@twostage/figures/run/leaderboardRows';
import { TrainingDetails } from './TrainingDetails.tsx';
import { endReason } from '@twostage/figures/run/trainingFigures';
import { useTrainingFilter } from './useTrainingFilter.ts';

const sortable: readonly ('title' | FigureId)[] = ['title', ...figureIds.filter(ranksBy)];
/** Rows at first; a run of every symbol alone has thousands. */
const firstRows = 150;

/** Trainings by their figures on the test blocks; a row opens to its folds, importances and artifacts. */
export function LeaderboardTab() {
  const { view } = useRunView('results');
  const { params, set } = useQueryState();
  const running = [...view.trainings.values()].some((training) => training.state === 'running');
  const now = useNow(running);
  const by = choiceParam(params.get('by'), sortable, 'rankIc');
  const direction = choiceParam(params.get('order'), ['asc', 'desc'] as const, 'desc');
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(params.get('training')?.split(',') ?? []));

  const { trainings } = useTrainingFilter(view);
  const [every, setEvery] = useState(false);
  const rows = sortRows(leaderboardRows(view, now, trainings), by, direction);
  const columns = shownFigures(rows);
  const shown = every ? rows : rows.slice(0, firstRows);
  const best = bestFigures(rows);
  if (rows.length === 0) {
    return (
      <Panel>
        <EmptyState
          icon={<Trophy aria-hidden />}
          title={view.trainings.size > 0 ? 'No training passes the filter' : 'No training yet'}
        >
          The leaderboard fills as trainings end.
        </EmptyState>
      </Panel>
    );
  }
  const sort = (key: FigureId | 'title') => {
    const first = key === 'title' || figureColumn(key).first === 'asc' ? 'asc' : 'desc';
    const next = by === key ? (direction === 'asc' ? 'desc' : 'asc') : first;
    set({ by: key === 'rankIc' && next === 'desc' ? null : key, order: next === 'desc' ? null : 'asc' });
  };
  const toggle = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  const kind = rows.find((row) => row.outcome?.kind === 'completed')?.outcome;
  const timeSeries = kind?.kind === 'completed' && kind.result.metrics.icKind === 'timeSeries';
  return (
    <Panel
      title="Leaderboard"
      flush
      aside={
        <CopyButton text={() => leaderboardCsv(rows)} label="Copy the table as CSV" said="Table copied" size="sm">
          CSV
        </CopyButton>
      }
    >
      {timeSeries && (
        <p className="border-line border-b px-4 py-2 text-muted text-xs">
          With one symbol, IC and Rank IC are correlations over time, not across symbols.
        </p>
      )}
      <div className="scroll-thin max-h-[calc(100dvh-7rem)] overflow-auto">
        <table className="w-full text-sm">
          <caption className="sr-only">Leaderboard</caption>
          <thead className="sticky top-0 z-20 bg-surface text-muted text-xs shadow-[inset_0_-1px_0_var(--line)]">
            <tr>
              <th scope="col" className="w-8 pl-3">
                <span className="sr-only">Open</span>
              </th>
              <SortHeader
                direction={by === 'title' ? direction : null}
                onSort={() => sort('title')}
                className="bg-surface pl-1 shadow-[inset_0_-1px_0_var(--line)] sm:sticky sm:left-0"
              >
                Training
              </SortHeader>
              {columns.map((id) =>
                ranksBy(id) ? (
                  <SortHeader
                    key={id}
                    numeric
                    title={figureColumn(id).title}
                    direction={by === id ? direction : null}
                    onSort={() => sort(id)}
                  >
                    {figureColumn(id).label}
                  </SortHeader>
                ) : (
                  <th key={id} scope="col" title={figureColumn(id).title} className="whitespace-nowrap px-3 text-right">
                    {figureColumn(id).label}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {shown.map((row) => (
              <Fragment key={row.key}>
                <tr className={cx('group h-10 hover:bg-hover', open.has(row.key) && 'bg-hover')}>
                  <td className="pl-3">
                    <button
                      type="button"
                      aria-expanded={open.has(row.key)}
                      aria-label={`Details of ${row.title}`}
                      onClick={() => toggle(row.key)}
                      className="flex size-6 items-center justify-center rounded text-faint hover:bg-line hover:text-ink"
                    >
                      <ChevronRight
                        aria-hidden
                        className={cx('size-3.5 transition-transform', open.has(row.key) && 'rotate-90')}
                      />
                    </button>
                  </td>
                  <th
                    scope="row"
                    className={cx(
                      'px-3 py-1 pl-1 text-left group-hover:bg-hover sm:sticky sm:left-0 sm:z-10',
                      open.has(row.key) ? 'bg-hover' : 'bg-surface',
                    )}
                  >
                    <span className="flex items-center gap-2 whitespace-nowrap">
                      <span
                        aria-hidden
                        className="size-2 rounded-full"
                        style={{ background: seriesColor(row.color) }}
                      />
                      <span className="font-medium max-sm:w-32 max-sm:whitespace-normal">{row.title}</span>
                      {row.experimental && <ExperimentalBadge />}
                      {row.state !== 'completed' && (
                        <TrainingStateBadge state={row.state} reason={endReason(row.outcome)} />
                      )}
                    </span>
                  </th>
                  {columns.map((id) => {
                    const value = row.figures[id];
                    const error = errorOf(row, id);
                    return (
                      <td
                        key={id}
                        title={error === null ? (missingReason(row, id) ?? undefined) : `± ${error}`}
                        className={cx(
                          'num px-3 last:pr-4',
                          isBest(best, row, id) ? 'font-semibold text-good' : value === null && 'text-faint',
                        )}
                      >
                        {figureColumn(id).text(value)}
                      </td>
                    );
                  })}
                </tr>
                {open.has(row.key) && (
                  <tr className="bg-sunken">
                    <td colSpan={columns.length + 2} className="p-4">
                      <TrainingDetails row={row} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
        {shown.length < rows.length && (
          <Button size="sm" variant="ghost" className="m-2" onClick={() => setEvery(true)}>
            Show all {rows.length} rows
          </Button>
        )}
      </div>
    </Panel>
  );
}
