'use client';
import { stageIds } from '@twostage/core/families/family';
import { hasEnded } from '@twostage/core/runs/lifecycle';
import type { RunView } from '@twostage/core/runs/view';
import { Check, Layers, LockKeyhole } from 'lucide-react';
import { cx } from '../../../ui/cx.ts';
import { EmptyState } from '../../../ui/Feedback.tsx';
import { duration } from '../../../ui/format.ts';
import { useRunView } from '../live/useLiveRun.ts';
import { StageBand } from './StageBand.tsx';
import { useTrainingFilter } from './useTrainingFilter.ts';

/** Stage 1, the barrier, stage 2: a row a training. */
export function StageBands() {
  const { view } = useRunView('results');
  const { trainings } = useTrainingFilter(view);
  if (view.trainings.size === 0) {
    return (
      <section className="rounded-lg border border-line bg-surface shadow-flat">
        <EmptyState icon={<Layers aria-hidden />} title={notPlanned(view).title}>
          {notPlanned(view).text}
        </EmptyState>
      </section>
    );
  }
  return (
    <div className="min-w-0 space-y-0">
      {stageIds.map((stage, index) => (
        <div key={stage}>
          {index > 0 && <Barrier view={view} />}
          <StageBand stage={stage} view={view} trainings={trainings} />
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
