import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import type { FigureInput } from '@twostage/core/runs/figures';
import { z } from 'zod';
import { LightgbmModel } from '../lightgbm/model.ts';
import type { FittedModel, PredictInput, Prediction } from '../trainer.ts';
import { type Bases, baseNames, closeBases, predictBases, titles } from './bases.ts';

const modelFile = 'ensemble.json';
const perBase = z.object({ boosting: z.number(), forest: z.number(), ridge: z.number() });
/** All numbers are float64, written by JSON as the shortest decimal that reads back the same. */
const ensembleSchema = z.object({
  format: z.literal('twostage.ensemble'),
  version: z.literal(1),
  /** Of the training target: what is left where no base is trusted. */
  mean: z.number(),
  weights: perBase,
  /** Mean squared errors on the rows held out; null where there were too few bars to hold any out. */
  heldLosses: perBase.extend({ stack: z.number(), mean: z.number() }).nullable(),
  ridge: z.object({
    standardisation: z.object({
      featureNames: z.array(z.string()),
      means: z.array(z.number()),
      deviations: z.array(z.number()),
    }),
    lambda: z.number(),
    intercept: z.number(),
    weights: z.array(z.number()),
  }),
});
export type EnsembleData = Omit<z.infer<typeof ensembleSchema>, 'format' | 'version' | 'ridge'>;

/** mean + Σ weight · (base − mean) */
export class EnsembleModel implements FittedModel {
  constructor(
    readonly bases: Bases,
    readonly data: EnsembleData,
  ) {}

  /** @throws DomainError BAD_FILE, NOT_FOUND, ENGINE_MISSING, ENGINE_FAILED */
  static async load(directory: string): Promise<EnsembleModel> {
    const file = path.join(directory, modelFile);
    try {
      const { ridge, ...data } = ensembleSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      const boosting = await LightgbmModel.load(path.join(directory, 'boosting'));
      const forest = await LightgbmModel.load(path.join(directory, 'forest'));
      return new EnsembleModel(
        { boosting, forest, ridge: { ...ridge, weights: Float64Array.from(ridge.weights) } },
        data,
      );
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DomainError('BAD_FILE', `${file}: expected a saved Ensemble, got: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  async save(directory: string): Promise<void> {
    for (const name of ['boosting', 'forest'] as const) {
      await mkdir(path.join(directory, name));
      await this.bases[name].save(path.join(directory, name));
    }
    const { weights, ...ridge } = this.bases.ridge;
    const saved: z.infer<typeof ensembleSchema> = {
      format: 'twostage.ensemble',
      version: 1,
      ...this.data,
      ridge: { ...ridge, weights: [...weights] },
    };
    await writeFile(path.join(directory, modelFile), `${JSON.stringify(saved, null, 2)}\n`);
  }

  async predict(asked: PredictInput): Promise<Prediction> {
    const { mean, weights } = this.data;
    const predictions = await predictBases(this.bases, asked);
    const values = new Float64Array(asked.rows.length).fill(mean);
    for (const name of baseNames) {
      const [weight, column] = [weights[name], predictions[name]];
      if (weight !== 0) for (let i = 0; i < values.length; i++) values[i]! += weight * (column[i]! - mean);
    }
    return { values };
  }

  async figures(): Promise<FigureInput[]> {
    const { weights, heldLosses } = this.data;
    const bars: FigureInput = {
      kind: 'bars',
      title: 'Weights of the bases',
      help: 'How much each base counts in the sum; together they may be less than 1 where the bases promise too much.',
      items: baseNames.map((name) => ({ label: titles[name], value: weights[name] })).sort((a, b) => b.value - a.value),
    };
    if (!heldLosses) return [bars];
    const row = (label: string, loss: number) => [label, loss, 1 - loss / heldLosses.mean];
    return [
      bars,
      {
        kind: 'table',
        title: 'Bases on what came after their training',
        help: 'Mean squared error of the blocks of the training window that were held out, and R² against the training mean.',
        columns: ['', 'Mean squared error', 'R²'],
        rows: [
          ...baseNames.map((name) => row(titles[name], heldLosses[name])),
          row('Stacked', heldLosses.stack),
          row('Training mean', heldLosses.mean),
        ],
      },
    ];
  }

  /** Shares of the two bases of trees, as they are weighed; ridge's weights are no shares of a loss and don't count. */
  importances(): { feature: string; value: number }[] {
    const { weights } = this.data;
    const { boosting, forest, ridge } = this.bases;
    const total = weights.boosting + weights.forest;
    const sums = new Map(ridge.standardisation.featureNames.map((feature) => [feature, 0]));
    for (const [model, weight] of [
      [boosting, total > 0 ? weights.boosting / total : 0.5],
      [forest, total > 0 ? weights.forest / total : 0.5],
    ] as const) {
      for (const { feature, value } of model.importances()) sums.set(feature, sums.get(feature)! + weight * value);
    }
    return [...sums].map(([feature, value]) => ({ feature, value })).sort((a, b) => b.value - a.value);
  }

  close(): Promise<void> {
    return closeBases(this.bases);
  }
}
