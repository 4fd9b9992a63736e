import { DomainError, messageOf } from '@twostage/core/errors';
import { XgboostBooster } from '@twostage/engines/xgboost/booster';
import { XgboostMatrix } from '@twostage/engines/xgboost/matrix';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { checkFeatures, gatherRows } from '../boosting/matrix.ts';
import { plainNames, shares } from '../boosting/names.ts';
import type { FittedModel, PredictInput, Prediction } from '../trainer.ts';

/** XGBoost's own JSON model: Python's `xgboost.Booster(model_file=…)` loads it. */
const modelFile = 'model.json';
/** The features' names as the dataset has them; the JSON model holds them made plain. */
const featuresFile = 'features.json';

const predictRows = 65_536;

/**
 * An XGBoost model. What predicts is always a booster read from the JSON model, so that a saved and loaded one, here or
 * in Python, predicts bitwise the same (float32).
 */
export class XgboostModel implements FittedModel {
  readonly #json: string;
  readonly #featureNames: readonly string[];
  readonly #booster: XgboostBooster;
  readonly #binary: boolean;

  constructor(json: string, featureNames: readonly string[], threads: number) {
    this.#json = json;
    this.#featureNames = featureNames;
    this.#booster = XgboostBooster.fromJson(json, threads);
    this.#binary = /"name":\s*"binary:logistic"/.test(json);
  }

  /** @throws DomainError NOT_FOUND, ENGINE_MISSING, ENGINE_FAILED */
  static async load(directory: string, threads: number): Promise<XgboostModel> {
    try {
      const [json, names] = await Promise.all([
        readFile(path.join(directory, modelFile), 'utf8'),
        readFile(path.join(directory, featuresFile), 'utf8'),
      ]);
      return new XgboostModel(json, JSON.parse(names) as string[], threads);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DomainError('NOT_FOUND', `no XGBoost model in ${directory}: ${messageOf(error)}`, { cause: error });
    }
  }

  async predict({ panel, rows, threads }: PredictInput): Promise<Prediction> {
    checkFeatures('XGBoost', this.#featureNames, panel);
    this.#booster.set('nthread', threads);
    const values = new Float64Array(rows.length);
    for (let start = 0; start < rows.length; start += predictRows) {
      const end = Math.min(start + predictRows, rows.length);
      const features = gatherRows(panel, rows, start, end);
      const matrix = XgboostMatrix.create(features, end - start, panel.featureNames.length, { threads });
      try {
        values.set(this.#booster.predict(matrix), start);
      } finally {
        matrix.close();
      }
    }
    return { values, ...(this.#binary && { probabilities: true }) };
  }

  async save(directory: string): Promise<void> {
    await writeFile(path.join(directory, modelFile), this.#json);
    await writeFile(path.join(directory, featuresFile), `${JSON.stringify(this.#featureNames)}\n`);
  }

  /** Each feature's share of the loss that all splits together saved. */
  importances(): { feature: string; value: number }[] {
    const gains = this.#booster.totalGains();
    const values = plainNames(this.#featureNames).map((name) => gains.get(name) ?? 0);
    return shares(this.#featureNames, values);
  }

  async close(): Promise<void> {
    this.#booster.close();
  }
}
