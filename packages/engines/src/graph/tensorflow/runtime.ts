import { DomainError, messageOf } from '@twostage/core/errors';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadTensorFlow, type TensorFlow } from '../../tensorflow/load.ts';
import { type Graph, showShape, sizeOf } from '../ir.ts';
import { fetches, type InferenceProgram, feeds as names, type Weights } from '../program.ts';
import { carried, repeatedSteps } from '../repeat.ts';
import type { Feeds, RuntimeFactory, RuntimeInput, RuntimeOptions, SeveralSteps, StepRuntime } from '../runtime.ts';
import { type Signature, servingTag, writeSavedModel } from './savedModel.ts';

type TensorFlowTensor = ReturnType<TensorFlow['tf']['tensor']>;
type Tensors = Record<string, TensorFlowTensor>;
type Model = Awaited<ReturnType<TensorFlow['tf']['node']['loadSavedModel']>>;

/** A call of TensorFlow with the tensors of a step costs some 250 µs. */
const stepsAtOnce = 4;

/**
 * Trains and runs a network by native TensorFlow, as signatures of one SavedModel.
 * @throws DomainError ENGINE_MISSING | ENGINE_FAILED
 */
export const createTensorFlowRuntime: RuntimeFactory = async (input) => {
  const tensorFlow = loadTensorFlow(input.options);
  noteDevice(tensorFlow, input.options);
  return new TensorFlowStepRuntime(tensorFlow, input, await loadPrograms(tensorFlow, input));
};

/** A graph and the signature that runs it. */
interface Loaded {
  readonly graph: Graph;
  readonly model: Model;
}

interface Programs {
  readonly predict: Loaded;
  readonly step: Loaded | null;
  /** `stepsAtOnce` of them. */
  readonly several: Loaded | null;
}

async function loadPrograms({ tf }: TensorFlow, { training, inference, oneByOne }: RuntimeInput): Promise<Programs> {
  const graphs = {
    predict: inference.graph,
    step: training?.graph ?? null,
    several: training && !oneByOne ? repeatedSteps(training, stepsAtOnce) : null,
  };
  const signatures: Record<string, Signature> = {};
  for (const [name, graph] of Object.entries(graphs)) if (graph) signatures[name] = { graph };
  const folder = await mkdtemp(path.join(tmpdir(), 'twostage-graph-'));
  try {
    await writeSavedModel(folder, signatures);
    // All share one native session, since they come from one path.
    const load = async (name: string, graph: Graph) => ({
      graph,
      model: await tf.node.loadSavedModel(folder, [servingTag], name),
    });
    return {
      predict: await load('predict', graphs.predict),
      step: graphs.step && (await load('step', graphs.step)),
      several: graphs.several && (await load('several', graphs.several)),
    };
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
  readonly several: SeveralSteps | null;
  readonly #inference: InferenceProgram;
  readonly #programs: Programs;
  /** Parameters, moments and state by input name; absent where no program reads them. */
  #held: Tensors;
  #closed = false;

  constructor(tensorFlow: TensorFlow, input: RuntimeInput, programs: Programs) {
    const { threads } = input.options;
    this.#tensorFlow = tensorFlow;
    this.#inference = input.inference;
    this.#programs = programs;
    const { several } = programs;
    this.several = several && {
      count: stepsAtOnce,
      step: async (feeds, hyper, terms) => this.#advance(several, feeds, hyper, terms),
    };
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
    const { step } = this.#programs;
    if (!step) throw new DomainError('ENGINE_FAILED', 'this runtime was made to predict only');
    return this.#advance(step, feeds, hyper, terms)[0]!;
  }

  /** @returns the loss of each step */
  #advance(steps: Loaded, feeds: Feeds, hyper: Float32Array, terms?: Float32Array): Float32Array {
    const outputs = this.#run(steps, { ...feeds, [names.hyper]: hyper });
    for (const [input, output] of Object.entries(carried)) {
      const next = outputs[output];
      if (!next) continue;
      this.#held[input]?.dispose();
      this.#held[input] = next;
    }
    const { [fetches.loss]: loss, [fetches.terms]: named } = outputs;
    const losses = loss!.dataSync() as Float32Array;
    if (named) terms?.set(named.dataSync() as Float32Array);
    this.#tensorFlow.tf.dispose(named ? [loss!, named] : [loss!]);
    return losses;
  }

  async predict(feeds: Feeds): Promise<Float32Array> {
    const { [fetches.output]: output } = this.#run(this.#programs.predict, feeds);
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
    for (const program of Object.values(this.#programs) as (Loaded | null)[]) program?.model.dispose();
  }

  /** Runs one program on feeds and held tensors; frees the feeds. */
  #run({ graph, model }: Loaded, feeds: Feeds): Tensors {
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
