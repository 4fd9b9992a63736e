import { access } from 'node:fs/promises';
import path from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import { loadTensorFlow } from '../../tensorflow/load.ts';
import { sizeOf } from '../ir.ts';
import type { InputSpec } from '../network.ts';
import { fetches, type InferenceProgram } from '../program.ts';
import type { Feeds, RuntimeOptions } from '../runtime.ts';
import type { BatchPredictor } from '../train.ts';
import { describeTensorFlow, noteDevice } from './runtime.ts';
import { savedModelFile, servingTag, writeSavedModel } from './savedModel.ts';

/** The signature tools look for where none is named. */
export const servingSignature = 'serving_default';

/** A SavedModel at work. */
export interface SavedModel extends BatchPredictor {
  /** What runs it, e.g. `TensorFlow 2.21.0, cpu, 2 threads`. */
  readonly description: string;
  readonly close: () => Promise<void>;
}

/**
 * Writes a trained network as a SavedModel that takes any number of rows, weights included.
 * @param directory an existing folder
 * @param program of `inferenceProgram` with weights: nothing but the network's inputs is fed
 * @throws DomainError INVALID_INPUT if the program needs more inputs, or mixes rows
 */
export async function exportSavedModel(program: InferenceProgram, directory: string): Promise<void> {
  const own = program.spec.inputs.map(({ name }) => name);
  const fed = [...program.graph.inputs.keys()].filter((name) => !own.includes(name));
  if (fed.length > 0) {
    const message = `a model that stands alone has no inputs beside its own, got ${fed.join(', ')}`;
    throw new DomainError('INVALID_INPUT', message);
  }
  await writeSavedModel(directory, { [servingSignature]: { graph: program.graph, anyBatch: true } });
}

export interface SavedModelShape {
  /** Rows a call; the model itself takes any number. */
  readonly batchSize: number;
  readonly inputs: readonly InputSpec[];
  /** Numbers the model gives for one row. */
  readonly outputsPerRow: number;
}

/**
 * Opens a folder as `exportSavedModel` writes it.
 * @throws DomainError BAD_FILE if it is not there; ENGINE_MISSING; ENGINE_FAILED if TensorFlow refuses it
 */
export async function openSavedModel(
  directory: string,
  { batchSize, inputs, outputsPerRow }: SavedModelShape,
  options: RuntimeOptions,
): Promise<SavedModel> {
  const file = path.join(directory, savedModelFile);
  await access(file).catch((error) => {
    throw new DomainError('BAD_FILE', `${file}: expected a SavedModel, got: ${messageOf(error)}`, { cause: error });
  });
  const tensorFlow = loadTensorFlow(options);
  noteDevice(tensorFlow, options);
  const { tf } = tensorFlow;
  const failed = (error: unknown) =>
    new DomainError('ENGINE_FAILED', `TensorFlow, ${file}: ${messageOf(error)}`, { cause: error });
  const model = await tf.node.loadSavedModel(directory, [servingTag], servingSignature).catch((error) => {
    throw failed(error);
  });

  const predict = async (feeds: Feeds): Promise<Float32Array> => {
    const fed = inputs.map(({ name, shape }) => [name, tf.tensor(feeds[name]!, [batchSize, ...shape])] as const);
    try {
      const outputs = model.predict(Object.fromEntries(fed)) as Record<string, ReturnType<typeof tf.tensor>>;
      const output = outputs[fetches.output]!;
      const values = output.dataSync() as Float32Array;
      tf.dispose(outputs);
      return values;
    } catch (error) {
      throw failed(error);
    } finally {
      for (const [, tensor] of fed) tensor.dispose();
    }
  };
  return {
    description: describeTensorFlow(tensorFlow, options.threads),
    batchSize,
    inputs,
    outputShape: [batchSize, outputsPerRow],
    predict,
    close: async () => model.dispose(),
  };
}

/** Numbers a program gives for one row. */
export function outputsPerRow({ outputShape, batchSize }: InferenceProgram): number {
  return sizeOf(outputShape) / batchSize;
}
