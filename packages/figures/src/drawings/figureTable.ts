import { assertNever } from '@twostage/core/errors';
import type { Figure } from '@twostage/core/runs/figures';
import { csv } from '../csv.ts';
import { day } from '../format.ts';

/** A figure's numbers as rows: for those who do not see it, and to take away. */
export interface FigureTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export function figureTable(figure: Figure): FigureTable {
  switch (figure.kind) {
    case 'bars':
      return figure.items.some(({ error }) => error !== undefined)
        ? {
            columns: ['Name', 'Value', 'Standard error'],
            rows: figure.items.map(({ label, value, error }) => [label, value, error ?? null]),
          }
        : { columns: ['Name', 'Value'], rows: figure.items.map(({ label, value }) => [label, value]) };
    case 'lines':
      return {
        columns: ['Series', figure.xLabel, figure.yLabel],
        rows: figure.series.flatMap(({ name, x, y }) =>
          x.map((at, i) => [name, figure.xKind === 'time' ? day(at) : at, y[i] ?? null]),
        ),
      };
    case 'interval':
      return {
        columns: ['Bar', 'Low', 'Forecast', 'High', 'Observed'],
        rows: figure.times.map((at, i) => [
          day(at),
          figure.low[i] ?? null,
          figure.middle[i] ?? null,
          figure.high[i] ?? null,
          figure.observed[i] ?? null,
        ]),
      };
    case 'calibration':
      return {
        columns: ['Nominal', 'Observed'],
        rows: figure.nominal.map((nominal, i) => [nominal, figure.observed[i] ?? null]),
      };
    case 'reliability':
      return {
        columns: ['Probability', 'Share that came', 'Standard error', 'Rows'],
        rows: figure.bins.map(({ forecast, observed, error, rows }) => [forecast, observed, error, rows]),
      };
    case 'histogram':
      return {
        columns: ['From', 'To', 'Count'],
        rows: figure.counts.map((count, i) => [figure.edges[i] ?? null, figure.edges[i + 1] ?? null, count]),
      };
    case 'regimes':
      return {
        columns: ['Bar', 'Close', 'Regime', ...figure.names],
        rows: figure.times.map((at, i) => {
          const state = figure.state[i] ?? null;
          return [
            day(at),
            figure.close[i] ?? null,
            state === null ? null : (figure.names[state] ?? null),
            ...figure.names.map((_, regime) => figure.posteriors[regime]?.[i] ?? null),
          ];
        }),
      };
    case 'breaks':
      return {
        columns: ['Break', 'Strength'],
        rows: figure.breaks.map(({ time, strength }) => [day(time), strength]),
      };
    case 'heatmap':
      return {
        columns: ['', ...figure.columns],
        rows: figure.rows.map((row, i) => [row, ...figure.columns.map((_, j) => figure.values[i]?.[j] ?? null)]),
      };
    case 'table':
      return { columns: figure.columns, rows: figure.rows };
    default:
      return assertNever(figure);
  }
}

/** Whether there is anything to draw. */
export function isEmptyFigure(figure: Figure): boolean {
  // A price without a break is a finding, not an empty picture.
  if (figure.kind === 'breaks') return figure.times.length === 0;
  return figureTable(figure).rows.length === 0;
}

export const tableCsv = ({ columns, rows }: FigureTable): string => csv([columns, ...rows]);
