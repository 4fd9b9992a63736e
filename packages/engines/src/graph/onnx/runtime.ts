import { DomainError } from '@twostage/core/errors';
import { Tensor } from 'onnxruntime-node';
import type { Graph, Shape } from '../ir.ts';
import { feeds as names, fetches, type InferenceProgram, type TrainingProgram, type Weights } from '../program.ts';
import type { Feeds, RuntimeInput, StepRuntime } from '../runtime.ts';
import { emitOnnx } from './emit.ts';
import { describeSession, type OnnxSession, openSession } from './session.ts';

/** Trains and runs a network with ONNX Runtime. @throws DomainError ENGINE_FAILED */
export async function createOnnxRuntime(input: RuntimeInput): Promise<StepRuntime> {
  const { training, inference, weights, options } = input;
  const open = (graph: Graph) => openSession(emitOnnx(graph, { portable: false }), options);
  const predicting = await open(inference.graph);
  try {
    const stepping = training ? { program: training, session: await open(training.graph) } : null;
    const description = describeSession((stepping?.session ?? predicting).provider, options.threads);
    return new OnnxRuntime(description, { program: inference, session: predicting }, stepping, weights);
  } catch (error) {
    await predicting.release();
    throw error;
  }
}

interface Loaded<P> {
  readonly program: P;
  readonly session: OnnxSession;
}
/** Parameters, moments and state: read by one step and written by it into a second set, in turns. */
type Slots = Record<'parameters' | 'firstMoment' | 'secondMoment' | 'state', Tensor>;

class OnnxRuntime implements StepRuntime {
  #current: Slots;
  #next: Slots;
  readonly #loss = tensor(new Float32Array(1), []);
  readonly #inference: Loaded<InferenceProgram>;
  readonly #training: Loaded<TrainingProgram> | null;

  constructor(
    readonly description: string,
    inference: Loaded<InferenceProgram>,
    training: Loaded<TrainingProgram> | null,
    weights: Weights,
  ) {
    this.#inference = inference;
    this.#training = training;
    this.#current = slots(weights);
    this.#next = slots(weights);
  }

  async step(feeds: Feeds, hyper: Float32Array): Promise<number> {
    if (this.#training === null)
      throw new DomainError('INVALID_INPUT', 'this model was loaded to predict, not to train');
    const { program, session } = this.#training;
    const state = program.spec.stateCount > 0;
    const inputs = {
      ...batchTensors(program.graph, feeds),
      ...slotFeeds(this.#current, state),
      [names.firstMoment]: this.#current.firstMoment,
      [names.secondMoment]: this.#current.secondMoment,
      [names.hyper]: tensor(hyper, [hyper.length]),
    };
    const outputs: Record<string, Tensor> = {
      [fetches.loss]: this.#loss,
      [fetches.parameters]: this.#next.parameters,
      [fetches.firstMoment]: this.#next.firstMoment,
      [fetches.secondMoment]: this.#next.secondMoment,
    };
    if (state) outputs[fetches.state] = this.#next.state;
    await session.run(inputs, outputs);
    [this.#current, this.#next] = [this.#next, this.#current];
    return values(this.#loss)[0]!;
  }

  async predict(feeds: Feeds): Promise<Float32Array> {
    const { program, session } = this.#inference;
    const inputs = { ...batchTensors(program.graph, feeds), ...slotFeeds(this.#current, program.spec.stateCount > 0) };
    const size = program.outputShape.reduce((product, length) => product * length, 1);
    const output = new Float32Array(size);
    await session.run(inputs, { [fetches.output]: tensor(output, program.outputShape) });
    return output;
  }

  async weights(): Promise<Weights> {
    return { parameters: values(this.#current.parameters).slice(), state: values(this.#current.state).slice() };
  }

  async setWeights({ parameters, state }: Weights): Promise<void> {
    values(this.#current.parameters).set(parameters);
    values(this.#current.state).set(state);
  }

  async close(): Promise<void> {
    await this.#inference.session.release();
    await this.#training?.session.release();
  }
}

function tensor(data: Float32Array, shape: Shape): Tensor {
  return new Tensor('float32', data, shape);
}

function values(of: Tensor): Float32Array {
  return of.data as Float32Array;
}

function slots({ parameters, state }: Weights): Slots {
  const vector = (data: Float32Array) => tensor(data, [data.length]);
  return {
    parameters: vector(parameters.slice()),
    firstMoment: vector(new Float32Array(parameters.length)),
    secondMoment: vector(new Float32Array(parameters.length)),
    state: vector(state.slice()),
  };
}

function slotFeeds({ parameters, state }: Slots, hasState: boolean): Record<string, Tensor> {
  return { [names.parameters]: parameters, ...(hasState ? { [names.state]: state } : {}) };
}

function batchTensors(graph: Graph, feeds: Feeds): Record<string, Tensor> {
  const inputs: Record<string, Tensor> = {};
  for (const [name, { shape }] of graph.inputs) {
    const data = feeds[name];
    if (data !== undefined) inputs[name] = tensor(data, shape);
  }
  return inputs;
}
