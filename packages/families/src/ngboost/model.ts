import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import { type FigureInput, maxFigurePoints } from '@twostage/core/runs/figures';
import { z } from 'zod';
import { LightgbmModel } from '../lightgbm/model.ts';
import type { TargetScale } from '../preprocessing/targetScale.ts';
import type { FittedModel, PredictInput, Prediction } from '../trainer.ts';

const modelFile = 'ngboost.json';
const folders = { mean: 'mean', logDeviation: 'log-deviation' } as const;
const schema = z.object({
  format: z.literal('twostage.ngboost'),
  version: z.literal(1),
  /** The target is standardised by these. */
  target: z.object({ mean: z.number(), deviation: z.number().positive() }),
});

export interface ParameterModels {
  readonly mean: LightgbmModel;
  readonly logDeviation: LightgbmModel;
}

/** Importances drawn of the spread's trees. */
const shownFeatures = Math.min(30, maxFigurePoints);

/** A Normal distribution a row: two LightGBM models say its mean and the logarithm of its deviation, both of the standardised target. */
export class NgboostModel implements FittedModel {
  constructor(
    readonly scale: TargetScale,
    readonly models: ParameterModels,
  ) {}

  /** @throws DomainError BAD_FILE, NOT_FOUND, ENGINE_MISSING, ENGINE_FAILED */
  static async load(directory: string): Promise<NgboostModel> {
    const file = path.join(directory, modelFile);
    try {
      const { target } = schema.parse(JSON.parse(await readFile(file, 'utf8')));
      const open = (parameter: keyof ParameterModels) => LightgbmModel.load(path.join(directory, folders[parameter]));
      return new NgboostModel(target, { mean: await open('mean'), logDeviation: await open('logDeviation') });
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DomainError('BAD_FILE', `${file}: expected a saved NGBoost, got: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  async save(directory: string): Promise<void> {
    for (const parameter of ['mean', 'logDeviation'] as const) {
      const folder = path.join(directory, folders[parameter]);
      await mkdir(folder);
      await this.models[parameter].save(folder);
    }
    const saved = { format: 'twostage.ngboost', version: 1, target: this.scale };
    await writeFile(path.join(directory, modelFile), `${JSON.stringify(saved, null, 2)}\n`);
  }

  async predict(input: PredictInput): Promise<Prediction> {
    const { mean, deviation } = this.scale;
    const means = await this.models.mean.predict(input);
    const spreads = await this.models.logDeviation.predict(input);
    return {
      values: means.values.map((value) => mean + deviation * value),
      uncertainty: { kind: 'normal', deviations: spreads.values.map((value) => deviation * Math.exp(value)) },
    };
  }

  /** Of the mean's trees: each feature's share of the squared error that all splits together saved. */
  importances(): { feature: string; value: number }[] {
    return this.models.mean.importances();
  }

  async figures(): Promise<FigureInput[]> {
    const items = this.models.logDeviation.importances().filter(({ value }) => value > 0);
    if (items.length === 0) return [];
    return [
      {
        kind: 'bars',
        title: 'What the spread rests on',
        help: 'Share of each feature in the splits of the trees that say how far off the forecast may be.',
        items: items.slice(0, shownFeatures).map(({ feature, value }) => ({ label: feature, value })),
      },
    ];
  }

  async close(): Promise<void> {
    await this.models.mean.close();
    await this.models.logDeviation.close();
  }
}
