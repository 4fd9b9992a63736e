import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { figureSchema } from '../runs/figures.ts';
import { type Metrics, pathMetricsSchema } from '../runs/training.ts';
import { pathMetrics } from './pathFigures.ts';
import { pathFigures } from './tearSheet/pathPart.ts';
import { expectClose } from './testing/expectClose.ts';

interface PathsCase {
  ic: number[];
  icError: number[];
  netSharpe: number[];
  netSharpeError: number[];
  expected: object;
}
const golden = JSON.parse(readFileSync(new URL('./golden/validation.json', import.meta.url), 'utf8')) as {
  paths: Record<string, PathsCase>;
};

const metricsOf = ({ ic, icError, netSharpe, netSharpeError }: PathsCase): Metrics[] =>
  ic.map(
    (value, i) =>
      ({
        ...{ ic: value, standardErrors: { ic: icError[i] } },
        portfolio: { netSharpe: netSharpe[i], netSharpeError: netSharpeError[i] },
      }) as unknown as Metrics,
  );

describe('the distribution of backtest paths', () => {
  it.each(Object.entries(golden.paths))('is numpy’s, of %s', (_, given) => {
    const found = pathMetrics(metricsOf(given));
    expectClose(found, given.expected);
    expect(found.ic.values).toEqual(given.ic);
    expect(pathMetricsSchema.parse(found)).toEqual(found);
    const figures = pathFigures(found).map((figure) => figureSchema.parse(figure));
    const drawing = given.ic.length > 20 ? 'histogram' : 'bars';
    expect(figures.map(({ kind }) => kind)).toEqual(['table', drawing, drawing]);
    for (const figure of figures)
      if (figure.kind === 'histogram')
        expect(figure.counts.reduce((sum, count) => sum + count, 0)).toBe(given.ic.length);
  });

  it('has no figure where no path has one, and leaves out a path that has none', () => {
    const none = { ic: null } as Metrics;
    const [known] = metricsOf({ ic: [0.1], icError: [0.05], netSharpe: [1], netSharpeError: [0.4], expected: {} });
    const found = pathMetrics([none, known!, none]);
    expect(found).toMatchObject({ shown: 1, ic: { mean: 0.1, deviation: null, low: 0.1, values: [null, 0.1, null] } });
    expect(pathMetrics([none]).netSharpe).toMatchObject({ mean: null, belowZero: null, values: [null] });
    expect(pathFigures(pathMetrics([none]))).toHaveLength(1);
  });
});
