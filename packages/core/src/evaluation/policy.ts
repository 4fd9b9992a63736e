import { DomainError } from '../errors.ts';
import type { Panel, RowIndices } from '../panel/panel.ts';
import type { PolicyMetrics } from '../runs/training.ts';
import { sharpeRatio } from './portfolio/sharpe.ts';

export interface BookInput {
  readonly panel: Panel;
  /** [panel.rows], return earned by a position of 1 over the label's whole window; NaN = not known. */
  readonly target: Float64Array;
  /** In time order. */
  readonly rows: RowIndices;
  /** [rows], in [-1, 1]; NaN = none: the row is left out. */
  readonly positions: Float64Array;
  /** Bars ahead that the label looks, the entry lag of one bar included. */
  readonly labelBars: number;
  readonly costBasisPoints: number;
}

/** The book, bar by bar: equal weight to every symbol that has a position there. */
export interface Book {
  /** [bars traded], index into the panel's calendar. */
  readonly bars: Uint32Array;
  /** [bars traded], before and after costs. */
  readonly gross: Float64Array;
  readonly net: Float64Array;
  /** Mean |change of position| a row; null without rows. */
  readonly turnover: number | null;
}

/** Bars over which one label is earned: `labelBars` less the bar between signal and entry. */
export const holdingBars = (labelBars: number): number => Math.max(1, labelBars - 1);

/**
 * What positions would have earned. A position held from one bar to the next earns its label's return divided by the label's
 * length in bars, so that overlapping labels are not counted several times; a change of position costs
 * `costBasisPoints` of what is changed. Each symbol starts from no position at its first row.
 * @throws DomainError SHAPE_MISMATCH
 */
export function keepBook({ panel, target, rows, positions, labelBars, costBasisPoints }: BookInput): Book {
  if (positions.length !== rows.length || target.length !== panel.rows) {
    const lengths = `${positions.length} and ${target.length}`;
    throw new DomainError(
      'SHAPE_MISMATCH',
      `expected ${rows.length} positions and ${panel.rows} returns, got ${lengths}`,
    );
  }
  const cost = costBasisPoints / 10_000;
  const length = holdingBars(labelBars);
  const held = new Float64Array(panel.symbols.length);
  const bars: number[] = [];
  const [gross, net]: [number[], number[]] = [[], []];
  let [traded, count] = [0, 0];
  for (let i = 0; i < rows.length; ) {
    const bar = panel.barOf[rows[i]!]!;
    let [earned, paid, inBar] = [0, 0, 0];
    for (; i < rows.length && panel.barOf[rows[i]!] === bar; i++) {
      const row = rows[i]!;
      const position = positions[i]!;
      if (Number.isNaN(position) || !Number.isFinite(target[row]!)) continue;
      const symbol = panel.symbolOf[row]!;
      const change = Math.abs(position - held[symbol]!);
      earned += (position * target[row]!) / length;
      paid += cost * change;
      traded += change;
      held[symbol] = position;
      inBar++;
    }
    if (inBar === 0) continue;
    bars.push(bar);
    gross.push(earned / inBar);
    net.push((earned - paid) / inBar);
    count += inBar;
  }
  return {
    bars: Uint32Array.from(bars),
    gross: Float64Array.from(gross),
    net: Float64Array.from(net),
    turnover: count > 0 ? traded / count : null,
  };
}

/** `sharpeRatio` × √ bars a year; null where it is not defined. */
export function annualisedSharpe(returns: Float64Array, barsPerYear = 252): number | null {
  const { value } = sharpeRatio(returns);
  return value === null ? null : value * Math.sqrt(barsPerYear);
}

/** Figures of a policy over one test block, or over all of them pooled. @throws DomainError SHAPE_MISMATCH */
export function evaluatePolicy(input: BookInput): PolicyMetrics {
  const { gross, net, turnover } = keepBook(input);
  return {
    netSharpe: annualisedSharpe(net),
    grossSharpe: annualisedSharpe(gross),
    turnover,
    costBasisPoints: input.costBasisPoints,
  };
}
