import { type Figure, type FigureInput, figureSchema } from '@twostage/core/runs/figures';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { FigureCard } from './FigureCard.tsx';
import { figureTable, isEmptyFigure, tableCsv } from '@twostage/figures/drawings/figureTable';
import { exampleFigures } from '@twostage/figures/drawings/exampleFigures';
import { cellAfter, cellColor } from '@twostage/figures/drawings/heatmapCells';

const parse = (figure: FigureInput): Figure => figureSchema.parse(figure);
const render = (figure: FigureInput) => renderToStaticMarkup(<FigureCard figure={parse(figure)} />);
const kinds = figureSchema.options.map((option) => option.shape.kind.value);

describe('figures', () => {
  it('has an example of every kind', () => {
    expect(new Set(exampleFigures.map(({ kind }) => kind))).toEqual(new Set(kinds));
  });

  it.each(exampleFigures.map((figure) => [figure.kind, figure] as const))(
    '%s names itself and can be copied',
    (_, figure) => {
      const html = render(figure);
      expect(html).toContain(`aria-label="${figure.title}"`);
      expect(html).toContain(`Copy ${figure.title} as CSV`);
      expect(html).not.toContain('Nothing to draw');
      const { columns, rows } = figureTable(parse(figure));
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toHaveLength(columns.length);
    },
  );

  it('bars say how far off they may be, where that is known', () => {
    const bars = exampleFigures.find(({ title }) => title === 'IC by horizon')!;
    expect(render(bars)).toContain('± 0.012');
    expect(figureTable(parse(bars)).rows).toEqual([
      ['1 bar', 0.031, 0.012],
      ['5 bars', 0.012, 0.02],
      ['20 bars', -0.01, null],
    ]);
    expect(render(exampleFigures.find(({ title }) => title === 'Coefficients')!)).not.toContain('standard error');
  });

  const title = 'nothing';
  const empty: FigureInput[] = [
    { kind: 'bars', title, items: [] },
    { kind: 'lines', title, xLabel: 'x', yLabel: 'y', series: [{ name: 'a', x: [], y: [] }] },
    { kind: 'interval', title, symbol: 'A', nominal: 0.8, times: [], low: [], middle: [], high: [], observed: [] },
    { kind: 'calibration', title, nominal: [], observed: [] },
    { kind: 'histogram', title, xLabel: 'x', edges: [], counts: [] },
    { kind: 'regimes', title, symbol: 'A', times: [], close: [], names: [], state: [], posteriors: [] },
    { kind: 'heatmap', title, rows: [], columns: [], values: [] },
    { kind: 'table', title, columns: ['a'], rows: [] },
  ];
  it.each(empty.map((figure) => [figure.kind, figure] as const))('an empty %s says so', (_, figure) => {
    expect(render(figure)).toContain('Nothing to draw');
  });

  it('a price without breaks is still drawn: that is what was found', () => {
    const prices = { kind: 'breaks', title, symbol: 'A', times: [0, 1], close: [1, 2], breaks: [] } as const;
    expect(isEmptyFigure(parse(prices as unknown as FigureInput))).toBe(false);
  });

  it('copies what is not defined as an empty cell, and quotes what must be', () => {
    const csv = tableCsv({ columns: ['a, b', 'c'], rows: [['say "so"', null]] });
    expect(csv).toBe('"a, b",c\n"say ""so""",\n');
  });
});

describe('heatmap', () => {
  it('diverges from zero where values have both signs', () => {
    expect(cellColor(-1, -1, 2)).toBe('color-mix(in oklab, var(--series-2) 52%, var(--surface))');
    expect(cellColor(2, -1, 2)).toBe('color-mix(in oklab, var(--series-1) 100%, var(--surface))');
    expect(cellColor(5, 5, 9)).toBe('color-mix(in oklab, var(--series-1) 4%, var(--surface))');
    expect(cellColor(null, 0, 1)).toBe('var(--sunken)');
  });
  it('the arrow keys stay inside', () => {
    expect(cellAfter('ArrowDown', null, 2, 2)).toEqual({ row: 0, column: 0 });
    expect(cellAfter('ArrowUp', { row: 0, column: 1 }, 2, 2)).toEqual({ row: 0, column: 1 });
    expect(cellAfter('ArrowRight', { row: 0, column: 0 }, 2, 2)).toEqual({ row: 0, column: 1 });
    expect(cellAfter('Escape', { row: 0, column: 0 }, 2, 2)).toBeNull();
    expect(cellAfter('a', null, 2, 2)).toBeUndefined();
  });
});
