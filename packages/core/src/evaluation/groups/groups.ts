import type { Panel, RowIndices } from '../../panel/panel.ts';
import type { Metrics } from '../../runs/training.ts';
import { type EvaluationInput, evaluate } from '../evaluate.ts';
import { valuesAt } from '../pairs.ts';
import type { BarRegimes } from './volatilityRegimes.ts';

/** Places in a list (of rows, or of a series of bars) that belong together, ascending: time order stays. */
export interface Group {
  readonly label: string;
  readonly positions: Uint32Array;
}

/** Groups in the order of the panel's symbols; symbols without a row are left out. */
export function bySymbol(panel: Panel, rows: RowIndices): Group[] {
  return groupsOf(rows.length, panel.symbols, (i) => panel.symbolOf[rows[i]!]!);
}

/**
 * Groups by calendar month (UTC), `2024-03`, in time order.
 * @param times [bars of the calendar], epoch milliseconds
 * @param bars [places], ascending: of rows `barsOf`, of a portfolio its `bars`
 */
export function byMonth(times: ArrayLike<number>, bars: ArrayLike<number>): Group[] {
  const labels: string[] = [];
  const monthOfBar = new Map<number, number>();
  const monthAt = (i: number) => {
    const bar = bars[i]!;
    const known = monthOfBar.get(bar);
    if (known !== undefined) return known;
    const label = new Date(times[bar]!).toISOString().slice(0, 7);
    if (labels.at(-1) !== label) labels.push(label);
    monthOfBar.set(bar, labels.length - 1);
    return labels.length - 1;
  };
  const months = Uint32Array.from({ length: bars.length }, (_, i) => monthAt(i));
  return groupsOf(bars.length, labels, (i) => months[i]!);
}

/** Groups in the order of the regimes' names; bars whose regime is not known are in none. @param bars [places] */
export function byRegime(regimes: BarRegimes, bars: ArrayLike<number>): Group[] {
  return groupsOf(bars.length, regimes.names, (i) => regimes.of[bars[i]!]!);
}

/** [rows], the bar of each. */
export function barsOf(panel: Panel, rows: RowIndices): Uint32Array {
  return rows.map((row) => panel.barOf[row]!);
}

/** Any figure, group by group: `metric` gets the places of each. */
export function breakDown<T>(
  groups: readonly Group[],
  metric: (positions: Uint32Array) => T,
): { label: string; value: T }[] {
  return groups.map(({ label, positions }) => ({ label, value: metric(positions) }));
}

/**
 * `evaluate` of each group of rows. Within a group bars that are apart in time count as neighbours in standard errors.
 * @throws DomainError SHAPE_MISMATCH
 */
export function evaluateGroups(input: EvaluationInput, groups: readonly Group[]): { label: string; value: Metrics }[] {
  const { rows, predictions, trainMean } = input;
  return breakDown(groups, (positions) =>
    evaluate({
      ...input,
      rows: positions.map((i) => rows[i]!),
      predictions: valuesAt(predictions, positions),
      trainMean: typeof trainMean === 'number' ? trainMean : valuesAt(trainMean, positions),
    }),
  );
}

function groupsOf(count: number, labels: readonly string[], groupAt: (i: number) => number): Group[] {
  const sizes = new Uint32Array(labels.length);
  for (let i = 0; i < count; i++) if (groupAt(i) >= 0) sizes[groupAt(i)]!++;
  const members = Array.from(sizes, (size) => new Uint32Array(size));
  const filled = new Uint32Array(labels.length);
  for (let i = 0; i < count; i++) {
    const group = groupAt(i);
    if (group >= 0) members[group]![filled[group]!++] = i;
  }
  return labels
    .map((label, group) => ({ label, positions: members[group]! }))
    .filter(({ positions }) => positions.length > 0);
}
