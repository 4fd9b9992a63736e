'use client';
import type { StageId } from '@twostage/core/families/family';
import { trainingHasEnded } from '@twostage/core/runs/lifecycle';
import type { RunView, TrainingView } from '@twostage/core/runs/view';
import { ArrowDown, ArrowUp, Check } from 'lucide-react';
import { cx } from '../../../ui/cx.ts';
import { duration, plural } from '../../../ui/format.ts';
import { choiceParam, useQueryState } from '../../../ui/queryState.ts';
import { useNow } from '../../../ui/useNow.ts';
import { stageNames } from '../badges.tsx';
import { GroupBar } from './GroupBar.tsx';
import { GroupRows } from './GroupRows.tsx';
import { trainingColumns } from './TrainingRow.tsx';
import { groupsOf, type RowSortKey, rowSortKeys, sortTrainings } from './trainingGroups.ts';

const tints: Record<StageId, { band: string; name: string; soft: string }> = {
  cpu: { band: 'border-l-cpu', name: 'text-cpu', soft: 'bg-cpu-soft' },
  gpu: { band: 'border-l-gpu', name: 'text-gpu', soft: 'bg-gpu-soft' },
};
/** More rows than these scroll within the stage, under a header that stays. */
const tallFrom = 14;

/** One stage: how far it is, and its trainings, grouped by the library that they share. */
export function StageBand({
  stage,
  view,
  trainings,
}: {
  stage: StageId;
  view: RunView;
  /** Those that pass the filter, of every stage. */
  trainings: readonly TrainingView[];
}) {
  const { params, set } = useQueryState();
  const by = choiceParam(params.get('sort'), rowSortKeys, 'plan');
  const direction = choiceParam(params.get('dir'), ['asc', 'desc'] as const, 'asc');
  const all = [...view.trainings.values()].filter(({ spec }) => spec.stage === stage);
  const groups = groupsOf(trainings, stage);
  const shown = groups.reduce((sum, group) => sum + group.trainings.length, 0);
  const sort = (key: RowSortKey) => {
    // A third time leads back to the plan's own order.
    const next = by !== key ? 'first' : direction === firstDirection(key) ? 'second' : 'plan';
    const other = firstDirection(key) === 'asc' ? 'desc' : 'asc';
    set({
      sort: next === 'plan' ? null : key,
      dir: next === 'plan' ? null : next === 'first' ? firstDirection(key) : other,
    });
  };
  return (
    <section
      aria-label={stageNames[stage]}
      className={cx(
        'overflow-hidden rounded-lg border border-line border-l-3 bg-surface shadow-flat',
        tints[stage].band,
      )}
    >
      <StageHeader stage={stage} view={view} all={all} />
      {all.length > 0 && shown === 0 && (
        <p className="px-4 py-3 text-faint text-xs">None of its {plural(all.length, 'training')} passes the filter.</p>
      )}
      {shown > 0 && (
        <div className={cx('scroll-thin overflow-x-auto', shown > tallFrom && 'max-h-[38rem] overflow-y-auto')}>
          <table className="w-full table-fixed text-sm sm:min-w-[50.5rem]">
            <caption className="sr-only">Trainings of {stageNames[stage]}</caption>
            <thead className="sticky top-0 z-10 bg-surface text-2xs text-faint shadow-[inset_0_-1px_0_var(--line)]">
              <tr>
                {trainingColumns.map((column) => (
                  <th
                    key={column.label}
                    scope="col"
                    title={column.title}
                    aria-sort={ariaSort(column.sort === by && by !== 'plan' ? direction : null)}
                    className={cx(
                      'px-2 py-1.5 first:pl-3 sm:first:pl-4 sm:last:pr-4',
                      column.numeric ? 'text-right' : 'text-left',
                      column.width,
                    )}
                  >
                    {column.sort ? (
                      <SortButton
                        numeric={column.numeric}
                        direction={column.sort === by ? direction : null}
                        onSort={() => sort(column.sort!)}
                      >
                        {column.label}
                      </SortButton>
                    ) : (
                      column.label
                    )}
                  </th>
                ))}
              </tr>
            </thead>
            {groups.map((group) => (
              <GroupRows
                key={group.framework}
                group={{ ...group, trainings: sortTrainings(group.trainings, by, direction) }}
                headed={stage === 'gpu'}
              />
            ))}
          </table>
        </div>
      )}
    </section>
  );
}

const firstDirection = (key: RowSortKey): 'asc' | 'desc' =>
  key === 'ic' || key === 'progress' || key === 'time' || key === 'memory' ? 'desc' : 'asc';
const ariaSort = (direction: 'asc' | 'desc' | null) =>
  direction === null ? 'none' : direction === 'asc' ? 'ascending' : 'descending';

function StageHeader({ stage, view, all }: { stage: StageId; view: RunView; all: readonly TrainingView[] }) {
  const { state, startedAt, endedAt } = view.stages[stage];
  const now = useNow(state === 'running');
  const ended = all.filter((training) => trainingHasEnded(training.state)).length;
  const words = { pending: 'waits', running: 'runs', done: 'done' }[state];
  const spent = startedAt === null ? null : (endedAt ?? view.endedAt ?? (now || null));
  return (
    <header className={cx('flex min-h-9 flex-wrap items-center gap-x-3 px-4 py-1.5', tints[stage].soft)}>
      <h2 className={cx('font-semibold text-sm', tints[stage].name)}>{stageNames[stage]}</h2>
      <span className="text-muted text-xs">
        {all.length === 0 ? 'no training' : `${ended} of ${plural(all.length, 'training')} ended`}
      </span>
      {all.length > 1 && <GroupBar trainings={all} label={`Progress of ${stageNames[stage]}`} tone={stage} />}
      <span className="ml-auto flex items-center gap-1.5 text-muted text-xs">
        {state === 'running' && <span aria-hidden className="size-1.5 animate-pulse-soft rounded-full bg-accent" />}
        {state === 'done' && <Check aria-hidden className="size-3 text-good" />}
        {words}
        {startedAt !== null && spent !== null && ` · ${duration(Math.max(0, spent - startedAt))}`}
      </span>
    </header>
  );
}

function SortButton({
  children,
  numeric,
  direction,
  onSort,
}: {
  children: string;
  numeric?: boolean;
  direction: 'asc' | 'desc' | null;
  onSort: () => void;
}) {
  const Arrow = direction === 'asc' ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      onClick={onSort}
      className={cx(
        'group inline-flex items-center gap-1 whitespace-nowrap rounded hover:text-ink',
        numeric && 'flex-row-reverse',
        direction !== null && 'text-ink',
      )}
    >
      {children}
      <Arrow
        aria-hidden
        className={cx('size-2.5 max-sm:hidden', direction === null && 'opacity-0 group-hover:opacity-40')}
      />
    </button>
  );
}
