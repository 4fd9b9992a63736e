import type { Metrics, PathFigure, PathMetrics } from '../runs/training.ts';
import { mean } from './correlation.ts';

/**
 * The backtest paths of a training, laid beside each other. All of them cover the same bars, by models of different other bars: how
 * much they differ says how much a single backtest owes to which blocks it was trained on.
 * @param paths figures of each; at least one
 */
export function pathMetrics(paths: readonly Metrics[]): PathMetrics {
  return {
    shown: medianPath(paths.map(({ ic }) => ic)),
    ic: distributionOf(paths.map(({ ic, standardErrors }) => [ic, standardErrors?.ic ?? null])),
    netSharpe: distributionOf(
      paths.map(({ portfolio }) => [portfolio?.netSharpe ?? null, portfolio?.netSharpeError ?? null]),
    ),
  };
}

/** The lower one of two in the middle of those that have a value; the first path where none has. */
function medianPath(values: readonly (number | null)[]): number {
  const known = values.flatMap((value, path) => (value === null ? [] : [{ value, path }]));
  known.sort((a, b) => (a.value === b.value ? a.path - b.path : a.value - b.value));
  return known[(known.length - 1) >> 1]?.path ?? 0;
}

function distributionOf(paths: readonly (readonly [value: number | null, error: number | null])[]): PathFigure {
  const values = paths.map(([value]) => value);
  const known = Float64Array.from(values.filter((value) => value !== null)).sort();
  const errors = paths.flatMap(([value, error]) => (value === null || error === null ? [] : error));
  const n = known.length;
  if (n === 0) return { mean: null, standardError: null, deviation: null, low: null, belowZero: null, values };
  const center = mean(known);
  const squares = known.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return {
    mean: center,
    standardError: errors.length > 0 ? mean(errors) : null,
    deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : null,
    low: quantile(known, 0.05),
    belowZero: known.filter((value) => value < 0).length / n,
    values,
  };
}

/** Linear between the sorted values, as numpy does. @param sorted at least one */
function quantile(sorted: Float64Array, level: number): number {
  const at = level * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}
