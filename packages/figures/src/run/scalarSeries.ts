import type { TrainingView } from '@twostage/core/runs/view';
import type { LossLine } from './lossSeries.ts';

/** Curves that a family shows beside its loss, by name in the order in which they first came, in one fold. */
export function scalarLines({ spec, losses }: Pick<TrainingView, 'spec' | 'losses'>, fold: number): LossLine[] {
  const byName = new Map<string, { step: number; loss: number }[]>();
  for (const point of losses) {
    if (point.fold !== fold || !point.scalars) continue;
    for (const [name, value] of Object.entries(point.scalars)) {
      if (!Number.isFinite(value)) continue;
      const points = byName.get(name) ?? [];
      byName.set(name, points);
      // A fold that was begun again repeats its steps: the later figure holds.
      while (points.length > 0 && points.at(-1)!.step >= point.step) points.pop();
      points.push({ step: point.step, loss: value });
    }
  }
  return [...byName].map(([name, points], color) => ({
    key: `${spec.id}:scalar:${name}`,
    label: name,
    kind: 'scalar',
    color,
    points,
  }));
}

/** Curves whose magnitudes lie further apart than this would flatten one another. */
const comparable = 20;

/** Curves that can share an axis, together: smallest magnitudes first. */
export function scalarCharts(lines: readonly LossLine[]): LossLine[][] {
  const magnitude = ({ points }: LossLine) => Math.max(...points.map(({ loss }) => Math.abs(loss)));
  const sized = lines
    .map((line, index) => ({ line, index, size: magnitude(line) }))
    .sort((a, b) => a.size - b.size || a.index - b.index);
  const charts: (typeof sized)[] = [];
  for (const entry of sized) {
    const last = charts.at(-1);
    // A curve of zeros fits on any axis.
    const least = last?.find(({ size }) => size > 0)?.size ?? entry.size;
    if (last && entry.size <= comparable * least) last.push(entry);
    else charts.push([entry]);
  }
  return charts.map((chart) => chart.sort((a, b) => a.index - b.index).map(({ line }) => line));
}
