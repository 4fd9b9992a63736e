import { describe, expect, it } from 'vitest';
import { type LoggedEvent, loggedEventSchema, type Progress, type QualityReport, type RunEvent } from './events.ts';
import type { Selection } from './selection.ts';
import type { FoldResult, TrainingSpec } from './training.ts';
import { applyEvent, emptyRunView, type RunView } from './view.ts';

const spec: TrainingSpec = {
  id: 'LightGBM.fwd_ret_1d.all',
  family: 'LightGBM',
  target: 'fwd_ret_1d',
  scope: { kind: 'crossSectional' },
  stage: 'cpu',
};
const training = spec.id;
const quality: QualityReport = {
  rows: 1,
  bars: 1,
  symbols: 1,
  start: '2020-01-01T00:00:00.000Z',
  end: '2020-01-01T00:00:00.000Z',
  interval: '1d',
  bySymbol: [],
  findings: [],
  notes: [],
};
const progress = (overrides: Partial<Progress> = {}): Progress => ({
  phase: 'training',
  fold: 0,
  folds: 2,
  step: 1,
  totalSteps: 10,
  trainLoss: 1,
  validationLoss: 2,
  bestStep: 1,
  bestValidationLoss: 2,
  rowsPerSecond: 100,
  elapsedMs: 5,
  etaMs: 10,
  rssBytes: 1e6,
  threads: 1,
  ...overrides,
});
const foldResult: FoldResult = {
  fold: 0,
  trainRows: 10,
  validationRows: 5,
  testRows: 5,
  testStart: 0,
  testEnd: 1,
  bestStep: 3,
  bestValidationLoss: 0.5,
  seconds: 1,
  metrics: {
    rows: 5,
    bars: 5,
    icKind: 'crossSectional',
    ic: 0.1,
    rankIc: null,
    icir: null,
    icT: null,
    mse: 1,
    mae: 1,
    r2: 0,
    hitRate: 0.5,
  },
};

const state = (
  to: Extract<RunEvent, { kind: 'run.stateChanged' }>['state'],
  reason: string | null = null,
): RunEvent => ({
  kind: 'run.stateChanged',
  state: to,
  reason,
  runner: to === 'preparing' ? 'runner-1' : null,
});
const selection: Selection = {
  target: 'fwd_ret_1d',
  trials: 1,
  bars: 100,
  effectiveTrials: 1,
  expectedMaximum: 0,
  ranking: [{ training, netSharpe: 0.8, deflated: 0.7 }],
  overfitting: null,
  notes: ['one trial alone'],
};
const planned: RunEvent = {
  kind: 'run.planned',
  trainings: [spec],
  folds: [],
  summary: ['🎯 Sequential mode'],
};
const started: RunEvent = { kind: 'training.started', training, pid: 42, threads: 2 };
const beginning: RunEvent[] = [
  state('queued'),
  state('preparing'),
  {
    kind: 'run.prepared',
    dataset: { id: 'x', rows: 1, bars: 1, symbols: ['A'], features: ['f'], targets: ['fwd_ret_1d'] },
    quality,
  },
  planned,
  state('running'),
  { kind: 'stage.started', stage: 'cpu' },
  started,
];

/** Numbers the events 1, 2, 3 …, at 1000, 2000, 3000 … ms, each checked against the schema, and folds them. */
function fold(events: readonly RunEvent[], view: RunView = emptyRunView()): RunView {
  for (const event of events) {
    const seq = view.lastSeq + 1;
    const logged: LoggedEvent = loggedEventSchema.parse({ runId: 'r', seq, at: seq * 1000, event });
    expect(applyEvent(view, logged)).toBe(true);
  }
  return view;
}
const trainingOf = (view: RunView) => view.trainings.get(training)!;

