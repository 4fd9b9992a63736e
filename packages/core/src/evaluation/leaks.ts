import type { Panel } from '../panel/panel.ts';
import { mean, spearman } from './correlation.ts';
import { inTimeOrder } from './blockRows.ts';
import { icByBar } from './ic.ts';

/** A feature that says more of a target than anything known at its bar could. */
export interface Leak {
  readonly feature: string;
  readonly target: string;
  /** Rank correlation of the two, in [-1, 1]. */
  readonly correlation: number;
  /** Not only correlated: the same value by value, and `target` says in words what that is. */
  readonly isCopy?: boolean | undefined;
}

export interface LeakInput {
  /** Its features are not read. */
  readonly panel: Pick<Panel, 'rows' | 'times' | 'symbols' | 'symbolOf' | 'barOf' | 'featureNames'>;
  /** [rows] of feature j; NaN = not available. Asked for one after another, so that no more than one need be in memory. */
  readonly feature: (index: number) => Float32Array;
  readonly targets: readonly LeakTarget[];
}

export interface LeakTarget {
  readonly name: string;
  /** [rows]; NaN = not known. */
  readonly values: Float64Array;
  readonly labelBars: number;
}

/**
 * A rank correlation that no forecast of returns reaches: the best published daily signals have some hundredths. A target among
 * the features, or one that is a function of it, has nearly 1.
 */
export const impossibleCorrelation = 0.8;

/** Fewer labels that share no bar prove nothing: of persistent series a few correlate highly by chance. */
export const fewestLabels = 30;
/** More rows than these make nothing clearer. */
const mostRows = 60_000;

/**
 * Features whose rank correlation with a target, per bar across symbols (of one symbol: over time), is `impossibleCorrelation` or
 * more either way, the worst first.
 */
export function findLeaks({ panel, feature, targets }: LeakInput): Leak[] {
  const samples = targets.map((target) => sampleOf(panel, target));
  const leaks: Leak[] = [];
  for (const [index, name] of panel.featureNames.entries()) {
    const values = feature(index);
    for (const [i, target] of targets.entries()) {
      const correlation = correlate(panel, values, samples[i]!, target);
      if (correlation !== null && Math.abs(correlation) >= impossibleCorrelation)
        leaks.push({ feature: name, target: target.name, correlation });
    }
  }
  return leaks.sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation));
}

/** Rows with a label, in time order: those of every so many bars, whole bars at a time. */
function sampleOf(panel: LeakInput['panel'], { values }: LeakTarget): Uint32Array {
  const step = Math.max(1, Math.ceil(panel.rows / mostRows));
  const chosen = (row: number) => panel.barOf[row]! % step === 0 && Number.isFinite(values[row]!);
  return inTimeOrder(panel, chosen);
}

/** Null where there are too few pairs to tell. */
function correlate(
  panel: LeakInput['panel'],
  feature: Float32Array,
  sample: Uint32Array,
  { values, labelBars }: LeakTarget,
): number | null {
  const rows = sample.filter((row) => Number.isFinite(feature[row]!));
  const x = Float64Array.from(rows, (row) => feature[row]!);
  const y = Float64Array.from(rows, (row) => values[row]!);
  const step = Math.max(1, Math.ceil(panel.rows / mostRows));
  const labels = (bars: number) => (bars * step) / Math.max(step, labelBars);
  if (panel.symbols.length === 1) {
    const correlation = spearman(x, y);
    return labels(rows.length) < fewestLabels || Number.isNaN(correlation) ? null : correlation;
  }
  const bars = Uint32Array.from(rows, (row) => panel.barOf[row]!);
  const series = icByBar(bars, x, y, 'spearman');
  return labels(series.values.length) < fewestLabels ? null : mean(series.values);
}

/** One line a leak, as a person reads it. */
export function describeLeak({ feature, target, correlation, isCopy }: Leak): string {
  const how = isCopy ? `equals ${target}` : `has a rank correlation of ${correlation.toFixed(2)} with ${target}`;
  return `feature ${feature} ${how}: it knows what only the future does`;
}
