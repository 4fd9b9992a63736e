import { DomainError } from '@twostage/core/errors';
import type { RuntimeFactory, RuntimeOptions } from '@twostage/engines/graph/runtime';
import { createTensorFlowRuntime, describeTensorFlow } from '@twostage/engines/graph/tensorflow/runtime';
import { loadTensorFlow } from '@twostage/engines/tensorflow/load';
import type { NetworkEngine } from './artifact.ts';

export interface ChosenEngine {
  readonly engine: NetworkEngine;
  readonly createRuntime: RuntimeFactory;
  /** e.g. `TensorFlow 2.21.0, cpu, 2 threads` */
  readonly description: string;
}

/** Native TensorFlow, or ONNX Runtime where it is missing: the same graph, said aloud. */
export async function chooseEngine(options: RuntimeOptions): Promise<ChosenEngine> {
  try {
    const tensorFlow = loadTensorFlow(options);
    return {
      engine: 'tensorflow',
      createRuntime: createTensorFlowRuntime,
      description: describeTensorFlow(tensorFlow, options.threads),
    };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'ENGINE_MISSING') throw error;
    options.note(`ONNX Runtime takes the place of TensorFlow: ${error.message}`);
    // Not at the top: a process holds one engine.
    const { describeOnnx } = await import('@twostage/engines/graph/onnx/device');
    const { createOnnxRuntime } = await import('@twostage/engines/graph/onnx/runtime');
    const description = `${await describeOnnx(options)}, in place of TensorFlow`;
    return { engine: 'onnx', createRuntime: createOnnxRuntime, description };
  }
}