describe('a run, event by event', () => {
  it('shows a run from queued to completed', () => {
    const view = fold([
      ...beginning,
      { kind: 'training.progress', training, progress: progress() },
      { kind: 'training.foldEnded', training, result: foldResult },
      { kind: 'log', training: null, stream: 'runner', line: 'hello' },
      {
        kind: 'training.ended',
        training,
        outcome: {
          kind: 'completed',
          result: { metrics: foldResult.metrics, folds: [foldResult], artifacts: [], device: 'cpu', notes: [] },
        },
        seconds: 12,
        peakRssBytes: 99,
      },
      { kind: 'stage.ended', stage: 'cpu' },
      { kind: 'stage.started', stage: 'gpu' },
      { kind: 'stage.ended', stage: 'gpu' },
      { kind: 'run.judged', selections: [selection] },
      state('completed'),
    ]);
    expect(view).toMatchObject({
      selections: [selection],
      state: 'completed',
      runner: 'runner-1',
      startedAt: 2000,
      endedAt: 16_000,
      summary: ['🎯 Sequential mode'],
      dataset: { id: 'x' },
      quality,
      stages: { cpu: { state: 'done', startedAt: 6000, endedAt: 12_000 }, gpu: { state: 'done', startedAt: 13_000 } },
      logs: [{ seq: 10, at: 10_000, training: null, stream: 'runner', line: 'hello' }],
    });
    expect(trainingOf(view)).toMatchObject({
      state: 'completed',
      pid: 42,
      startedAt: 7000,
      endedAt: 11_000,
      seconds: 12,
      peakRssBytes: 99,
      losses: [{ fold: 0, step: 1, trainLoss: 1, validationLoss: 2 }],
      folds: [foldResult],
      outcome: { kind: 'completed' },
    });
  });

  it('plots a loss for each training step, and none while loading, predicting or before the first step', () => {
    const reports = [
      progress({ phase: 'loading', step: 0 }),
      progress({ step: 0 }),
      progress({ step: 1 }),
      progress({ step: 2, validationLoss: null }),
      progress({ phase: 'predicting', step: 2 }),
      progress({ fold: 1, step: 1 }),
    ];
    const view = fold([
      ...beginning,
      ...reports.map((each): RunEvent => ({ kind: 'training.progress', training, progress: each })),
    ]);
    expect(trainingOf(view).losses.map((point) => [point.fold, point.step, point.validationLoss])).toEqual([
      [0, 1, 2],
      [0, 2, null],
      [1, 1, 2],
    ]);
    expect(trainingOf(view).progress).toMatchObject({ fold: 1, step: 1 });
  });

  it('plots steps that were too quick to be told by themselves, before the one that brought them', () => {
    const earlier = [3, 5].map((step) => ({ fold: 0, step, trainLoss: 1 / step, validationLoss: null }));
    const brought = progress({ fold: 1, step: 1, earlier });
    const view = fold([...beginning, { kind: 'training.progress', training, progress: brought }]);
    expect(trainingOf(view).losses.map((point) => [point.fold, point.step])).toEqual([
      [0, 3],
      [0, 5],
      [1, 1],
    ]);
    expect(trainingOf(view).progress).not.toHaveProperty('earlier');
  });

  it('begins a training anew after its runner vanished', () => {
    const view = fold([
      ...beginning,
      { kind: 'training.progress', training, progress: progress() },
      { kind: 'training.foldEnded', training, result: foldResult },
      { kind: 'training.requeued', training, reason: 'the runner vanished' },
      state('queued', 'the runner vanished; queued again'),
    ]);
    expect(view).toMatchObject({ state: 'queued', reason: 'the runner vanished; queued again', endedAt: null });
    expect(trainingOf(view)).toMatchObject({
      state: 'pending',
      losses: [],
      folds: [],
      progress: null,
      startedAt: null,
    });
    fold([state('preparing'), planned, state('running'), { kind: 'stage.started', stage: 'cpu' }, started], view);
    expect(view.trainings.size).toBe(1);
    expect(view.startedAt).toBe(2000);
    expect(view.stages.cpu).toMatchObject({ state: 'running', startedAt: 6000 });
    expect(trainingOf(view)).toMatchObject({ state: 'running', startedAt: 16_000, losses: [] });
  });

  it('keeps the end of a training that is planned a second time', () => {
    const ended: RunEvent = {
      kind: 'training.ended',
      training,
      outcome: { kind: 'cancelled' },
      seconds: 1,
      peakRssBytes: null,
    };
    const view = fold([...beginning, ended, state('queued'), state('preparing'), planned]);
    expect(trainingOf(view)).toMatchObject({ state: 'cancelled', outcome: { kind: 'cancelled' } });
  });

  it('keeps the last log lines only', () => {
    const line = (i: number): RunEvent => ({ kind: 'log', training, stream: 'stdout', line: String(i) });
    const view = fold([...beginning, ...Array.from({ length: 6500 }, (_, i) => line(i))]);
    expect(view.logs.length).toBeLessThanOrEqual(6000);
    expect(view.logs.length).toBeGreaterThanOrEqual(5000);
    expect(view.logs.at(-1)!.line).toBe('6499');
  });
});

describe('the order of events', () => {
  const logged = (seq: number, event: RunEvent): LoggedEvent => ({ runId: 'r', seq, at: 0, event });

  it('ignores what was seen and asks again where one is missing', () => {
    const view = emptyRunView();
    expect(applyEvent(view, logged(1, state('queued')))).toBe(true);
    expect(applyEvent(view, logged(3, state('running')))).toBe(false);
    expect(view).toMatchObject({ lastSeq: 1, state: 'queued' });
    expect(applyEvent(view, logged(2, state('preparing')))).toBe(true);
    expect(applyEvent(view, logged(2, state('preparing')))).toBe(true);
    expect(applyEvent(view, logged(3, state('running')))).toBe(true);
    expect(view).toMatchObject({ lastSeq: 3, state: 'running' });
  });

  it('gives the same view however often it is replayed', () => {
    const once = fold(beginning);
    const twice = fold(beginning);
    beginning.forEach((event, i) => {
      applyEvent(twice, logged(i + 1, event));
    });
    expect(twice).toEqual(once);
  });

  it('refuses an illegal change and a training that no plan holds', () => {
    expect(() => fold([state('queued'), state('completed')])).toThrow(
      expect.objectContaining({ code: 'ILLEGAL_TRANSITION' }),
    );
    expect(() => fold([state('queued'), started])).toThrow(/the training "LightGBM\.fwd_ret_1d\.all"/);
  });
});
