'use client';
import { hasEnded } from '@twostage/core/runs/lifecycle';
import type { TrainingView } from '@twostage/core/runs/view';
import type { ReactNode } from 'react';
import type { RunDetail } from '../../../server/contracts/runs.ts';
import { bytes, count, duration, signed, unknown } from '../../../ui/format.ts';
import { Progress } from '../../../ui/Progress.tsx';
import { useNow } from '../../../ui/useNow.ts';
import { useRunView } from '../live/useLiveRun.ts';
import { bestByRankIc, runEtaMs, tally, trainingTitle } from '@twostage/figures/run/trainingFigures';

/** The run in five figures. */
export function RunFigures({ run }: { run: RunDetail }) {
  const { view } = useRunView('results');
  const running = !hasEnded(view.lastSeq > 0 ? view.state : run.state);
  const now = useNow(running);
  // Until the log has come, what the list knows of this run.
  const waiting = view.lastSeq === 0 && run.lastSeq > 0;
  const counts = tally(view.trainings.values());
  const total = waiting ? run.trainings.total : counts.total;
  const bad = waiting ? run.trainings.failed : counts.failed + counts.timedOut + counts.killed;
  const ended = waiting ? run.trainings.completed + bad : total - counts.pending - counts.running;
  const none = waiting ? '' : null;
  const best = bestByRankIc(view);
  const startedAt = view.startedAt ?? run.startedAt?.getTime() ?? null;
  const endedAt = view.endedAt ?? run.endedAt?.getTime() ?? null;
  const eta = running ? runEtaMs(view) : null;
  const largest = [...view.trainings.values()].reduce<TrainingView | null>(
    (most, training) => ((training.peakRssBytes ?? 0) > (most?.peakRssBytes ?? 0) ? training : most),
    null,
  );
  const data = view.dataset;
  return (
    <dl className="mb-4 grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line shadow-flat sm:grid-cols-3 lg:grid-cols-5">
      <Figure
        title="Trainings"
        value={total > 0 ? `${ended} / ${total}` : unknown}
        more={
          total > 0 ? (
            <span className="flex items-center gap-2">
              <Progress
                value={ended / total}
                label="Trainings that ended"
                tone={bad > 0 ? 'warn' : running ? 'accent' : 'good'}
                className="w-16"
              />
              {bad > 0
                ? `${bad} not completed`
                : counts.running > 0
                  ? `${counts.running} running`
                  : total > ended
                    ? `${total - ended} left`
                    : 'all ended'}
            </span>
          ) : (
            (none ?? 'not planned yet')
          )
        }
      />
      <Figure
        title="Best rank IC"
        value={best ? signed(best.rankIc, 4) : unknown}
        more={best ? `${trainingTitle(best.training.spec)}` : (none ?? 'when the first training ends')}
      />
      <Figure
        title="Elapsed"
        value={startedAt === null ? unknown : now || endedAt ? duration((endedAt ?? now) - startedAt) : unknown}
        more={
          startedAt === null
            ? 'waits for a runner'
            : eta !== null
              ? `about ${duration(eta)} left`
              : running
                ? 'running'
                : 'ended'
        }
      />
      <Figure
        title="Rows"
        value={data ? count(data.rows) : unknown}
        more={
          data
            ? `${data.symbols.length} symbols, ${count(data.bars)} bars, ${data.features.length} features`
            : (none ?? 'not read yet')
        }
      />
      <Figure
        title="Peak memory"
        value={bytes(largest?.peakRssBytes)}
        more={largest ? trainingTitle(largest.spec) : (none ?? 'of one training')}
        className="max-sm:col-span-2 sm:max-lg:col-span-2"
      />
    </dl>
  );
}

const Figure = ({
  title,
  value,
  more,
  className,
}: {
  title: string;
  value: string;
  more: ReactNode;
  className?: string;
}) => (
  <div className={`min-w-0 bg-surface px-4 py-2.5 ${className ?? ''}`}>
    <dt className="text-faint text-xs">{title}</dt>
    <dd className="mt-0.5">
      <span className="block font-semibold text-lg leading-6 tracking-tight">{value}</span>
      <span className="block truncate text-muted text-xs leading-4" title={typeof more === 'string' ? more : undefined}>
        {more}
      </span>
    </dd>
  </div>
);
