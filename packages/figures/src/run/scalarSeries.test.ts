import type { LossPoint } from '@twostage/core/runs/events';
import { describe, expect, it } from 'vitest';
import { scalarCharts, scalarLines } from './scalarSeries.ts';

const spec = { id: 'x', family: 'MLP', target: 't', scope: { kind: 'crossSectional' }, stage: 'gpu' } as const;
const point = (fold: number, step: number, scalars?: Record<string, number>): LossPoint => ({
  fold,
  step,
  trainLoss: 1,
  validationLoss: 1,
  ...(scalars && { scalars }),
});
const linesOf = (...losses: LossPoint[]) => scalarLines({ spec, losses }, 0);

describe('curves beside the loss', () => {
  it('are of one fold, by name, without what is not a number', () => {
    const lines = linesOf(
      point(0, 1, { kl: 0.1, reconstruction: 2 }),
      point(1, 1, { kl: 9 }),
      point(0, 2, { kl: 0.2, reconstruction: Number.NaN }),
      point(0, 3),
    );
    expect(lines.map(({ label, points }) => [label, points.map(({ step, loss }) => [step, loss])])).toEqual([
      [
        'kl',
        [
          [1, 0.1],
          [2, 0.2],
        ],
      ],
      ['reconstruction', [[1, 2]]],
    ]);
  });

  it('a fold begun again replaces its steps', () => {
    const [kl] = linesOf(point(0, 1, { kl: 1 }), point(0, 2, { kl: 2 }), point(0, 1, { kl: 3 }));
    expect(kl!.points).toEqual([{ step: 1, loss: 3 }]);
  });

  it('share an axis where their magnitudes allow it', () => {
    const lines = linesOf(point(0, 1, { generator: 0.7, BIC: -5400, discriminator: 1.4, nothing: 0, turnover: 0.01 }));
    expect(scalarCharts(lines).map((chart) => chart.map(({ label }) => label))).toEqual([
      ['nothing', 'turnover'],
      ['generator', 'discriminator'],
      ['BIC'],
    ]);
    expect(scalarCharts([])).toEqual([]);
  });
});
