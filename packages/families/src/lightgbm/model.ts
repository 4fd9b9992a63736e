import { DomainError, messageOf } from '@twostage/core/errors';
import { LightgbmBooster } from '@twostage/engines/lightgbm/booster';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { checkFeatures, gatherRows } from '../boosting/matrix.ts';
import { shares } from '../boosting/names.ts';
import type { FittedModel, PredictInput, Prediction } from '../trainer.ts';

/** LightGBM's own text model: Python's `lightgbm.Booster(model_file=…)` loads it. */
const modelFile = 'model.txt';
/** The features' names as the dataset has them; the text model holds them made plain. */
const featuresFile = 'features.json';

const predictRows = 65_536;

/**
 * A LightGBM model. What predicts is always a booster read from the text model, so that a saved and loaded one, here or
 * in Python, predicts bitwise the same.
 */
export class LightgbmModel implements FittedModel {
  /** LightGBM's own text model. */
  readonly text: string;
  readonly #featureNames: readonly string[];
  readonly #booster: LightgbmBooster;
  readonly #binary: boolean;

  constructor(text: string, featureNames: readonly string[]) {
    this.text = text;
    this.#featureNames = featureNames;
    this.#booster = LightgbmBooster.fromText(text);
    this.#binary = /^objective=binary\b/m.test(text);
  }

  /** @throws DomainError NOT_FOUND, ENGINE_MISSING, ENGINE_FAILED */
  static async load(directory: string): Promise<LightgbmModel> {
    try {
      const [text, names] = await Promise.all([
        readFile(path.join(directory, modelFile), 'utf8'),
        readFile(path.join(directory, featuresFile), 'utf8'),
      ]);
      return new LightgbmModel(text, JSON.parse(names) as string[]);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DomainError('NOT_FOUND', `no LightGBM model in ${directory}: ${messageOf(error)}`, { cause: error });
    }
  }

  async predict({ panel, rows, threads }: PredictInput): Promise<Prediction> {
    checkFeatures('LightGBM', this.#featureNames, panel);
    const values = new Float64Array(rows.length);
    const columns = panel.featureNames.length;
    for (let start = 0; start < rows.length; start += predictRows) {
      const end = Math.min(start + predictRows, rows.length);
      const matrix = {
        values: gatherRows(panel, rows, start, end),
        rows: end - start,
        columns,
        layout: 'rowMajor',
      } as const;
      this.#booster.predict(matrix, values.subarray(start, end), threads);
    }
    return { values, ...(this.#binary && { probabilities: true }) };
  }

  async save(directory: string): Promise<void> {
    await writeFile(path.join(directory, modelFile), this.text);
    await writeFile(path.join(directory, featuresFile), `${JSON.stringify(this.#featureNames)}\n`);
  }

  /** Each feature's share of the loss that all splits together saved. */
  importances(): { feature: string; value: number }[] {
    return shares(this.#featureNames, this.#booster.importances(this.#featureNames.length, 'gain'));
  }

  async close(): Promise<void> {
    this.#booster.close();
  }
}
