import { DomainError, messageOf } from '@twostage/core/errors';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadTensorFlow, type TensorFlow } from '../../tensorflow/load.ts';
import { showShape, sizeOf } from '../ir.ts';
import { fetches, type InferenceProgram, feeds as names, type TrainingProgram, type Weights } from '../program.ts';
import type { Feeds, RuntimeFactory, RuntimeInput, RuntimeOptions, StepRuntime } from '../runtime.ts';
import { type Signature, servingTag, writeSavedModel } from './savedModel.ts';

type TensorFlowTensor = ReturnType<TensorFlow['tf']['tensor']>;
type Tensors = Record<string, TensorFlowTensor>;
type Model = Awaited<ReturnType<TensorFlow['tf']['node']['loadSavedModel']>>;

/** What a step carries to the next one: input name → output name. */
const carried = {
  [names.parameters]: fetches.parameters,
  [names.firstMoment]: fetches.firstMoment,
  [names.secondMoment]: fetches.secondMoment,
  [names.state]: fetches.state,
} as const;

/**
 * Trains and runs a network by native TensorFlow, as two signatures of one SavedModel.
 * @throws DomainError ENGINE_MISSING | ENGINE_FAILED
 */
export const createTensorFlowRuntime: RuntimeFactory = async (input) => {
  const tensorFlow = loadTensorFlow(input.options);
  noteDevice(tensorFlow, input.options);
  const { step, predict } = await loadPrograms(tensorFlow, input);
  return new TensorFlowStepRuntime(tensorFlow, input, step, predict);
};

async function loadPrograms(
  { tf }: TensorFlow,
  { training, inference }: RuntimeInput,
): Promise<{ step: Model | null; predict: Model }> {
  const signatures: Record<string, Signature> = { predict: { graph: inference.graph } };
  if (training) signatures.step = { graph: training.graph };
  const folder = await mkdtemp(path.join(tmpdir(), 'twostage-graph-'));
  try {
    await writeSavedModel(folder, signatures);
    const load = (signature: string) => tf.node.loadSavedModel(folder, [servingTag], signature);
    // Both share one native session, since they come from one path.
    return { step: training ? await load('step') : null, predict: await load('predict') };
  } catch (error) {
    throw new DomainError('ENGINE_FAILED', `TensorFlow refuses the graph: ${messageOf(error)}`, { cause: error });
  } finally {
    // Read whole while it was loaded.
    await rm(folder, { recursive: true, force: true });
  }
}

class TensorFlowStepRuntime implements StepRuntime {
  readonly description: string;
  readonly #tensorFlow: TensorFlow;
  readonly #training: TrainingProgram | null;
  readonly #inference: InferenceProgram;
  readonly #step: Model | null;
  readonly #predict: Model;
  /** Parameters, moments and state by input name; absent where no program reads them. */
  #held: Tensors;
  #closed = false;

