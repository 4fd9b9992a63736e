import type { Metrics } from '@twostage/core/runs/training';
import type { ComparedTraining, RunComparison } from '../../server/contracts/runs.ts';
import { decimal } from '../../ui/format.ts';
import { type MetricId, metricLooks, shownMetrics } from '@twostage/figures/run/metricLooks';

export interface ComparedValue {
  value: number | null;
  /** Its standard error, where it has one that is worth a place. */
  error: number | null;
  /** Whether none of the runs is better; false where fewer than two have a value, or all are equal. */
  best: boolean;
  /** Against the first run; null for the first itself, and where either has none. */
  delta: number | null;
  /** Whether the difference is an improvement; null where there is none, or better has no meaning. */
  improves: boolean | null;
}

const metricsOf = (training: ComparedTraining): (Metrics | null)[] =>
  training.byRun.map((entry) => entry?.metrics ?? null);

/** One metric of one training over the runs, in their order. */
export function comparedValues(training: ComparedTraining, metric: MetricId): ComparedValue[] {
  const { of, merit, error } = metricLooks[metric];
  const all = metricsOf(training);
  const values = all.map((metrics) => metrics && of(metrics));
  const merits = all.map((metrics) => (metrics && merit ? merit(metrics) : null));
  const known = merits.filter((value) => value !== null);
  const top = Math.max(...known);
  const tells = known.length >= 2 && new Set(known).size > 1;
  const first = values[0] ?? null;
  const firstMerit = merits[0] ?? null;
  return values.map((value, index) => {
    const delta = index === 0 || value === null || first === null ? null : value - first;
    const own = merits[index] ?? null;
    return {
      value,
      error: (all[index] && error?.(all[index])) ?? null,
      best: tells && own === top,
      delta,
      improves: delta === null || own === null || firstMerit === null || own === firstMerit ? null : own > firstMerit,
    };
  });
}

/** Metrics that some training of the comparison has. */
export const comparedMetrics = ({ trainings }: RunComparison): MetricId[] =>
  shownMetrics(trainings.flatMap((training) => metricsOf(training).filter((metrics) => metrics !== null)));

/** Metrics that this training has in some run. */
export const metricsOfTraining = (training: ComparedTraining): MetricId[] =>
  shownMetrics(metricsOf(training).filter((metrics) => metrics !== null));

/** JSON text of a setting as a person reads it. */
export function settingText(json: string): string {
  if (json === '') return '–';
  const value: unknown = JSON.parse(json);
  if (Array.isArray(value)) return value.length > 0 ? value.join(', ') : 'all';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : decimal(value, 6).replace(/0+$/, '');
  return String(value);
}
