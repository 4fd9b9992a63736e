import { DomainError } from '@twostage/core/errors';
import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import type { z } from 'zod';
import { checkTrainable } from '../boosting/matrix.ts';
import type { LinearFit } from '../linear/moments.ts';
import { chooseLambda } from '../linear/ridge.ts';
import { Moments } from '../linear/moments.ts';
import { fitStandardisation, type Standardisation, standardise } from '../preprocessing/standardiser.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import type { parameters } from './definition.ts';
import { type Block, type Experts, fitExperts, meanSquaredError } from './experts.ts';
import type { Mixture } from './gaussianMixture.ts';
import { MarketSeries, nameOf, type StateRecipe } from './marketState.ts';
import { chooseMixture } from './mixtureStart.ts';
import { RegimeModel } from './model.ts';
import { filterRegimes, fitTransitions, type RegimeChain } from './regimeFilter.ts';
import { stateSets } from './stateSets.ts';

type Settings = z.infer<typeof parameters>;

const triedWindows = [1, 3, 10];
/** Fewer training bars show no regimes. */
const fewestBars = 40;
const search = { maxIterations: 200, tolerance: 1e-4, regularisation: 1e-3 } as const;

interface Candidate {
  readonly step: number;
  readonly recipe: StateRecipe;
  readonly chain: RegimeChain;
  readonly experts: Experts;
  readonly bic: number;
}

/**
 * Gaussian mixtures over market states, a filter over their regimes, and ridge experts. Each step tries one set of states; kept is the
 * one whose experts, mixed by what was known at each bar, do best on the validation block. Losses are mean squared errors.
 */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, train, validation, report, note } = input;
    checkTrainable('GMMRegime', panel, train);
    const settings = input.parameters as Settings;
    const bars = distinctBars(panel, train);
    if (bars.length < fewestBars)
      throw new DomainError('TOO_FEW_BARS', `GMMRegime needs at least ${fewestBars} training bars, got ${bars.length}`);
    const standardisation = fitStandardisation(panel, train);
    const [learnt, judged] = [blockOf(input, train, standardisation), blockOf(input, validation, standardisation)];
    const pooled = fitPooled(panel.featureNames.length, learnt, judged);
    const series = new MarketSeries(panel);
    const recipes = stateSets(panel, series, settings.windowBars > 0 ? [settings.windowBars] : triedWindows, bars);
    if (recipes.length === 0)
      throw new DomainError(
        'INVALID_INPUT',
        `GMMRegime needs a market state that varies: over ${bars.length} training bars neither the closes nor any feature's mean did`,
      );
    let best: Candidate | null = null;
    for (const [index, recipe] of recipes.entries()) {
      const step = index + 1;
      const candidate = tryStates(step, series, recipe, bars, settings, input.seed, learnt, judged, pooled);
      if (best === null || isBetter(candidate, best)) best = candidate;
      await report({
        step,
        totalSteps: recipes.length,
        trainLoss: meanSquaredError(
          learnt,
          candidate.experts.fits,
          filterRegimes(candidate.chain, series.states(recipe)),
        ),
        validationLoss: candidate.experts.validationLoss,
        bestStep: best.step,
        bestValidationLoss: best.experts.validationLoss,
        rows: train.length,
        scalars: { regimes: candidate.chain.mixture.components, BIC: candidate.bic },
      });
    }
    const { recipe, chain } = best!;
    note(
      `GMMRegime: ${chain.mixture.components} regimes by ${recipe.variables.map(nameOf).join(' and ')} over ${recipe.windowBars} bar${recipe.windowBars === 1 ? '' : 's'}`,
    );
    return modelOf(best!, standardisation);
  },

  load: (directory) => RegimeModel.load(directory),

  async describe(): Promise<string> {
    return 'Gaussian mixture and ridge experts, cpu, 1 thread';
  },
};

function tryStates(
  step: number,
  series: MarketSeries,
  recipe: StateRecipe,
  bars: Uint32Array,
  { covariance, leastRegimes, mostRegimes, restarts }: Settings,
  seed: number,
  learnt: Block,
  judged: Block,
  pooled: LinearFit,
): Candidate {
  const width = recipe.variables.length;
  const states = series.states(recipe);
  const known = new Float64Array(bars.length * width);
  bars.forEach((bar, i) => {
    known.set(states.subarray(bar * width, (bar + 1) * width), i * width);
  });
  const range = { least: leastRegimes, most: Math.max(leastRegimes, mostRegimes), span: recipe.windowBars };
  const chosen = chooseMixture(known, width, range, { ...search, covariance, seed, restarts });
  const chain = fitTransitions(inOrder(chosen.mixture), known, recipe.windowBars);
  const experts = fitExperts(learnt, judged, pooled, filterRegimes(chain, states), chain.mixture.components);
  return { step, recipe, chain, experts, bic: Math.min(...chosen.criteria.map(({ bic }) => bic)) };
}

/** Without a validation block the first set, volatility where prices vary, is kept. */
function isBetter({ experts: { validationLoss } }: Candidate, best: Candidate): boolean {
  return validationLoss !== null && validationLoss < best.experts.validationLoss!;
}

/** Regimes by ascending mean of the first state, the calm ones first. */
function inOrder(mixture: Mixture): Mixture {
  const { components, dimensions, weights, means, covariances } = mixture;
  const order = [...weights.keys()].sort((a, b) => means[a * dimensions]! - means[b * dimensions]!);
  const pick = (values: Float64Array) => {
    const size = values.length / components;
    return Float64Array.from(values, (_, i) => values[order[Math.floor(i / size)]! * size + (i % size)]!);
  };
  return { ...mixture, weights: pick(weights), means: pick(means), covariances: pick(covariances) };
}

function fitPooled(features: number, learnt: Block, judged: Block): LinearFit {
  const [moments, validation] = [new Moments(features), new Moments(features)];
  moments.add(learnt.matrix, learnt.labels);
  validation.add(judged.matrix, judged.labels);
  return chooseLambda(moments, validation).fit;
}

function blockOf({ panel, target }: FitInput, rows: RowIndices, standardisation: Standardisation): Block {
  return {
    matrix: standardise(panel, standardisation, rows),
    labels: Float64Array.from(rows, (row) => target[row]!),
    bars: Uint32Array.from(rows, (row) => panel.barOf[row]!),
  };
}

/** Ascending. @param rows in time order */
function distinctBars(panel: Panel, rows: RowIndices): Uint32Array {
  return Uint32Array.from(new Set(Array.from(rows, (row) => panel.barOf[row]!)));
}

function modelOf({ recipe, chain, experts }: Candidate, standardisation: Standardisation): RegimeModel {
  const { mixture, transitions } = chain;
  return new RegimeModel({
    format: 'twostage.gmm-regime',
    version: 1,
    features: standardisation.featureNames.map((name, k) => ({
      name,
      mean: standardisation.means[k]!,
      deviation: standardisation.deviations[k]!,
    })),
    states: recipe,
    mixture: {
      ...mixture,
      weights: [...mixture.weights],
      means: [...mixture.means],
      covariances: [...mixture.covariances],
    },
    transitions: [...transitions],
    experts: experts.fits.map(({ intercept, weights }) => ({ intercept, weights: [...weights] })),
  });
}
