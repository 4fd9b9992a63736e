import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import type { RealisedLabels } from '@twostage/core/evaluation/realisedLabels';
import type { Panel } from '@twostage/core/panel/panel';
import type { FigureInput } from '@twostage/core/runs/figures';
import { z } from 'zod';
import type { LinearFit } from '../linear/moments.ts';
import { evaluateLinear, predictRidge } from '../linear/ridge.ts';
import { shrinkTo } from '../linear/solve.ts';
import { type Standardisation, standardise } from '../preprocessing/standardiser.ts';
import type { FigureContext, FittedModel, PredictInput, Prediction } from '../trainer.ts';
import { changePointFigures } from './figures.ts';
import { type Detection, RelationWalk } from './walk.ts';

const modelFile = 'model.json';

const fitSchema = z.object({ intercept: z.number(), weights: z.array(z.number()) });

/** All numbers are float64, written by JSON as the shortest decimal that reads back the same. */
export const changePointSchema = z.object({
  format: z.literal('twostage.change-point'),
  version: z.literal(1),
  features: z.array(z.object({ name: z.string(), mean: z.number(), deviation: z.number() })),
  whitening: z.object({ columns: z.array(z.number().int()), factor: z.array(z.number()) }),
  targetMean: z.number(),
  blockBars: z.number().int(),
  noise: z.array(z.number()),
  prior: z.object({ mean: z.array(z.number()), kappa: z.number(), alpha: z.number(), beta: z.array(z.number()) }),
  hazard: z.number(),
  labelBars: z.number().int(),
  lambda: z.number(),
  pooled: fitSchema,
  /** At the end of the training bars: what predicts where no later outcome is known. */
  current: fitSchema,
  /** Of the training bars: when each begins (epoch milliseconds), how sure its break is, and its own fit. */
  segments: z.array(z.object({ start: z.number(), bars: z.number().int(), strength: z.number(), fit: fitSchema })),
});
export type ChangePointData = z.infer<typeof changePointSchema>;

export const fitOf = ({ intercept, weights }: z.infer<typeof fitSchema>): LinearFit => ({
  intercept,
  weights: Float64Array.from(weights),
});

/** Ridge on the rows that are likely to belong to the current segment, shrunk to the pooled fit. */
export class ChangePointModel implements FittedModel {
  readonly #standardisation: Standardisation;
  readonly #detection: Detection;
  readonly #pooled: LinearFit;

  constructor(readonly data: ChangePointData) {
    const { features, whitening, targetMean, blockBars, noise, prior, hazard, labelBars } = data;
    this.#standardisation = {
      featureNames: features.map(({ name }) => name),
      means: features.map(({ mean }) => mean),
      deviations: features.map(({ deviation }) => deviation),
    };
    this.#detection = {
      watch: { standardisation: this.#standardisation, whitening, targetMean, blockBars, noise },
      prior: { ...prior, mean: Float64Array.from(prior.mean), beta: Float64Array.from(prior.beta) },
      hazard,
      labelBars,
    };
    this.#pooled = fitOf(data.pooled);
  }

  /** @throws DomainError NOT_FOUND if there is no such model, or what is there is none */
  static async load(directory: string): Promise<ChangePointModel> {
    try {
      const text = await readFile(path.join(directory, modelFile), 'utf8');
      return new ChangePointModel(changePointSchema.parse(JSON.parse(text)));
    } catch (error) {
      throw new DomainError('NOT_FOUND', `no ChangePoint model in ${directory}: ${messageOf(error)}`, { cause: error });
    }
  }

  async predict({ panel, rows, realised }: PredictInput): Promise<Prediction> {
    if (rows.length === 0) return { values: new Float64Array(0) };
    if (!realised) {
      const current = { standardisation: this.#standardisation, ...fitOf(this.data.current) };
      return { values: predictRidge(current, panel, rows) };
    }
    const values = new Float64Array(rows.length);
    standardise(panel, this.#standardisation, rows.subarray(0, 1));
    const walk = this.walk(panel, realised);
    for (let start = 0; start < rows.length; ) {
      const bar = panel.barOf[rows[start]!]!;
      let end = start + 1;
      while (end < rows.length && panel.barOf[rows[end]!] === bar) end++;
      walk.advanceTo(bar);
      const fit = shrinkTo(walk.segment(), this.data.lambda, this.#pooled);
      const matrix = standardise(panel, this.#standardisation, rows.subarray(start, end));
      for (let i = start; i < end; i++) values[i] = evaluateLinear(fit, matrix, i - start);
      start = end;
    }
    return { values };
  }

  walk(panel: Panel, realised: RealisedLabels): RelationWalk {
    return new RelationWalk(panel, this.#detection, realised);
  }

  async save(directory: string): Promise<void> {
    await writeFile(path.join(directory, modelFile), `${JSON.stringify(this.data, null, 1)}\n`);
  }

  /** Absolute weight on the standardised feature at the end of the training bars, in the target's unit. */
  importances(): { feature: string; value: number }[] {
    const { features, current } = this.data;
    return features
      .map(({ name }, k) => ({ feature: name, value: Math.abs(current.weights[k]!) }))
      .sort((a, b) => b.value - a.value);
  }

  async figures(context: FigureContext): Promise<FigureInput[]> {
    return changePointFigures(this, context);
  }

  async close(): Promise<void> {}
}
