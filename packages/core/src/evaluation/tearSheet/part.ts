import type { Panel, RowIndices } from '../../panel/panel.ts';
import type { Figure, FigureInput } from '../../runs/figures.ts';
import { thinIndices } from '../../runs/thin.ts';
import type { Estimate } from '../estimate.ts';
import type { TradeResult } from '../portfolio/tradeScores.ts';
import type { Uncertainty } from '../uncertainty.ts';

export interface TearSheetInput {
  readonly panel: Panel;
  /** What was forecast, for titles. */
  readonly targetName: string;
  /** [panel.rows]; NaN = not known. */
  readonly target: Float64Array;
  /** Rows of all test blocks, in time order. */
  readonly rows: RowIndices;
  /** [rows]; NaN = none. */
  readonly scores: Float64Array;
  /** What the scores are: forecasts in the target's unit, or positions in [-1, 1]. */
  readonly kind: 'forecasts' | 'positions';
  /** [rows], mean target of the training rows. */
  readonly trainMean: number | Float64Array;
  readonly labelBars: number;
  /** Groups of a bar's scores; as many as symbols where those are fewer. */
  readonly quantiles: number;
  /** [rows], of a rise, where the target is a direction; NaN = none. */
  readonly probabilities?: Float64Array;
  /** [rows], which model scored each; one where absent. */
  readonly blocks?: ArrayLike<number>;
  /** Of the scores, where they are forecasts that say how sure they are. */
  readonly uncertainty?: Uncertainty;
  /** What trading on the scores earned; null where nothing can be traded. */
  readonly trade: TradeResult | null;
}

/** Some figures of a tear sheet, and why others are not among them. */
export interface Part {
  readonly figures: readonly FigureInput[];
  readonly notes: readonly string[];
}

export const noFigure = (note: string): Part => ({ figures: [], notes: [note] });

/** Points of a line: enough for a card of the page, a third of what a figure may hold. */
const linePoints = 200;

/** Lines over bars, thinned together. @param always places that must not be thinned away */
export function timeLines(
  times: ArrayLike<number>,
  bars: ArrayLike<number>,
  lines: readonly { readonly name: string; readonly values: ArrayLike<number> }[],
  always: readonly number[] = [],
): Extract<FigureInput, { kind: 'lines' }>['series'] {
  const places = [...new Set([...thinIndices(bars.length, linePoints), ...always])].sort((a, b) => a - b);
  const x = places.map((i) => times[bars[i]!]!);
  return lines.map(({ name, values }) => ({
    name,
    x,
    y: places.map((i) => (Number.isFinite(values[i]!) ? values[i]! : null)),
  }));
}

/** Bars of those estimates that have a value. */
export const barsOfEstimates = (
  estimates: readonly (Estimate & { readonly label: string })[],
): Extract<FigureInput, { kind: 'bars' }>['items'] =>
  estimates.flatMap(({ label, value, standardError }) =>
    value === null ? [] : [{ label, value, ...(standardError !== null && { error: standardError }) }],
  );

/** Six digits: more than a screen shows, and a third of the bytes. Whole numbers, such as times, stay as they are. */
export function rounded(figure: Figure): Figure {
  const round = (value: unknown): unknown => {
    if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(6));
    if (Array.isArray(value)) return value.map(round);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, round(inner)]));
  };
  return round(figure) as Figure;
}
