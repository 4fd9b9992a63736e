import { DomainError } from '@twostage/core/errors';
import { Tensor } from 'onnxruntime-node';
import { sizeOf } from '../ir.ts';
import { fetches, type InferenceProgram } from '../program.ts';
import type { Feeds, RuntimeOptions } from '../runtime.ts';
import type { BatchPredictor } from '../train.ts';
import { standard } from './dialect.ts';
import { emitOnnx } from './emit.ts';
import { describeSession, openSession, type TensorInfo } from './session.ts';

/** An ONNX file at work. */
export interface OnnxModel extends BatchPredictor {
  /** What runs it, e.g. `ONNX Runtime 1.30.0, cpu, 2 threads`. */
  readonly description: string;
  readonly close: () => Promise<void>;
}

/**
 * A trained network as an .onnx file of standard operators, weights included.
 * @param program of `inferenceProgram` with weights: nothing but the network's inputs is fed
 */
export function exportOnnx(program: InferenceProgram, metadata: Readonly<Record<string, string>>): Uint8Array {
  const fed = [...program.graph.inputs.keys()].filter(
    (name) => !program.spec.inputs.some((input) => input.name === name),
  );
  if (fed.length > 0) {
    throw new DomainError(
      'INVALID_INPUT',
      `a model that stands alone has no inputs beside its own, got ${fed.join(', ')}`,
    );
  }
  return emitOnnx(program.graph, standard, metadata);
}

/**
 * Opens an .onnx file as `exportOnnx` writes it: float32 inputs of one batch size, one output.
 * @throws DomainError BAD_FILE if it is not such a file; ENGINE_FAILED if ONNX Runtime refuses it
 */
export async function openOnnxModel(bytes: Uint8Array, options: RuntimeOptions): Promise<OnnxModel> {
  const session = await openSession(() => bytes, options);
  const outputShape = session.outputs.find(({ name }) => name === fetches.output)?.shape;
  const batchSize = outputShape?.[0];
  const regular = session.inputs.every(({ shape }) => shape?.[0] === batchSize);
  if (!outputShape || !batchSize || !regular) {
    await session.release();
    const came = [...session.inputs, ...session.outputs].map(show).join('; ');
    throw new DomainError('BAD_FILE', `a model has inputs and an "${fetches.output}" of one batch size, got ${came}`);
  }
  const shapes = new Map(session.inputs.map(({ name, shape }) => [name, shape!]));
  return {
    description: describeSession(session.provider, options.threads),
    batchSize,
    inputs: [...shapes].map(([name, shape]) => ({ name, shape: shape.slice(1) })),
    outputShape,
    predict: async (feeds: Feeds) => {
      const output = new Float32Array(sizeOf(outputShape));
      const inputs = [...shapes].map(([name, shape]) => [name, new Tensor('float32', feeds[name]!, shape)] as const);
      await session.run(Object.fromEntries(inputs), {
        [fetches.output]: new Tensor('float32', output, outputShape),
      });
      return output;
    },
    close: () => session.release(),
  };
}

function show({ name, shape }: TensorInfo): string {
  return `${name} [${shape?.join(', ') ?? '?'}]`;
}
