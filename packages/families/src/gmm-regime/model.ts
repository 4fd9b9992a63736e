import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import type { Panel } from '@twostage/core/panel/panel';
import type { FigureInput } from '@twostage/core/runs/figures';
import { z } from 'zod';
import { standardise } from '../preprocessing/standardiser.ts';
import type { FigureContext, FittedModel, PredictInput, Prediction } from '../trainer.ts';
import { mixExperts } from './experts.ts';
import { regimeFigures } from './figures.ts';
import { MarketSeries, stateRecipeSchema } from './marketState.ts';
import { filterRegimes, type RegimeChain } from './regimeFilter.ts';

const modelFile = 'model.json';
const predictRows = 4096;

/** All numbers are float64, written by JSON as the shortest decimal that reads back the same. */
export const regimeModelSchema = z.object({
  format: z.literal('twostage.gmm-regime'),
  version: z.literal(1),
  features: z.array(z.object({ name: z.string(), mean: z.number(), deviation: z.number() })),
  states: stateRecipeSchema,
  mixture: z.object({
    components: z.number().int(),
    dimensions: z.number().int(),
    covariance: z.enum(['full', 'diag']),
    weights: z.array(z.number()),
    means: z.array(z.number()),
    covariances: z.array(z.number()),
  }),
  /** [from, to] */
  transitions: z.array(z.number()),
  /** One a regime, on standardised features, in the target's unit. */
  experts: z.array(z.object({ intercept: z.number(), weights: z.array(z.number()) })),
});
export type RegimeModelData = z.infer<typeof regimeModelSchema>;

/** Ridge experts mixed by the filtered posterior of the market's regime. */
export class RegimeModel implements FittedModel {
  readonly #chain: RegimeChain;
  readonly #experts: readonly { intercept: number; weights: Float64Array }[];

  constructor(readonly data: RegimeModelData) {
    const { weights, means, covariances } = data.mixture;
    const mixture = {
      ...data.mixture,
      weights: Float64Array.from(weights),
      means: Float64Array.from(means),
      covariances: Float64Array.from(covariances),
    };
    this.#chain = { mixture, span: data.states.windowBars, transitions: Float64Array.from(data.transitions) };
    this.#experts = data.experts.map((expert) => ({ ...expert, weights: Float64Array.from(expert.weights) }));
  }

  /** @throws DomainError NOT_FOUND if there is no such model, or what is there is none */
  static async load(directory: string): Promise<RegimeModel> {
    try {
      const text = await readFile(path.join(directory, modelFile), 'utf8');
      return new RegimeModel(regimeModelSchema.parse(JSON.parse(text)));
    } catch (error) {
      throw new DomainError('NOT_FOUND', `no GMMRegime model in ${directory}: ${messageOf(error)}`, { cause: error });
    }
  }

  async predict({ panel, rows }: PredictInput): Promise<Prediction> {
    const { features } = this.data;
    const standardisation = {
      featureNames: features.map(({ name }) => name),
      means: features.map(({ mean }) => mean),
      deviations: features.map(({ deviation }) => deviation),
    };
    const values = new Float64Array(rows.length);
    let posteriors: Float64Array | null = null;
    for (let start = 0; start < rows.length; start += predictRows) {
      const block = rows.subarray(start, start + predictRows);
      const matrix = standardise(panel, standardisation, block);
      posteriors ??= this.posteriors(panel);
      for (let i = 0; i < block.length; i++)
        values[start + i] = mixExperts(this.#experts, posteriors, panel.barOf[block[i]!]!, matrix, i);
    }
    return { values };
  }

  /** Of each regime at each bar of the panel, from what was known at its close. @returns [bars, regimes] */
  posteriors(panel: Panel): Float64Array {
    return filterRegimes(this.#chain, new MarketSeries(panel).states(this.data.states));
  }

  async save(directory: string): Promise<void> {
    await writeFile(path.join(directory, modelFile), `${JSON.stringify(this.data, null, 1)}\n`);
  }

  /** Mean over the regimes, as often as they are, of the absolute weight on the standardised feature. */
  importances(): { feature: string; value: number }[] {
    const { features, experts, mixture } = this.data;
    return features
      .map(({ name }, k) => ({
        feature: name,
        value: experts.reduce((sum, { weights }, i) => sum + mixture.weights[i]! * Math.abs(weights[k]!), 0),
      }))
      .sort((a, b) => b.value - a.value);
  }

  async figures(context: FigureContext): Promise<FigureInput[]> {
    return regimeFigures(this.data, this.posteriors(context.panel), context);
  }

  async close(): Promise<void> {}
}
