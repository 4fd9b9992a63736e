import { DomainError } from '../../errors.ts';
import type { Panel, RowIndices } from '../../panel/panel.ts';
import { checkRows } from '../pairs.ts';
import { holdingBars } from '../policy.ts';

export interface PortfolioInput {
  readonly panel: Panel;
  /** In time order. */
  readonly rows: RowIndices;
  /** [rows], of the capital, as decided at each row's close. */
  readonly weights: Float64Array;
  /** [panel.rows], simple return since the symbol's row before, as `barReturns` gives; NaN = not known. */
  readonly returns: Float64Array;
  /** Bars ahead that the label looks: it is bought that many bars less `holdingBars` after the signal, and held for those. */
  readonly labelBars: number;
  /** Of everything bought or sold. */
  readonly costBasisPoints: number;
}

/** Bar by bar, from the close of the first purchase to that of the last sale. */
export interface Portfolio {
  /** [bars], index into the panel's calendar; all figures of a bar are known at its close. */
  readonly bars: Uint32Array;
  /** [bars], simple return on the capital before and after costs. */
  readonly gross: Float64Array;
  readonly net: Float64Array;
  /** [bars], Σ |bought or sold| at the bar's close, of the capital: turning a long-short portfolio of 1 + 1 over is 4. */
  readonly turnover: Float64Array;
  /** Holdings on a bar of which no return is known, e.g. of a symbol that misses it: they earned nothing there. */
  readonly missingReturns: number;
}

/**
 * What weights decided bar by bar earn when each decision is held for as long as its label looks: with labels over h bars the capital
 * is split into h sub-portfolios, of which one is sold and bought anew each bar (Jegadeesh & Titman 1993). So every bar's return
 * is one bar's market moves, not a share of an overlapping label, and its volatility is what an account would have seen.
 *
 * A sub-portfolio waits in cash before its first purchase. It keeps its weights while it is held: the trades that this takes inside h
 * bars are small and not counted. What is left at the calendar's last close is sold there.
 *
 * @throws DomainError SHAPE_MISMATCH, INVALID_INPUT for a label that looks no bar ahead
 */
export function keepPortfolio(input: PortfolioInput): Portfolio {
  check(input);
  const { panel, rows, weights, labelBars, costBasisPoints } = input;
  const length = holdingBars(labelBars);
  const lag = labelBars - length;
  const symbols = panel.symbols.length;
  const lastClose = panel.times.length - 1;
  const formed = new RecentWeights(labelBars + 1, symbols);
  const returnAt = returnReader(input);
  const held = new Float64Array(symbols);
  const kept = { bars: [] as number[], gross: [] as number[], net: [] as number[], turnover: [] as number[] };
  let [next, live, missingReturns] = [0, 0, 0];
  const first = rows.length > 0 ? panel.barOf[rows[0]!]! : 0;
  const last = rows.length > 0 ? Math.min(lastClose, panel.barOf[rows.at(-1)!]! + labelBars) : -1;
  for (let bar = first; bar <= last; bar++) {
    const own = formed.begin(bar);
    for (; next < rows.length && panel.barOf[rows[next]!] === bar; next++) {
      own[panel.symbolOf[rows[next]!]!] = weights[next]!;
      formed.note(bar);
    }
    let [earned, traded] = [0, 0];
    for (let symbol = 0; symbol < symbols; symbol++) {
      if (held[symbol] === 0) continue;
      const value = returnAt(symbol, bar);
      if (Number.isFinite(value)) earned += held[symbol]! * value;
      else missingReturns++;
    }
    const wasLive = live > 0;
    const bought = formed.at(bar - lag);
    const sold = formed.at(bar - labelBars);
    live += (bought ? 1 : 0) - (sold ? 1 : 0);
    for (let symbol = 0; symbol < symbols; symbol++) {
      const before = held[symbol]!;
      const change = bar === lastClose ? -before : ((bought?.[symbol] ?? 0) - (sold?.[symbol] ?? 0)) / length;
      traded += Math.abs(change);
      // What is left of a sum whose parts have all been taken off again is rounding, not a holding.
      held[symbol] = Math.abs(before + change) < 1e-12 ? 0 : before + change;
    }
    if (!wasLive && traded === 0) continue;
    kept.bars.push(bar);
    kept.gross.push(earned);
    kept.net.push(earned - (costBasisPoints / 10_000) * traded);
    kept.turnover.push(traded);
  }
  return {
    bars: Uint32Array.from(kept.bars),
    gross: Float64Array.from(kept.gross),
    net: Float64Array.from(kept.net),
    turnover: Float64Array.from(kept.turnover),
    missingReturns,
  };
}

function check({ panel, rows, weights, returns, labelBars }: PortfolioInput): void {
  if (weights.length !== rows.length || returns.length !== panel.rows) {
    throw new DomainError(
      'SHAPE_MISMATCH',
      `expected ${rows.length} weights and ${panel.rows} returns, got ${weights.length} and ${returns.length}`,
    );
  }
  if (labelBars < 1)
    throw new DomainError('INVALID_INPUT', `expected a label that looks 1 bar ahead or more, got ${labelBars}`);
  checkRows(panel, rows);
}

/** The weights decided on the last `count` bars, by bar. */
class RecentWeights {
  readonly #slots: Float64Array[];
  readonly #bars: Float64Array;
  constructor(count: number, symbols: number) {
    this.#slots = Array.from({ length: count }, () => new Float64Array(symbols));
    this.#bars = new Float64Array(count).fill(Number.NaN);
  }
  /** Empty weights for a bar; the oldest make way. */
  begin(bar: number): Float64Array {
    const slot = bar % this.#slots.length;
    this.#bars[slot] = Number.NaN;
    return this.#slots[slot]!.fill(0);
  }
  /** Something was decided on that bar. */
  note(bar: number): void {
    this.#bars[bar % this.#slots.length] = bar;
  }
  at(bar: number): Float64Array | null {
    if (bar < 0) return null;
    const slot = bar % this.#slots.length;
    return this.#bars[slot] === bar ? this.#slots[slot]! : null;
  }
}

/** Reads returns by symbol and bar, bars ascending: rows lie by symbol, so each symbol keeps its place. */
function returnReader({ panel, returns }: PortfolioInput): (symbol: number, bar: number) => number {
  const next = new Uint32Array(panel.symbols.length);
  for (let row = panel.rows - 1; row >= 0; row--) next[panel.symbolOf[row]!] = row;
  return (symbol, bar) => {
    let row = next[symbol]!;
    while (row < panel.rows && panel.symbolOf[row] === symbol && panel.barOf[row]! < bar) row++;
    next[symbol] = row;
    return panel.symbolOf[row] === symbol && panel.barOf[row] === bar ? returns[row]! : Number.NaN;
  };
}
