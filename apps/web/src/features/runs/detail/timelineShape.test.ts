import { emptyRunView, type RunView, type TrainingView } from '@twostage/core/runs/view';
import { describe, expect, it } from 'vitest';
import { tickLabel, timelineShape, timeTicks } from './timelineShape.ts';

const training = (id: string, part: Partial<TrainingView>): TrainingView => ({
  spec: { id, family: 'MLP', target: 't', scope: { kind: 'crossSectional' }, stage: 'gpu' },
  state: 'pending',
  progress: null,
  losses: [],
  folds: [],
  outcome: null,
  startedAt: null,
  endedAt: null,
  seconds: null,
  peakRssBytes: null,
  pid: null,
  ...part,
});
const viewOf = (part: Partial<RunView>): RunView => ({ ...emptyRunView(), ...part });

describe('timelineShape', () => {
  it('is nothing before the run begins', () => expect(timelineShape(emptyRunView(), 5)).toBeNull());

  it('lets what runs end now, and what waits have no bar', () => {
    const shape = timelineShape(
      viewOf({
        startedAt: 1000,
        stages: {
          cpu: { state: 'done', startedAt: 2000, endedAt: 4000 },
          gpu: { state: 'running', startedAt: 4100, endedAt: null },
        },
        trainings: new Map([
          ['a', training('a', { state: 'completed', startedAt: 2000, endedAt: 4000 })],
          ['b', training('b', { state: 'running', startedAt: 4100 })],
          ['c', training('c', {})],
        ]),
      }),
      9000,
    )!;
    expect(shape.bars.map(({ start, end }) => [start, end])).toEqual([
      [2000, 4000],
      [4100, 9000],
      [null, null],
    ]);
    expect(shape).toMatchObject({ start: 1000, end: 9000, barrierAt: 4000 });
    expect(shape.stages).toEqual([
      { stage: 'cpu', start: 2000, end: 4000 },
      { stage: 'gpu', start: 4100, end: 9000 },
    ]);
  });

  it('stops growing when the run has ended', () => {
    expect(timelineShape(viewOf({ startedAt: 1000, endedAt: 5000 }), 99_000)!.end).toBe(5000);
  });
});

describe('time axis', () => {
  it('takes the smallest round step that fits', () => {
    expect(timeTicks(9500, 5)).toEqual([0, 2000, 4000, 6000, 8000]);
    expect(timeTicks(3_600_000, 6)).toHaveLength(7);
    expect(timeTicks(10 * 86_400_000, 5)).toHaveLength(6);
  });
  it('writes offsets shortly', () => {
    expect([0, 45_000, 150_000, 3_900_000].map(tickLabel)).toEqual(['0 s', '45 s', '2:30', '1:05:00']);
  });
});
