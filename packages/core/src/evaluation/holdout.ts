import type { Panel } from '../panel/panel.ts';
import { labelEndBar } from './realisedLabels.ts';

/**
 * A panel as the folds may see it: no close of a bar of the holdout is known. Its features stay, since no fold has a row there.
 * @param bar the holdout's first
 */
export function closesBefore(panel: Panel, bar: number): Panel {
  return { ...panel, close: panel.close.map((close, row) => (panel.barOf[row]! < bar ? close : Number.NaN)) };
}

/** Labels that are known before a bar; NaN where they end on it or later. @param target [panel.rows] */
export function labelsBefore(
  panel: Pick<Panel, 'rows' | 'symbolOf' | 'barOf'>,
  target: Float64Array,
  labelBars: number,
  bar: number,
): Float64Array {
  return target.map((value, row) => (labelEndBar(panel, row, labelBars) < bar ? value : Number.NaN));
}
