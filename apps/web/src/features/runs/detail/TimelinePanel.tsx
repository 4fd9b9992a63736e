'use client';
import { hasEnded } from '@twostage/core/runs/lifecycle';
import { ChartGantt } from 'lucide-react';
import { cx } from '../../../ui/cx.ts';
import { EmptyState } from '../../../ui/Feedback.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { useNow } from '../../../ui/useNow.ts';
import { useWidth } from '@twostage/figures/useWidth';
import { useRunView } from '../live/useLiveRun.ts';
import { Gantt } from './Gantt.tsx';
import { timelineShape } from './timelineShape.ts';
import { useChosenTraining } from './useChosenTraining.ts';
import { useTrainingFilter } from './useTrainingFilter.ts';

/** More cannot be told apart; the filter says which. */
const mostBars = 200;

/** Trainings as bars on the run's time axis, stages shaded, the barrier drawn. */
export function TimelinePanel({ compact }: { compact?: boolean }) {
  const { view } = useRunView('results');
  const running = view.startedAt !== null && !hasEnded(view.state);
  const now = useNow(running, 250);
  const [chosen, choose] = useChosenTraining(view);
  const [frame, width] = useWidth<HTMLDivElement>();
  const { trainings } = useTrainingFilter(view);
  const shape = timelineShape(view, now || (view.endedAt ?? view.startedAt ?? 0), trainings.slice(0, mostBars));
  return (
    <Panel
      title="Timeline"
      aside={
        <div className="flex items-center gap-3 text-muted text-xs">
          <Legend className="bg-cpu" text="Stage 1" />
          <Legend className="bg-gpu" text="Stage 2" />
        </div>
      }
    >
      <div ref={frame} className={cx('min-w-0 overflow-x-hidden', compact && 'scroll-thin max-h-96 overflow-y-auto')}>
        {shape === null || shape.bars.length === 0 ? (
          <EmptyState icon={<ChartGantt aria-hidden />} title="Nothing on the clock yet">
            Bars appear when the first training starts.
          </EmptyState>
        ) : (
          width > 0 && (
            <Gantt shape={shape} width={width} rowHeight={compact ? 22 : 30} chosen={chosen} onChoose={choose} />
          )
        )}
      </div>
      {trainings.length > mostBars && (
        <p className="mt-2 text-faint text-xs">
          The first {mostBars} of {trainings.length} trainings; filter to see others.
        </p>
      )}
    </Panel>
  );
}

const Legend = ({ className, text }: { className: string; text: string }) => (
  <span className="flex items-center gap-1.5">
    <span aria-hidden className={`h-2 w-3 rounded-sm ${className}`} />
    {text}
  </span>
);
