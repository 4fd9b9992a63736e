import type { LoggedEvent, RunEvent } from '@twostage/core/runs/events';
import { describe, expect, it, vi } from 'vitest';
import { RunStore } from './runStore.ts';

const spec = {
  id: 'MLP.fwd_ret_1d.all',
  family: 'MLP',
  target: 'fwd_ret_1d',
  scope: { kind: 'crossSectional' },
  stage: 'gpu',
} as const;
const logged = (seq: number, event: RunEvent): LoggedEvent => ({ runId: 'r', seq, at: 1000 + seq, event });
const line = (seq: number): LoggedEvent =>
  logged(seq, { kind: 'log', training: null, stream: 'runner', line: `line ${seq}` });

function makeStore() {
  const frames: (() => void)[] = [];
  let nowMs = 0;
  const requestAfter = vi.fn<(seq: number) => void>();
  const store = new RunStore({
    requestAfter,
    schedule: (callback) => {
      frames.push(callback);
      return () => frames.splice(frames.indexOf(callback), 1);
    },
    now: () => nowMs,
  });
  return { store, frames, requestAfter, advance: (ms: number) => (nowMs += ms), frame: () => frames.shift()?.() };
}

describe('RunStore', () => {
  it('folds a thousand events in one frame and tells its listeners once', () => {
    const { store, frames, frame } = makeStore();
    const heard = vi.fn();
    store.subscribe(heard);
    for (let seq = 1; seq <= 1000; seq++) store.push([line(seq)]);
    expect(frames).toHaveLength(1);
    expect(store.view.lastSeq).toBe(0);
    frame();
    expect(heard).toHaveBeenCalledTimes(1);
    expect(store.view.lastSeq).toBe(1000);
    expect(store.view.logs).toHaveLength(1000);
  });

  it('keeps early events, asks once for what is missing, and shows all in order when it comes', () => {
    const { store, frame, requestAfter } = makeStore();
    store.push([line(1), line(3), line(4)]);
    frame();
    expect(requestAfter.mock.calls).toEqual([[1]]);
    store.push([line(5)]);
    frame();
    expect(requestAfter).toHaveBeenCalledTimes(1);
    store.push([line(2), line(3)]);
    frame();
    expect(store.view.lastSeq).toBe(5);
    expect(store.view.logs.map((entry) => entry.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(requestAfter).toHaveBeenCalledTimes(1);
  });

  it('asks again when the answer does not come', () => {
    const { store, frame, requestAfter, advance } = makeStore();
    store.push([line(2)]);
    frame();
    advance(1999);
    store.push([line(3)]);
    frame();
    expect(requestAfter).toHaveBeenCalledTimes(1);
    advance(1);
    store.push([line(4)]);
    frame();
    expect(requestAfter.mock.calls).toEqual([[0], [0]]);
  });

  it('a replay of what was seen changes nothing', () => {
    const { store, frame } = makeStore();
    store.push([line(1), line(2)]);
    frame();
    const heard = vi.fn();
    store.subscribe(heard);
    store.push([line(1), line(2)]);
    frame();
    expect(heard).not.toHaveBeenCalled();
    expect(store.view.logs).toHaveLength(2);
  });

  it('a progress event moves its own training only', () => {
    const { store, frame } = makeStore();
    const other = { ...spec, id: 'LSTM.fwd_ret_1d.all', family: 'LSTM' } as const;
    store.push([
      logged(1, { kind: 'run.planned', trainings: [spec, other], folds: [], summary: [] }),
      logged(2, { kind: 'training.started', training: spec.id, pid: 7, threads: 2 }),
    ]);
    frame();
    const before = { run: store.revision('run'), results: store.revision('results') };
    const own = store.revision(`training:${spec.id}`);
    store.push([
      logged(3, {
        kind: 'training.progress',
        training: spec.id,
        progress: {
          phase: 'training',
          fold: 0,
          folds: 3,
          step: 1,
          totalSteps: 30,
          trainLoss: 0.9,
          validationLoss: 1,
          bestStep: 1,
          bestValidationLoss: 1,
          rowsPerSecond: null,
          elapsedMs: 10,
          etaMs: null,
          rssBytes: 1,
          threads: 1,
        },
      }),
    ]);
    frame();
    expect(store.revision(`training:${spec.id}`)).toBe(own + 1);
    expect(store.revision(`training:${other.id}`)).toBe(0);
    expect({ run: store.revision('run'), results: store.revision('results') }).toEqual(before);
    expect(store.view.trainings.get(spec.id)?.losses).toHaveLength(1);
  });

  it('says which event it could not make sense of and goes on with the next', () => {
    const { store, frame } = makeStore();
    store.push([
      logged(1, { kind: 'stage.ended', stage: 'cpu' }),
      logged(2, { kind: 'stage.ended', stage: 'cpu' }),
      line(3),
    ]);
    frame();
    expect(store.fault).toContain('event 2');
    expect(store.view.lastSeq).toBe(3);
  });

  it('forgets its frame when it is disposed of', () => {
    const { store, frames } = makeStore();
    store.push([line(1)]);
    store.dispose();
    expect(frames).toHaveLength(0);
  });
});
