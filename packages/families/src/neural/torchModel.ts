import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import type { FamilyDefinition } from '@twostage/core/families/family';
import type { FigureInput } from '@twostage/core/runs/figures';
import { type OnnxModel, openOnnxModel } from '@twostage/engines/graph/onnx/model';
import type { RuntimeOptions } from '@twostage/engines/graph/runtime';
import { predictRows, type RowSource } from '@twostage/engines/graph/train';
import { z } from 'zod';
import { standardise } from '../preprocessing/standardiser.ts';
import { scaleTarget, unscaleTarget } from '../preprocessing/targetScale.ts';
import type { FigureContext, FittedModel, PredictInput, Prediction } from '../trainer.ts';
import { barsRead, networkRows, rowsWithWindow, windowInput } from './rows.ts';
import { windowPermutationFigures, windowsToAsk } from './windowPermutation.ts';

const files = { network: 'model.onnx', description: 'model.json' } as const;

/** What goes with model.onnx: how its input is made from features, and its output turned into a prediction. */
const descriptionSchema = z.object({
  family: z.string(),
  version: z.literal(1),
  /** Bars it reads at a row. */
  lookback: z.number().int().positive(),
  standardisation: z.object({
    featureNames: z.array(z.string()),
    means: z.array(z.number()),
    deviations: z.array(z.number()),
  }),
  target: z.object({ mean: z.number(), deviation: z.number().positive() }),
});
export type TorchDescription = z.infer<typeof descriptionSchema>;

/** Which family a network is of, and what it reads. */
export type TorchFamily = Pick<FamilyDefinition, 'id' | 'input'>;

/** Pictures of what goes on inside a network as it reads some rows; a model that was loaded holds nothing but its forecasts. */
export type DrawInside = (source: RowSource, featureNames: readonly string[]) => Promise<FigureInput[]>;

/** A trained network of the Torch group. Predicts through the very file it saves, so that what is loaded predicts bitwise the same. */
export class TorchModel implements FittedModel {
  private constructor(
    readonly family: TorchFamily,
    readonly bytes: Uint8Array,
    readonly description: TorchDescription,
    readonly network: OnnxModel,
    readonly draw: DrawInside,
  ) {}

  static async open(
    family: TorchFamily,
    bytes: Uint8Array,
    description: TorchDescription,
    options: RuntimeOptions,
    draw: DrawInside = async () => [],
  ): Promise<TorchModel> {
    return new TorchModel(family, bytes, description, await openOnnxModel(bytes, options), draw);
  }

  /** @throws DomainError BAD_FILE if the folder does not hold a saved model of the family */
  static async load(family: TorchFamily, directory: string, options: RuntimeOptions): Promise<TorchModel> {
    const path = join(directory, files.description);
    try {
      const ofFamily = descriptionSchema.extend({ family: z.literal(family.id) });
      const description = ofFamily.parse(JSON.parse(await readFile(path, 'utf8')));
      const bytes = await readFile(join(directory, files.network));
      return await TorchModel.open(family, bytes, description, options);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      const message = `${path}: expected a saved ${family.id}, got: ${messageOf(error)}`;
      throw new DomainError('BAD_FILE', message, { cause: error });
    }
  }

  async save(directory: string): Promise<void> {
    await writeFile(join(directory, files.network), this.bytes);
    await writeFile(join(directory, files.description), `${JSON.stringify(this.description, null, 2)}\n`);
  }

  async predict({ panel, rows, lookback }: PredictInput): Promise<Prediction> {
    const { standardisation, target, lookback: bars } = this.description;
    if (barsRead(this.family.input, lookback) !== bars) {
      const message = `the model was trained on windows of ${bars} bars, got ${lookback}`;
      throw new DomainError('SHAPE_MISMATCH', message);
    }
    const matrix = standardise(panel, standardisation);
    const ends = rowsWithWindow(panel, rows, bars);
    const source = networkRows(this.family.input, matrix, standardisation.featureNames.length, ends, bars);
    const outputs = await predictRows(this.network, source);
    const byRow = new Float64Array(panel.rows).fill(Number.NaN);
    ends.forEach((row, i) => {
      byRow[row] = unscaleTarget(outputs[i]!, target);
    });
    return { values: Float64Array.from(rows, (row) => byRow[row]!) };
  }

  /** What goes on inside it, then which features, and how far back, its forecasts of test rows rest on. */
  async figures({ panel, target, test }: FigureContext): Promise<FigureInput[]> {
    const { standardisation, target: scale, lookback } = this.description;
    const { featureNames } = standardisation;
    const ends = rowsWithWindow(panel, test, lookback).filter((row) => Number.isFinite(target[row]!));
    const every = Math.max(1, Math.ceil(ends.length / windowsToAsk(lookback, featureNames.length)));
    const rows = ends.filter((_, i) => i % every === 0);
    const windows = new Float32Array(rows.length * lookback * featureNames.length);
    const matrix = standardise(panel, standardisation);
    const inside = networkRows(this.family.input, matrix, featureNames.length, rows, lookback);
    const source = networkRows('sequence', matrix, featureNames.length, rows, lookback);
    source.fill(
      Uint32Array.from(rows, (_, i) => i),
      { [windowInput]: windows },
    );
    const labels = scaleTarget(target, rows, scale);
    return [
      ...(rows.length > 0 ? await this.draw(inside, featureNames) : []),
      ...(await windowPermutationFigures(this.network, { windows, labels, lookback, featureNames })),
    ];
  }

  async close(): Promise<void> {
    await this.network.close();
  }
}