  constructor(tensorFlow: TensorFlow, input: RuntimeInput, step: Model | null, predict: Model) {
    const { threads } = input.options;
    this.#tensorFlow = tensorFlow;
    this.#training = input.training;
    this.#inference = input.inference;
    this.#step = step;
    this.#predict = predict;
    this.description = describeTensorFlow(tensorFlow, threads);
    const { parameterCount, stateCount } = input.inference.spec;
    this.#held = {
      [names.parameters]: this.#vector(input.weights.parameters, parameterCount, 'parameters'),
    };
    if (stateCount > 0) this.#held[names.state] = this.#vector(input.weights.state, stateCount, 'state');
    if (input.training) {
      const zeros = new Float32Array(parameterCount);
      this.#held[names.firstMoment] = this.#vector(zeros, parameterCount, 'firstMoment');
      this.#held[names.secondMoment] = this.#vector(zeros, parameterCount, 'secondMoment');
    }
  }

  async step(feeds: Feeds, hyper: Float32Array, terms?: Float32Array): Promise<number> {
    if (!this.#step || !this.#training) throw new DomainError('ENGINE_FAILED', 'this runtime was made to predict only');
    const outputs = this.#run(this.#step, this.#training, { ...feeds, [names.hyper]: hyper });
    for (const [input, output] of Object.entries(carried)) {
      const next = outputs[output];
      if (!next) continue;
      this.#held[input]?.dispose();
      this.#held[input] = next;
    }
    const { [fetches.loss]: loss, [fetches.terms]: named } = outputs;
    const value = loss!.dataSync()[0]!;
    if (named) terms?.set(named.dataSync() as Float32Array);
    this.#tensorFlow.tf.dispose(named ? [loss!, named] : [loss!]);
    return value;
  }

  async predict(feeds: Feeds): Promise<Float32Array> {
    const { [fetches.output]: output } = this.#run(this.#predict, this.#inference, feeds);
    const values = output!.dataSync() as Float32Array;
    output!.dispose();
    return values;
  }

  async weights(): Promise<Weights> {
    const parameters = this.#held[names.parameters]!.dataSync() as Float32Array;
    const state = (this.#held[names.state]?.dataSync() as Float32Array | undefined) ?? new Float32Array(0);
    return { parameters, state };
  }

  async setWeights({ parameters, state }: Weights): Promise<void> {
    const { parameterCount, stateCount } = this.#inference.spec;
    this.#replace(names.parameters, this.#vector(parameters, parameterCount, 'parameters'));
    if (stateCount > 0) this.#replace(names.state, this.#vector(state, stateCount, 'state'));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#tensorFlow.tf.dispose(Object.values(this.#held));
    this.#held = {};
    this.#step?.dispose();
    this.#predict.dispose();
  }

  /** Runs one program on feeds and held tensors; frees the feeds. */
  #run(model: Model, { graph }: TrainingProgram | InferenceProgram, feeds: Feeds): Tensors {
    const { tf } = this.#tensorFlow;
    if (this.#closed) throw new DomainError('ENGINE_FAILED', 'this runtime was closed');
    const fed: TensorFlowTensor[] = [];
    try {
      const inputs: Tensors = {};
      for (const [name, { shape }] of graph.inputs) {
        const held = this.#held[name];
        if (held) {
          inputs[name] = held;
          continue;
        }
        const values = feeds[name];
        if (values?.length !== sizeOf(shape)) throw mismatch(name, `${sizeOf(shape)} values`, values?.length);
        const tensor = tf.tensor(values, [...shape], 'float32');
        fed.push(tensor);
        inputs[name] = tensor;
      }
      return model.predict(inputs) as Tensors;
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DomainError('ENGINE_FAILED', `TensorFlow: ${messageOf(error)}`, { cause: error });
    } finally {
      tf.dispose(fed);
    }
  }

  #vector(values: Float32Array, length: number, what: string): TensorFlowTensor {
    if (values.length !== length) throw mismatch(what, showShape([length]), values.length);
    return this.#tensorFlow.tf.tensor(values.slice(), [length], 'float32');
  }

  #replace(name: string, tensor: TensorFlowTensor): void {
    this.#held[name]?.dispose();
    this.#held[name] = tensor;
  }
}

function mismatch(name: string, expected: string, length: number | undefined): DomainError {
  const came = length === undefined ? 'nothing' : `[${length}]`;
  return new DomainError('SHAPE_MISMATCH', `input "${name}" takes ${expected}, got ${came}`);
}

/** Says aloud where the CPU took a device's place. */
export function noteDevice({ version, device }: TensorFlow, options: RuntimeOptions): void {
  if ((options.device === 'cuda' || options.device === 'webgpu') && device !== options.device) {
    options.note(`TensorFlow ${version} cannot use ${options.device} here, ${device} takes its place`);
  }
}

/** e.g. `TensorFlow 2.21.0, cpu, 2 threads` */
export function describeTensorFlow({ version, device }: TensorFlow, threads: number): string {
  return `TensorFlow ${version}, ${device}, ${threads} thread${threads === 1 ? '' : 's'}`;
}
