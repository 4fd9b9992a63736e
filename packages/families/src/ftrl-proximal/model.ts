import { DomainError, messageOf } from '@twostage/core/errors';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type Standardisation, standardise } from '../preprocessing/standardiser.ts';
import type { FittedModel, PredictInput, Prediction } from '../trainer.ts';

const modelFile = 'model.json';
const predictRows = 4096;

/** All numbers are float64, written by JSON as the shortest decimal that reads back the same. */
const linearModelSchema = z.object({
  format: z.literal('twostage.ftrl-proximal'),
  version: z.literal(1),
  target: z.object({ mean: z.number(), deviation: z.number() }),
  /** In the standardised target's unit, as the weights. */
  bias: z.number(),
  features: z.array(z.object({ name: z.string(), mean: z.number(), deviation: z.number(), weight: z.number() })),
});
export type LinearModel = z.infer<typeof linearModelSchema>;

/** A sparse linear model: target.mean + target.deviation · (bias + Σ weight · standardised feature). */
export class FtrlModel implements FittedModel {
  readonly #model: LinearModel;

  constructor(model: LinearModel) {
    this.#model = model;
  }

  /** @throws DomainError NOT_FOUND if there is no such model, or what is there is none */
  static async load(directory: string): Promise<FtrlModel> {
    try {
      const text = await readFile(path.join(directory, modelFile), 'utf8');
      return new FtrlModel(linearModelSchema.parse(JSON.parse(text)));
    } catch (error) {
      throw new DomainError('NOT_FOUND', `no FTRLProximal model in ${directory}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  async predict({ panel, rows }: PredictInput): Promise<Prediction> {
    const { features, bias, target } = this.#model;
    const standardisation = standardisationOf(this.#model);
    const values = new Float64Array(rows.length);
    const columns = features.length;
    for (let start = 0; start < rows.length; start += predictRows) {
      const end = Math.min(start + predictRows, rows.length);
      const inputs = standardise(panel, standardisation, rows.subarray(start, end));
      for (let index = start; index < end; index++) {
        const offset = (index - start) * columns;
        let sum = bias;
        for (let feature = 0; feature < columns; feature++)
          sum += features[feature]!.weight * inputs[offset + feature]!;
        values[index] = target.mean + target.deviation * sum;
      }
    }
    return { values };
  }

  async save(directory: string): Promise<void> {
    await writeFile(path.join(directory, modelFile), `${JSON.stringify(this.#model, null, 1)}\n`);
  }

  /** Absolute weight on the standardised feature, in standard deviations of the target; 0 where L1 removed it. */
  importances(): { feature: string; value: number }[] {
    return this.#model.features
      .map(({ name, weight }) => ({ feature: name, value: Math.abs(weight) }))
      .sort((a, b) => b.value - a.value);
  }

  async close(): Promise<void> {}
}

function standardisationOf({ features }: LinearModel): Standardisation {
  return {
    featureNames: features.map(({ name }) => name),
    means: features.map(({ mean }) => mean),
    deviations: features.map(({ deviation }) => deviation),
  };
}
