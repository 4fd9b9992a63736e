import type { Panel } from '../panel/panel.ts';

/**
 * Labels as they become known: that of `row` at the close of `bar` of the calendar; NaN before it is realised, and where it
 * never is.
 */
export type RealisedLabels = (row: number, bar: number) => number;

/** Bar of the calendar at whose close a row's label is known: that of the symbol's own row `labelBars` further on. */
export function labelEndBar(panel: Pick<Panel, 'rows' | 'symbolOf' | 'barOf'>, row: number, labelBars: number): number {
  const end = row + labelBars;
  const known = end < panel.rows && panel.symbolOf[end] === panel.symbolOf[row];
  return known ? panel.barOf[end]! : panel.barOf[row]! + labelBars;
}

/** @param target [panel.rows]; NaN = not known */
export function realisedLabels(panel: Panel, target: Float64Array, labelBars: number): RealisedLabels {
  return (row, bar) => (labelEndBar(panel, row, labelBars) <= bar ? target[row]! : Number.NaN);
}
