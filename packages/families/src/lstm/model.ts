import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import type { Device } from '@twostage/core/runs/config';
import { type OnnxModel, openOnnxModel } from '@twostage/engines/graph/onnx/model';
import { predictRows } from '@twostage/engines/graph/train';
import { z } from 'zod';
import { standardise } from '../preprocessing/standardiser.ts';
import { unscaleTarget } from '../preprocessing/targetScale.ts';
import type { FittedModel, PredictInput, Prediction } from '../trainer.ts';
import { rowsWithWindow, windowSource } from './windows.ts';

const files = { network: 'model.onnx', description: 'model.json' } as const;

/** What goes with model.onnx: how its input is made from features, and its output turned into a prediction. */
const descriptionSchema = z.object({
  family: z.literal('LSTM'),
  version: z.literal(1),
  lookback: z.number().int().positive(),
  standardisation: z.object({
    featureNames: z.array(z.string()),
    means: z.array(z.number()),
    deviations: z.array(z.number()),
  }),
  target: z.object({ mean: z.number(), deviation: z.number().positive() }),
});
export type LstmDescription = z.infer<typeof descriptionSchema>;

/** A trained LSTM. Predicts through the very file it saves, so that what is loaded predicts bitwise the same. */
export class LstmModel implements FittedModel {
  private constructor(
    readonly bytes: Uint8Array,
    readonly description: LstmDescription,
    readonly network: OnnxModel,
  ) {}

  static async open(
    bytes: Uint8Array,
    description: LstmDescription,
    options: { threads: number; device: Device; note: (line: string) => void },
  ): Promise<LstmModel> {
    return new LstmModel(bytes, description, await openOnnxModel(bytes, options));
  }

  /** @throws DomainError BAD_FILE if the folder does not hold a saved LSTM */
  static async load(directory: string, threads: number, device: Device): Promise<LstmModel> {
    const path = join(directory, files.description);
    try {
      const description = descriptionSchema.parse(JSON.parse(await readFile(path, 'utf8')));
      const bytes = await readFile(join(directory, files.network));
      return await LstmModel.open(bytes, description, { threads, device, note: () => {} });
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DomainError('BAD_FILE', `${path}: expected a saved LSTM, got: ${messageOf(error)}`, { cause: error });
    }
  }

  async save(directory: string): Promise<void> {
    await writeFile(join(directory, files.network), this.bytes);
    await writeFile(join(directory, files.description), `${JSON.stringify(this.description, null, 2)}\n`);
  }

  async predict({ panel, rows, lookback }: PredictInput): Promise<Prediction> {
    const { standardisation, target } = this.description;
    if (lookback !== this.description.lookback) {
      const message = `the model was trained on windows of ${this.description.lookback} bars, got ${lookback}`;
      throw new DomainError('SHAPE_MISMATCH', message);
    }
    const matrix = standardise(panel, standardisation);
    const ends = rowsWithWindow(panel, rows, lookback);
    const source = windowSource(matrix, standardisation.featureNames.length, ends, lookback);
    const outputs = await predictRows(this.network, source);
    const byRow = new Float64Array(panel.rows).fill(Number.NaN);
    ends.forEach((row, i) => {
      byRow[row] = unscaleTarget(outputs[i]!, target);
    });
    return { kind: 'point', values: Float64Array.from(rows, (row) => byRow[row]!) };
  }

  async close(): Promise<void> {
    await this.network.close();
  }
}
