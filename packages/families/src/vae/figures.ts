import { mean, pearson } from '@twostage/core/evaluation/correlation';
import type { FigureInput } from '@twostage/core/runs/figures';

/** Bars and columns drawn: more tell a reader nothing. */
const most = 30;

type Columns = readonly Float64Array[];

/** How much of each feature the latent variables hold. @param seen, @param reconstructed standardised, [features][rows] */
export function reconstructionFigure(names: readonly string[], seen: Columns, reconstructed: Columns): FigureInput {
  const items = names.flatMap((label, k) => {
    const variance = varianceOf(seen[k]!);
    const error = mean(seen[k]!.map((value, i) => (value - reconstructed[k]![i]!) ** 2));
    return variance > 0 ? [{ label, value: 1 - error / variance }] : [];
  });
  return {
    kind: 'bars',
    title: 'Reconstruction by feature',
    help: 'Share of a feature’s variance on test rows that can be read back from the latent variables; below 0 where the mean alone would do better.',
    items: items.sort((a, b) => b.value - a.value).slice(0, most),
  };
}

/**
 * What each latent variable stands for, the most active first. Its activity is the variance of its mean over rows
 * (Burda et al. 2016): near 0 it says nothing, near 1 as much as it may.
 * @param latents means, [latents][rows]
 */
export function latentFigures(names: readonly string[], seen: Columns, latents: Columns): FigureInput[] {
  const activities = latents
    .map((column, k) => ({ label: `z${k + 1}`, value: varianceOf(column), column }))
    .sort((a, b) => b.value - a.value);
  const strength = (feature: number) =>
    Math.max(0, ...latents.map((column) => Math.abs(correlation(column, seen[feature]!) ?? 0)));
  const strengths = names.map((_, k) => strength(k));
  const drawn = [...names.keys()].sort((a, b) => strengths[b]! - strengths[a]!).slice(0, most);
  return [
    {
      kind: 'bars',
      title: 'Activity of the latent variables',
      help: 'Variance of each latent mean over the test rows: near 0 where the network has no use for it.',
      items: activities.map(({ label, value }) => ({ label, value })),
    },
    {
      kind: 'heatmap',
      title: 'Latent variables and features',
      help: 'Correlation of each latent mean with the features on test rows: what it stands for.',
      rows: activities.map(({ label }) => label),
      columns: drawn.map((k) => names[k]!),
      values: activities.map(({ column }) => drawn.map((k) => correlation(column, seen[k]!))),
    },
  ];
}

function varianceOf(column: Float64Array): number {
  const centre = mean(column);
  return column.length === 0 ? 0 : mean(column.map((value) => (value - centre) ** 2));
}

function correlation(a: Float64Array, b: Float64Array): number | null {
  const value = pearson(a, b);
  return Number.isFinite(value) ? value : null;
}
