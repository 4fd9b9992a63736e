import { pearson } from '@twostage/core/evaluation/correlation';
import type { Panel } from '@twostage/core/panel/panel';
import { fitRecipe, type MarketSeries, type StateRecipe, type StateVariable } from './marketState.ts';

const fromPrices: readonly (readonly StateVariable[])[] = [
  [{ kind: 'volatility' }],
  [{ kind: 'volatility' }, { kind: 'dispersion' }],
  [{ kind: 'volatility' }, { kind: 'trend' }],
];
/** Features' levels and spreads that make up one more set of states. */
const mostFromFeatures = 3;
/** Two states that move together this closely are one. */
const sameAbove = 0.8;
/** A state of pure noise is this persistent once in a thousand, in standard errors. */
const noiseErrors = 3;

/**
 * The market states that are tried as regimes' signs, made from prices and from the features that persist most: regimes last, noise
 * does not. Standardised over the training bars.
 * @param bars the training bars, ascending
 */
export function stateSets(
  panel: Panel,
  series: MarketSeries,
  windows: readonly number[],
  bars: Uint32Array,
): StateRecipe[] {
  return windows.flatMap((window) => {
    const persistent = persistentFeatures(panel, series, window, bars);
    const sets = persistent.length > 0 ? [...fromPrices, persistent] : fromPrices;
    return sets.map((variables) => fitRecipe(series, variables, window, bars)).filter((recipe) => recipe !== null);
  });
}

function persistentFeatures(panel: Panel, series: MarketSeries, window: number, bars: Uint32Array): StateVariable[] {
  const candidates = panel.featureNames
    .flatMap((feature) => [{ kind: 'level', feature } as const, { kind: 'spread', feature } as const])
    .flatMap((variable) => {
      const recipe = fitRecipe(series, [variable], window, bars);
      if (recipe === null) return [];
      const states = series.states(recipe);
      const values = Float64Array.from(bars, (bar) => states[bar]!);
      // Windows that do not overlap.
      const persistence = pearson(values.subarray(window), values.subarray(0, -window));
      return persistence > noiseErrors / Math.sqrt(bars.length / window) ? [{ variable, values, persistence }] : [];
    })
    .sort((a, b) => b.persistence - a.persistence);
  const chosen: typeof candidates = [];
  for (const candidate of candidates) {
    if (chosen.length === mostFromFeatures) break;
    if (chosen.every(({ values }) => Math.abs(pearson(values, candidate.values)) < sameAbove)) chosen.push(candidate);
  }
  return chosen.map(({ variable }) => variable);
}
