import type { RunEvent } from '@twostage/core/runs/events';
import { trainingHasEnded } from '@twostage/core/runs/lifecycle';
import type { RunView } from '@twostage/core/runs/view';
import type { TrainingRecord } from './trainingRecord.ts';

/**
 * The events that take a run up again after the runner that held it vanished. Pure.
 * A training that was running goes back to pending, unless its record shows that it ended and only the event is missing. That
 * holds also for one that was put back to pending by a process that can't see the record, when it found the runner gone.
 */
export function resumeEvents(view: RunView, records: ReadonlyMap<string, TrainingRecord>): RunEvent[] {
  const events: RunEvent[] = [];
  const reason = 'its runner vanished';
  if (view.state === 'preparing' || view.state === 'running')
    events.push({ kind: 'run.stateChanged', state: 'queued', reason: `${reason}; queued again`, runner: null });
  for (const { spec, state, folds } of view.trainings.values()) {
    const record = records.get(spec.id);
    if (trainingHasEnded(state) || (state === 'pending' && !record)) continue;
    if (!record) {
      events.push({ kind: 'training.requeued', training: spec.id, reason });
      continue;
    }
    // Its process is long gone; the lifecycle knows no end without a start.
    if (state === 'pending') events.push({ kind: 'training.started', training: spec.id, pid: 0, threads: 1 });
    const { outcome, seconds, peakRssBytes } = record;
    if (outcome.kind === 'completed') {
      const known = new Set(folds.map(({ fold }) => fold));
      for (const result of outcome.result.folds)
        if (!known.has(result.fold)) events.push({ kind: 'training.foldEnded', training: spec.id, result });
    }
    events.push({ kind: 'training.ended', training: spec.id, outcome, seconds, peakRssBytes });
  }
  return events;
}
