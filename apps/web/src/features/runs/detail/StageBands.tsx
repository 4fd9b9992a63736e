'use client';
import { type StageId, stageIds } from '@twostage/core/families/family';
import { hasEnded } from '@twostage/core/runs/lifecycle';
import type { RunView } from '@twostage/core/runs/view';
import { Check, Layers, LockKeyhole } from 'lucide-react';
import { cx } from '../../../ui/cx.ts';
import { EmptyState } from '../../../ui/Feedback.tsx';
import { duration, plural } from '../../../ui/format.ts';
import { useNow } from '../../../ui/useNow.ts';
import { stageNames } from '../badges.tsx';
import { useRunView } from '../live/useLiveRun.ts';
import { TrainingRow, trainingColumns } from './TrainingRow.tsx';
import { useChosenTraining } from './useChosenTraining.ts';

/** Stage 1, the barrier, stage 2: a row a training. */
export function StageBands() {
  const { view } = useRunView('results');
  const [chosen, choose] = useChosenTraining(view);
  if (view.trainings.size === 0) {
    return (
      <section className="rounded-lg border border-line bg-surface shadow-flat">
        <EmptyState icon={<Layers aria-hidden />} title={notPlanned(view).title}>
          {notPlanned(view).text}
        </EmptyState>
      </section>
    );
  }
  const ids = [...view.trainings.values()].map((training) => training.spec);
  return (
    <div className="min-w-0 space-y-0">
      {stageIds.map((stage, index) => (
        <div key={stage}>
          {index > 0 && <Barrier view={view} />}
          <StageBand stage={stage} view={view}>
            {ids.map(
              (spec, color) =>
                spec.stage === stage && (
                  <TrainingRow
                    key={spec.id}
                    id={spec.id}
                    color={color}
                    chosen={spec.id === chosen}
                    onChoose={() => choose(spec.id)}
                  />
                ),
            )}
          </StageBand>
        </div>
      ))}
    </div>
  );
}

function notPlanned(view: RunView): { title: string; text: string } {
  if (view.state === 'queued') return { title: 'In the queue', text: 'A runner takes it as soon as one is free.' };
  if (hasEnded(view.state))
    return { title: 'Nothing was trained', text: view.reason ?? 'The run ended before it was planned.' };
  return {
    title: 'Preparing the dataset',
    text: 'Files are read once, checked, and written as columns for every training.',
  };
}

const tints: Record<StageId, { band: string; name: string; soft: string }> = {
  cpu: { band: 'border-l-cpu', name: 'text-cpu', soft: 'bg-cpu-soft' },
  gpu: { band: 'border-l-gpu', name: 'text-gpu', soft: 'bg-gpu-soft' },
};

function StageBand({ stage, view, children }: { stage: StageId; view: RunView; children: React.ReactNode }) {
  const { state, startedAt, endedAt } = view.stages[stage];
  const now = useNow(state === 'running');
  const own = [...view.trainings.values()].filter((training) => training.spec.stage === stage);
  const ended = own.filter(
    (training) => training.endedAt !== null || training.state === 'skipped' || training.state === 'cancelled',
  );
  const tint = tints[stage];
  const words = { pending: 'waits', running: 'runs', done: 'done' }[state];
  const spent = startedAt === null ? null : (endedAt ?? view.endedAt ?? (now || null));
  return (
    <section
      aria-label={stageNames[stage]}
      className={cx('overflow-hidden rounded-lg border border-line border-l-3 bg-surface shadow-flat', tint.band)}
    >
      <header className={cx('flex min-h-9 flex-wrap items-center gap-x-3 px-4 py-1.5', tint.soft)}>
        <h2 className={cx('font-semibold text-sm', tint.name)}>{stageNames[stage]}</h2>
        <span className="text-muted text-xs">
          {own.length === 0 ? 'no training' : `${ended.length} of ${plural(own.length, 'training')} ended`}
        </span>
        <span className="ml-auto flex items-center gap-1.5 text-muted text-xs">
          {state === 'running' && <span aria-hidden className="size-1.5 animate-pulse-soft rounded-full bg-accent" />}
          {state === 'done' && <Check aria-hidden className="size-3 text-good" />}
          {words}
          {startedAt !== null && spent !== null && ` · ${duration(Math.max(0, spent - startedAt))}`}
        </span>
      </header>
      {own.length > 0 && (
        <div className="scroll-thin overflow-x-auto">
          <table className="w-full table-fixed sm:min-w-[46rem] text-sm">
            <caption className="sr-only">Trainings of {stageNames[stage]}</caption>
            <thead className="border-line border-b text-2xs text-faint">
              <tr>
                {trainingColumns.map((column) => (
                  <th
                    key={column.label}
                    scope="col"
                    title={column.title}
                    className={cx(
                      'px-2 py-1.5 first:pl-3 sm:first:pl-4 sm:last:pr-4',
                      column.numeric ? 'text-right' : 'text-left',
                      column.width,
                    )}
                  >
                    {column.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">{children}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** Drawn between the stages: nothing of stage 2 exists before the last child of stage 1 has been reaped. */
function Barrier({ view }: { view: RunView }) {
  const passed = view.stages.cpu.state === 'done';
  const at = view.stages.cpu.endedAt;
  return (
    <div className="flex items-center gap-3 py-2 text-faint text-xs">
      <span
        aria-hidden
        className={cx('h-px flex-1', passed ? 'bg-line-strong' : 'border-line-strong border-t border-dashed')}
      />
      <span
        className="flex items-center gap-1.5"
        title="No child of stage 2 exists before the last child of stage 1 has been reaped"
      >
        {passed ? <Check aria-hidden className="size-3 text-good" /> : <LockKeyhole aria-hidden className="size-3" />}
        {passed
          ? `Barrier passed${at !== null && view.startedAt !== null ? ` at ${duration(at - view.startedAt)}` : ''}`
          : 'Barrier: stage 2 waits for all of stage 1'}
      </span>
      <span
        aria-hidden
        className={cx('h-px flex-1', passed ? 'bg-line-strong' : 'border-line-strong border-t border-dashed')}
      />
    </div>
  );
}
