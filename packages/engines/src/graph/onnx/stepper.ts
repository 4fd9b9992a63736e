import { DomainError } from '@twostage/core/errors';
import { Tensor } from 'onnxruntime-node';
import type { Graph, Shape } from '../ir.ts';
import { feeds as names, fetches, type TrainingProgram, type Weights } from '../program.ts';
import type { Feeds } from '../runtime.ts';
import type { OnnxSession } from './session.ts';

/** Holds parameters, moments and state, and moves them on. */
export interface Stepper {
  /** See `StepRuntime.step`. */
  step(feeds: Feeds, hyper: Float32Array, terms?: Float32Array): Promise<number>;
  /** As they are after the last step; to be read before the next one, not to be written. */
  learnt(): Promise<Learnt>;
  /** See `StepRuntime.setWeights`. */
  setWeights(weights: Weights): Promise<void>;
  close(): Promise<void>;
}

/** [parameterCount] and [stateCount] */
export type Learnt = Readonly<Record<'parameters' | 'state', Tensor>>;

/** Parameters, moments and state: read by one step and written by it into a second set, in turns. */
type Slots = Learnt & Readonly<Record<'firstMoment' | 'secondMoment', Tensor>>;

/** One session that computes whole batches; without one, it only holds what was learnt. */
export class WholeStepper implements Stepper {
  #current: Slots;
  #next: Slots;
  readonly #loss = tensor(new Float32Array(1), []);

  constructor(
    readonly training: { readonly program: TrainingProgram; readonly session: OnnxSession } | null,
    weights: Weights,
  ) {
    this.#current = slots(weights);
    this.#next = slots(weights);
  }

  async step(feeds: Feeds, hyper: Float32Array, terms?: Float32Array): Promise<number> {
    if (this.training === null)
      throw new DomainError('INVALID_INPUT', 'this model was loaded to predict, not to train');
    const { program, session } = this.training;
    const state = program.spec.stateCount > 0;
    const inputs = {
      ...batchTensors(program.graph, feeds),
      ...learntFeeds(this.#current, state),
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
    if (terms && program.terms.length > 0) outputs[fetches.terms] = tensor(terms);
    await session.run(inputs, outputs);
    [this.#current, this.#next] = [this.#next, this.#current];
    return data(this.#loss)[0]!;
  }

  async learnt(): Promise<Learnt> {
    return this.#current;
  }

  async setWeights({ parameters, state }: Weights): Promise<void> {
    data(this.#current.parameters).set(parameters);
    data(this.#current.state).set(state);
  }

  async close(): Promise<void> {
    await this.training?.session.release();
  }
}

export function tensor(values: Float32Array, shape: Shape = [values.length]): Tensor {
  return new Tensor('float32', values, shape);
}

/** Of a float32 tensor on the CPU: the array itself, not a copy. */
export function data(of: Tensor): Float32Array {
  return of.data as Float32Array;
}

function slots({ parameters, state }: Weights): Slots {
  return {
    parameters: tensor(parameters.slice()),
    firstMoment: tensor(new Float32Array(parameters.length)),
    secondMoment: tensor(new Float32Array(parameters.length)),
    state: tensor(state.slice()),
  };
}

export function learntFeeds({ parameters, state }: Learnt, hasState: boolean): Record<string, Tensor> {
  return { [names.parameters]: parameters, ...(hasState ? { [names.state]: state } : {}) };
}

export function batchTensors(graph: Graph, feeds: Feeds): Record<string, Tensor> {
  const inputs: Record<string, Tensor> = {};
  for (const [name, { shape }] of graph.inputs) {
    const values = feeds[name];
    if (values !== undefined) inputs[name] = tensor(values, shape);
  }
  return inputs;
}
