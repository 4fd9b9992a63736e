import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import { z } from 'zod';
import { LightgbmModel } from '../lightgbm/model.ts';
import type { FittedModel, PredictInput, Prediction } from '../trainer.ts';

const modelFile = 'quantiles.json';
const schema = z.object({
  format: z.literal('twostage.quantile-lightgbm'),
  version: z.literal(1),
  levels: z.array(z.number().gt(0).lt(1)).min(1),
});
const folderOf = (level: number): string => `quantile-${level}`;

/** LightGBM models of ascending quantiles. Each lies in a folder of its own, as a LightGBM model that Python loads. */
export class QuantileModel implements FittedModel {
  constructor(
    readonly levels: readonly number[],
    readonly models: readonly LightgbmModel[],
  ) {}

  /** @throws DomainError BAD_FILE, NOT_FOUND, ENGINE_MISSING, ENGINE_FAILED */
  static async load(directory: string): Promise<QuantileModel> {
    const file = path.join(directory, modelFile);
    try {
      const { levels } = schema.parse(JSON.parse(await readFile(file, 'utf8')));
      const models = levels.map((level) => LightgbmModel.load(path.join(directory, folderOf(level))));
      return new QuantileModel(levels, await Promise.all(models));
    } catch (error) {
      if (error instanceof DomainError) throw error;
      const message = `${file}: expected a saved QuantileLightGBM, got: ${messageOf(error)}`;
      throw new DomainError('BAD_FILE', message, { cause: error });
    }
  }

  async save(directory: string): Promise<void> {
    for (const [i, level] of this.levels.entries()) {
      const folder = path.join(directory, folderOf(level));
      await mkdir(folder);
      await this.models[i]!.save(folder);
    }
    const saved = { format: 'twostage.quantile-lightgbm', version: 1, levels: this.levels };
    await writeFile(path.join(directory, modelFile), `${JSON.stringify(saved, null, 2)}\n`);
  }

  /**
   * Quantiles that cross are put in order, which never takes them further from the true ones (Chernozhukov et al. 2010). The
   * point forecast is the median.
   */
  async predict(input: PredictInput): Promise<Prediction> {
    const { levels } = this;
    const width = levels.length;
    const quantiles = new Float64Array(input.rows.length * width);
    for (const [i, model] of this.models.entries()) {
      const { values } = await model.predict(input);
      for (let row = 0; row < values.length; row++) quantiles[row * width + i] = values[row]!;
    }
    for (let row = 0; row < input.rows.length; row++) quantiles.subarray(row * width, (row + 1) * width).sort();
    const middle = levels.indexOf(0.5);
    const values = Float64Array.from(input.rows, (_, row) => quantiles[row * width + middle]!);
    return { values, uncertainty: { kind: 'quantiles', levels, values: quantiles } };
  }

  /** Mean over the quantiles of each feature's share of the loss that all splits together saved. */
  importances(): { feature: string; value: number }[] {
    const sums = new Map<string, number>();
    for (const { feature, value } of this.models.flatMap((model) => model.importances()))
      sums.set(feature, (sums.get(feature) ?? 0) + value / this.models.length);
    return [...sums].map(([feature, value]) => ({ feature, value })).sort((a, b) => b.value - a.value);
  }

  async close(): Promise<void> {
    for (const model of this.models) await model.close();
  }
}
