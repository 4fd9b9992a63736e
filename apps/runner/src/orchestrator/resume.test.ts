import type { Outcome, TrainingSpec } from '@twostage/core/runs/training';
import { applyEvent, emptyRunView, type RunView } from '@twostage/core/runs/view';
import { expect, it } from 'vitest';
import { resumeEvents } from './resume.ts';
import type { TrainingRecord } from './trainingRecord.ts';

const spec = (id: string): TrainingSpec => ({
  id,
  family: 'FTRLProximal',
  target: 'fwd_ret_1d',
  scope: { kind: 'crossSectional' },
  stage: 'cpu',
});
const fail: Outcome = { kind: 'failed', message: 'out of ideas', exitCode: 1, signal: null };
const recordOf = (id: string): TrainingRecord => ({ training: spec(id), outcome: fail, seconds: 3, peakRssBytes: 5 });

/** `a` has failed, `b` was running, `c` is pending. */
function interrupted(): RunView {
  const view = emptyRunView();
  const write = (event: Parameters<typeof applyEvent>[1]['event']) =>
    applyEvent(view, { runId: 'r', seq: view.lastSeq + 1, at: 1, event });
  const state = (to: 'preparing' | 'running') =>
    write({ kind: 'run.stateChanged', state: to, reason: null, runner: 'x' });
  state('preparing');
  write({ kind: 'run.planned', trainings: ['a', 'b', 'c'].map(spec), folds: [], summary: [] });
  state('running');
  write({ kind: 'training.started', training: 'a', pid: 1, threads: 1 });
  write({ kind: 'training.ended', training: 'a', outcome: fail, seconds: 1, peakRssBytes: null });
  write({ kind: 'training.started', training: 'b', pid: 2, threads: 1 });
  return view;
}
const queued = {
  kind: 'run.stateChanged',
  state: 'queued',
  reason: 'its runner vanished; queued again',
  runner: null,
} as const;
const ended = { kind: 'training.ended', training: 'b', outcome: fail, seconds: 3, peakRssBytes: 5 } as const;

it('puts back to pending what ran', () => {
  const requeued = { kind: 'training.requeued', training: 'b', reason: 'its runner vanished' };
  expect(resumeEvents(interrupted(), new Map())).toEqual([queued, requeued]);
});

it('says the end that a record shows, in place of training again', () => {
  expect(resumeEvents(interrupted(), new Map([['b', recordOf('b')]]))).toEqual([queued, ended]);
});

it('says it also where the training was put back to pending before anyone saw the record', () => {
  const view = interrupted();
  applyEvent(view, { runId: 'r', seq: 7, at: 1, event: { kind: 'training.requeued', training: 'b', reason: 'gone' } });
  applyEvent(view, { runId: 'r', seq: 8, at: 1, event: queued });
  const events = resumeEvents(view, new Map([['b', recordOf('b')]]));
  expect(events).toEqual([{ kind: 'training.started', training: 'b', pid: 0, threads: 1 }, ended]);
  for (const event of events) applyEvent(view, { runId: 'r', seq: view.lastSeq + 1, at: 2, event });
  expect([...view.trainings.values()].map(({ state }) => state)).toEqual(['failed', 'failed', 'pending']);
});
