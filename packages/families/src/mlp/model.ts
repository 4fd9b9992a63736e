import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import type { InputSpec } from '@twostage/engines/graph/network';
import { inferenceProgram, type Weights } from '@twostage/engines/graph/program';
import type { RuntimeOptions } from '@twostage/engines/graph/runtime';
import { exportSavedModel, openSavedModel } from '@twostage/engines/graph/tensorflow/model';
import { type BatchPredictor, predictRows, type RowSource } from '@twostage/engines/graph/train';
import { z } from 'zod';
import { standardise } from '../preprocessing/standardiser.ts';
import { unscaleTarget } from '../preprocessing/targetScale.ts';
import type { FittedModel, PredictInput, Prediction } from '../trainer.ts';
import { featureInput, mlpNetwork, type NetworkSize } from './network.ts';

const descriptionFile = 'model.json';
/** What holds the trained network: a SavedModel, or an ONNX file where it was trained without native TensorFlow. */
const networkFiles = { tensorflow: 'saved_model', onnx: 'model.onnx' } as const;
export type MlpEngine = keyof typeof networkFiles;

/** Rows a call: fixed, since a product of another height may round in another way. */
const predictionBatch = 1024;

/** What goes with the network: how its input is made from features, and its output turned into a prediction. */
const descriptionSchema = z.object({
  family: z.literal('MLP'),
  version: z.literal(1),
  engine: z.enum(['tensorflow', 'onnx']),
  standardisation: z.object({
    featureNames: z.array(z.string()),
    means: z.array(z.number()),
    deviations: z.array(z.number()),
  }),
  target: z.object({ mean: z.number(), deviation: z.number().positive() }),
});
export type MlpDescription = z.infer<typeof descriptionSchema>;

/** A trained MLP. Predicts through the very files it saves, so that what is loaded predicts bitwise the same. */
export class MlpModel implements FittedModel {
  private constructor(
    readonly directory: string,
    readonly description: MlpDescription,
    readonly network: BatchPredictor & { readonly description: string; readonly close: () => Promise<void> },
    /** The folder is this model's own and goes with it. */
    readonly ownsDirectory: boolean,
  ) {}

  /** Writes a trained network into a folder of its own and opens it from there. */
  static async create(
    size: NetworkSize,
    weights: Weights,
    description: MlpDescription,
    options: RuntimeOptions,
  ): Promise<MlpModel> {
    const directory = await mkdtemp(path.join(tmpdir(), 'twostage-mlp-'));
    try {
      const program = inferenceProgram(mlpNetwork(size), predictionBatch, weights);
      const network = path.join(directory, networkFiles[description.engine]);
      if (description.engine === 'tensorflow') {
        await mkdir(network);
        await exportSavedModel(program, network);
      } else {
        const { exportOnnx } = await import('@twostage/engines/graph/onnx/model');
        await writeFile(network, exportOnnx(program, { family: 'MLP' }));
      }
      await writeFile(path.join(directory, descriptionFile), `${JSON.stringify(description, null, 2)}\n`);
      return new MlpModel(directory, description, await open(directory, description, options), true);
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** @throws DomainError BAD_FILE if the folder does not hold a saved MLP; ENGINE_MISSING if it needs TensorFlow and there is none */
  static async load(directory: string, options: RuntimeOptions): Promise<MlpModel> {
    const file = path.join(directory, descriptionFile);
    try {
      const description = descriptionSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      return new MlpModel(directory, description, await open(directory, description, options), false);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DomainError('BAD_FILE', `${file}: expected a saved MLP, got: ${messageOf(error)}`, { cause: error });
    }
  }

  async save(directory: string): Promise<void> {
    await cp(this.directory, directory, { recursive: true });
  }

  async predict({ panel, rows }: PredictInput): Promise<Prediction> {
    const { standardisation, target } = this.description;
    const matrix = standardise(panel, standardisation, rows);
    const outputs = await predictRows(this.network, featureSource(matrix, standardisation.featureNames.length));
    return { kind: 'point', values: Float64Array.from(outputs, (output) => unscaleTarget(output, target)) };
  }

  async close(): Promise<void> {
    await this.network.close();
    if (this.ownsDirectory) await rm(this.directory, { recursive: true, force: true });
  }
}

/** Rows of a matrix, [rows, features]. */
export function featureSource(matrix: Float32Array, features: number): RowSource {
  return {
    rows: matrix.length / features,
    fill: (rows, inputs) => {
      const batch = inputs[featureInput]!;
      rows.forEach((row, i) => {
        batch.set(matrix.subarray(row * features, (row + 1) * features), i * features);
      });
    },
  };
}

async function open(directory: string, { engine, standardisation }: MlpDescription, options: RuntimeOptions) {
  const network = path.join(directory, networkFiles[engine]);
  if (engine === 'onnx') {
    // Not at the top: a process holds one engine.
    const { openOnnxModel } = await import('@twostage/engines/graph/onnx/model');
    return openOnnxModel(await readFile(network), options);
  }
  const inputs: InputSpec[] = [{ name: featureInput, shape: [standardisation.featureNames.length] }];
  return openSavedModel(network, { batchSize: predictionBatch, inputs, outputsPerRow: 1 }, options);
}
