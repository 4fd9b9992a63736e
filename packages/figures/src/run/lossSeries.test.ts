import type { LossPoint } from '@twostage/core/runs/events';
import type { TrainingView } from '@twostage/core/runs/view';
import { describe, expect, it } from 'vitest';
import { foldsWithLosses, lossTable, overlayLines, relativeLines, trainingLines } from './lossSeries.ts';

const training = (family: 'MLP' | 'LightGBM', losses: LossPoint[]): TrainingView => ({
  spec: { id: `${family}.t.all`, family, target: 't', scope: { kind: 'crossSectional' }, stage: 'cpu' },
  state: 'running',
  progress: null,
  losses,
  folds: [],
  outcome: null,
  startedAt: 0,
  endedAt: null,
  seconds: null,
  peakRssBytes: null,
  pid: 1,
});
const point = (fold: number, step: number, trainLoss: number | null, validationLoss: number | null): LossPoint => ({
  fold,
  step,
  trainLoss,
  validationLoss,
});

describe('loss lines', () => {
  it('takes one fold and leaves out what is not known', () => {
    const lines = trainingLines(
      training('MLP', [
        point(0, 1, 9, 8),
        point(1, 1, 0.9, null),
        point(1, 2, 0.8, 0.85),
        point(1, 3, Number.NaN, 0.8),
      ]),
      1,
      0,
    );
    expect(lines.map((line) => line.points)).toEqual([
      [
        { step: 1, loss: 0.9 },
        { step: 2, loss: 0.8 },
      ],
      [
        { step: 2, loss: 0.85 },
        { step: 3, loss: 0.8 },
      ],
    ]);
  });

  it('a fold begun again replaces the steps it repeats', () => {
    const [train] = trainingLines(training('MLP', [point(0, 1, 5, 5), point(0, 2, 4, 4), point(0, 1, 3, 3)]), 0, 0);
    expect(train!.points).toEqual([{ step: 1, loss: 3 }]);
  });

  it('overlays validation, or training where a family keeps no validation loss, with colours of the plan', () => {
    const lines = overlayLines(
      [training('MLP', []), training('LightGBM', [point(0, 1, 1, 2)]), training('MLP', [point(0, 1, 3, null)])],
      0,
    );
    expect(lines.map((line) => [line.kind, line.color, line.points[0]!.loss])).toEqual([
      ['validation', 1, 2],
      ['train', 2, 3],
    ]);
  });

  it('joins lines over all steps with null where one has no value', () => {
    const lines = overlayLines(
      [
        training('MLP', [point(0, 1, 1, 1), point(0, 5, 1, 0.5)]),
        training('LightGBM', [point(0, 2, 1, 2), point(0, 5, 1, 1.5)]),
      ],
      0,
    );
    expect(lossTable(lines, false)).toEqual({
      steps: [1, 2, 5],
      losses: [
        [1, null, 0.5],
        [null, 2, 1.5],
      ],
    });
  });

  it('puts each line over its first value; a line that begins at zero has none', () => {
    const lines = relativeLines(
      overlayLines(
        [training('MLP', [point(0, 1, 1, 4), point(0, 2, 1, 2)]), training('LightGBM', [point(0, 1, 1, 0)])],
        0,
      ),
    );
    expect(lines.map((line) => line.points.map(({ loss }) => loss))).toEqual([[1, 0.5], []]);
  });

  it('keeps from a logarithmic axis what it cannot show', () => {
    const lines = trainingLines(training('MLP', [point(0, 1, -1, 0), point(0, 2, 0.1, 0.2)]), 0, 0);
    expect(lossTable(lines, true).losses).toEqual([
      [null, 0.1],
      [null, 0.2],
    ]);
  });

  it('knows the folds that have something to show', () => {
    expect(foldsWithLosses([training('MLP', [point(2, 1, 1, 1)]), training('MLP', [point(0, 1, 1, 1)])])).toEqual([
      0, 2,
    ]);
  });
});
