import { pearson } from '@twostage/core/evaluation/correlation';
import type { FigureInput } from '@twostage/core/runs/figures';

/** What each target's squared error weighs: the inverse of the variance that the network leaves unexplained. */
export function weightsFigure(targets: readonly { readonly name: string; readonly weight: number }[]): FigureInput {
  return {
    kind: 'bars',
    title: 'Weights of the targets',
    help: 'What each target’s squared error weighed in the loss at the end; a target that is hard to predict weighs less.',
    items: targets.map(({ name, weight }) => ({ label: name, value: weight })).sort((a, b) => b.value - a.value),
  };
}

/** How alike the forecasts of the targets are on the test rows. @param byTarget [targets][rows] */
export function forecastCorrelations(names: readonly string[], byTarget: readonly Float64Array[]): FigureInput {
  const correlation = (a: Float64Array, b: Float64Array) => {
    const value = pearson(a, b);
    return Number.isFinite(value) ? value : null;
  };
  return {
    kind: 'heatmap',
    title: 'Correlation of the forecasts',
    help: 'How alike the forecasts of two targets are on the test rows: 1 where the shared trunk says the same of both.',
    rows: [...names],
    columns: [...names],
    values: byTarget.map((a) => byTarget.map((b) => correlation(a, b))),
  };
}
