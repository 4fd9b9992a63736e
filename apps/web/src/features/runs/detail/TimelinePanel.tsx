'use client';
import { hasEnded } from '@twostage/core/runs/lifecycle';
import { ChartGantt } from 'lucide-react';
import { EmptyState } from '../../../ui/Feedback.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { useNow } from '../../../ui/useNow.ts';
import { useWidth } from '../../../ui/useSize.ts';
import { useRunView } from '../live/useLiveRun.ts';
import { Gantt } from './Gantt.tsx';
import { timelineShape } from './timelineShape.ts';
import { useChosenTraining } from './useChosenTraining.ts';

/** Trainings as bars on the run's time axis, stages shaded, the barrier drawn. */
export function TimelinePanel({ compact }: { compact?: boolean }) {
  const { view } = useRunView('results');
  const running = view.startedAt !== null && !hasEnded(view.state);
  const now = useNow(running, 250);
  const [chosen, choose] = useChosenTraining(view);
  const [frame, width] = useWidth<HTMLDivElement>();
  const shape = timelineShape(view, now || (view.endedAt ?? view.startedAt ?? 0));
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
      <div ref={frame} className="min-w-0 overflow-hidden">
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
    </Panel>
  );
}

const Legend = ({ className, text }: { className: string; text: string }) => (
  <span className="flex items-center gap-1.5">
    <span aria-hidden className={`h-2 w-3 rounded-sm ${className}`} />
    {text}
  </span>
);
