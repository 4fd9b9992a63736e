import type { Metrics } from '@twostage/core/runs/training';
import type { ComparedTraining } from '../../server/contracts/runs.ts';
import { decimal, percent, signed, significant } from '../../ui/format.ts';

export type MetricId = 'ic' | 'rankIc' | 'icir' | 'icT' | 'r2' | 'mse' | 'mae' | 'hitRate';

export interface MetricLook {
  label: string;
  better: 'high' | 'low';
  text: (value: number | null) => string;
  /** How a difference of two is written. */
  delta: (difference: number) => string;
}
const points = (difference: number) => `${signed(difference * 100, 1)} pp`;

export const metricLooks: Record<MetricId, MetricLook> = {
  rankIc: { label: 'Rank IC', better: 'high', text: (v) => signed(v, 4), delta: (d) => signed(d, 4) },
  ic: { label: 'IC', better: 'high', text: (v) => signed(v, 4), delta: (d) => signed(d, 4) },
  icir: { label: 'ICIR', better: 'high', text: (v) => signed(v, 3), delta: (d) => signed(d, 3) },
  icT: { label: 't', better: 'high', text: (v) => signed(v, 2), delta: (d) => signed(d, 2) },
  r2: { label: 'R²', better: 'high', text: (v) => signed(v, 4), delta: (d) => signed(d, 4) },
  mse: {
    label: 'MSE',
    better: 'low',
    text: (v) => significant(v),
    delta: (d) => (d > 0 ? `+${significant(d, 3)}` : significant(d, 3)),
  },
  mae: {
    label: 'MAE',
    better: 'low',
    text: (v) => significant(v),
    delta: (d) => (d > 0 ? `+${significant(d, 3)}` : significant(d, 3)),
  },
  hitRate: { label: 'Hit rate', better: 'high', text: (v) => percent(v), delta: points },
};
export const metricIds = Object.keys(metricLooks) as MetricId[];

export interface ComparedValue {
  value: number | null;
  /** Whether none of the runs is better; false where fewer than two have a value, or all are equal. */
  best: boolean;
  /** Against the first run; null for the first itself, and where either has none. */
  delta: number | null;
  /** Whether the difference is an improvement; null where there is none. */
  improves: boolean | null;
}

/** One metric of one training over the runs, in their order. */
export function comparedValues(training: ComparedTraining, metric: MetricId): ComparedValue[] {
  const values = training.byRun.map((entry) => (entry?.metrics ? (entry.metrics as Metrics)[metric] : null));
  const known = values.filter((value): value is number => value !== null);
  const { better } = metricLooks[metric];
  const top = better === 'high' ? Math.max(...known) : Math.min(...known);
  const tells = known.length >= 2 && new Set(known).size > 1;
  const first = values[0] ?? null;
  return values.map((value, index) => {
    const delta = index === 0 || value === null || first === null ? null : value - first;
    return {
      value,
      best: tells && value === top,
      delta,
      improves: delta === null || delta === 0 ? null : better === 'high' ? delta > 0 : delta < 0,
    };
  });
}

/** JSON text of a setting as a person reads it. */
export function settingText(json: string): string {
  if (json === '') return '–';
  const value: unknown = JSON.parse(json);
  if (Array.isArray(value)) return value.length > 0 ? value.join(', ') : 'all';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : decimal(value, 6).replace(/0+$/, '');
  return String(value);
}
