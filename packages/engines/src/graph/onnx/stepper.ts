import { DomainError } from '@twostage/core/errors';
import { Tensor } from 'onnxruntime-node';
import { type Graph, type Shape, sizeOf } from '../ir.ts';
import { feeds as names, fetches, type Weights } from '../program.ts';
import type { Feeds, SeveralSteps } from '../runtime.ts';
import type { OnnxSession } from './session.ts';

/** Holds parameters, moments and state, and moves them on. */
export interface Stepper {
  /** See `StepRuntime.step`. */
  step(feeds: Feeds, hyper: Float32Array, terms?: Float32Array): Promise<number>;
  /** See `StepRuntime.several`. */
  readonly several: SeveralSteps | null;
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

/** A training step, or several in a row, and the session that runs it. */
export interface StepSession {
  readonly graph: Graph;
  readonly session: OnnxSession;
}

/** Sessions that compute whole batches; without them, it only holds what was learnt. */
export class WholeStepper implements Stepper {
  readonly several: SeveralSteps | null;
  readonly #sessions: { readonly one: StepSession; readonly several: StepSession | null } | null;
  #current: Slots;
  #next: Slots;

  constructor(
    sessions: { readonly one: StepSession; readonly several: (StepSession & { count: number }) | null } | null,
    weights: Weights,
  ) {
    this.#sessions = sessions;
    this.#current = slots(weights);
    this.#next = slots(weights);
    const several = sessions?.several ?? null;
    this.several = several && {
      count: several.count,
      step: (feeds, hyper, terms) => this.#run(several, feeds, hyper, terms),
    };
  }

  async step(feeds: Feeds, hyper: Float32Array, terms?: Float32Array): Promise<number> {
    if (this.#sessions === null)
      throw new DomainError('INVALID_INPUT', 'this model was loaded to predict, not to train');
    return (await this.#run(this.#sessions.one, feeds, hyper, terms))[0]!;
  }

  /** @returns the loss of each step */
  async #run(
    { graph, session }: StepSession,
    feeds: Feeds,
    hyper: Float32Array,
    terms?: Float32Array,
  ): Promise<Float32Array> {
    const { parameters, firstMoment, secondMoment, state } = this.#next;
    const has = (name: string) => graph.outputs.has(name);
    const loss = graph.outputs.get(fetches.loss)!.shape;
    const losses = new Float32Array(sizeOf(loss));
    const inputs = {
      ...batchTensors(graph, { ...feeds, [names.hyper]: hyper }),
      ...learntFeeds(this.#current, has(fetches.state)),
      [names.firstMoment]: this.#current.firstMoment,
      [names.secondMoment]: this.#current.secondMoment,
    };
    const outputs: Record<string, Tensor> = {
      [fetches.loss]: tensor(losses, loss),
      [fetches.parameters]: parameters,
      [fetches.firstMoment]: firstMoment,
      [fetches.secondMoment]: secondMoment,
    };
    if (has(fetches.state)) outputs[fetches.state] = state;
    if (terms && has(fetches.terms)) outputs[fetches.terms] = tensor(terms, graph.outputs.get(fetches.terms)!.shape);
    await session.run(inputs, outputs);
    [this.#current, this.#next] = [this.#next, this.#current];
    return losses;
  }

  async learnt(): Promise<Learnt> {
    return this.#current;
  }

  async setWeights({ parameters, state }: Weights): Promise<void> {
    data(this.#current.parameters).set(parameters);
    data(this.#current.state).set(state);
  }

  async close(): Promise<void> {
    await this.#sessions?.one.session.release();
    await this.#sessions?.several?.session.release();
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
