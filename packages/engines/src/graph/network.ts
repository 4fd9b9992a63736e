import { DomainError } from '@twostage/core/errors';
import type { GraphBuilder } from './builder.ts';
import { type Shape, sameShape, showShape, sizeOf, type Tensor } from './ir.ts';

/** How a parameter starts. `uniform`: in [-bound, bound), drawn from the network's seed. */
export type Initializer =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly bound: number };

/**
 * A network, written once: declares its inputs and parameters as it goes and returns its output [batch, …].
 * It is run for training and for inference, and once before to learn what it declares; it must declare the same each time.
 */
export type Network = (scope: NetworkScope) => Tensor;

/** What a network may ask for while it is built. */
export interface NetworkScope {
  readonly builder: GraphBuilder;
  readonly mode: 'training' | 'inference';
  readonly batchSize: number;
  /** [batch], training only: 1 for a row, 0 for the padding of the last, partial batch. Null in inference. */
  readonly rowWeights: Tensor | null;
  /** @param shape of one row @returns [batch, ...shape] */
  input(name: string, shape: Shape): Tensor;
  /** Learnt by the optimizer. */
  parameter(name: string, shape: Shape, initializer: Initializer): Tensor;
  /** Carried from step to step but not learnt, e.g. running statistics. */
  state(name: string, shape: Shape, initialValue: number): Tensor;
  /** What `state` is after this step; training only. */
  updateState(name: string, value: Tensor): void;
  /** Silences each element with probability `rate` and scales the others by 1 / (1 − rate); inference: identity. */
  dropout(x: Tensor, rate: number): Tensor;
  /** Standard normal numbers, drawn anew at each step; training only. @param shape of one row @returns [batch, ...shape] */
  noise(name: string, shape: Shape): Tensor;
  /** What whoever trains gives at each step, e.g. a weight that is annealed; training only. @returns a tensor of `shape` */
  fed(name: string, shape: Shape): Tensor;
  /** The numbers of a parameter as they are now; no gradient flows through them. */
  detached(name: string): Tensor;
  /** Shows the loss what is not in the output. */
  expose(name: string, tensor: Tensor): void;
}

/** What a loss may ask for beside the output. */
export interface LossScope {
  /** @throws DomainError NOT_FOUND if the network exposed no such tensor */
  exposed(name: string): Tensor;
  /** As `NetworkScope.fed`. */
  fed(name: string, shape: Shape): Tensor;
  /** A scalar worth watching beside the loss, e.g. a part of it. */
  term(name: string, value: Tensor): void;
}

export interface InputSpec {
  readonly name: string;
  /** Of one row. */
  readonly shape: Shape;
}
export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  /** Of its first element in the flat vector. */
  readonly offset: number;
}
export interface StateSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly initialValue: number;
  readonly offset: number;
}
/** A mask fed at each step of training: 0, or 1 / (1 − rate). */
export interface DropoutSpec {
  readonly name: string;
  /** With the batch axis. */
  readonly shape: Shape;
  readonly rate: number;
}

/** Standard normal numbers fed at each step of training. */
export interface NoiseSpec {
  readonly name: string;
  /** With the batch axis. */
  readonly shape: Shape;
}
/** A tensor that whoever trains gives at each step. */
export interface FedSpec {
  readonly name: string;
  readonly shape: Shape;
}

/** Everything a network declared, in order. */
export interface NetworkSpec {
  readonly inputs: readonly InputSpec[];
  readonly parameters: readonly ParameterSpec[];
  readonly states: readonly StateSpec[];
  /** Lengths of the flat vectors. */
  readonly parameterCount: number;
  readonly stateCount: number;
}

/** Records what a network declares; subclasses say which tensors it gets. */
export abstract class DeclaringScope implements NetworkScope, LossScope {
  readonly inputs: InputSpec[] = [];
  readonly parameters: ParameterSpec[] = [];
  readonly states: StateSpec[] = [];
  readonly dropouts: DropoutSpec[] = [];
  readonly noises: NoiseSpec[] = [];
  readonly fedTensors: FedSpec[] = [];
  readonly stateUpdates = new Map<string, Tensor>();
  readonly terms = new Map<string, Tensor>();
  readonly #exposed = new Map<string, Tensor>();

  constructor(
    readonly builder: GraphBuilder,
    readonly mode: 'training' | 'inference',
    readonly batchSize: number,
    readonly rowWeights: Tensor | null,
  ) {}

  protected abstract parameterTensor(spec: ParameterSpec): Tensor;
  protected abstract stateTensor(spec: StateSpec): Tensor;
  protected detachedTensor(spec: ParameterSpec): Tensor {
    return this.parameterTensor(spec);
  }

  input(name: string, shape: Shape): Tensor {
    this.inputs.push({ name, shape });
    return this.builder.input(name, [this.batchSize, ...shape]);
  }

  parameter(name: string, shape: Shape, initializer: Initializer): Tensor {
    const spec = { name, shape, initializer, offset: endOf(this.parameters) };
    unique(this.parameters, name);
    this.parameters.push(spec);
    return this.parameterTensor(spec);
  }

  state(name: string, shape: Shape, initialValue: number): Tensor {
    const spec = { name, shape, initialValue, offset: endOf(this.states) };
    unique(this.states, name);
    this.states.push(spec);
    return this.stateTensor(spec);
  }

  updateState(name: string, value: Tensor): void {
    const spec = this.states.find((state) => state.name === name);
    if (!spec) throw new DomainError('NOT_FOUND', `no state "${name}" was declared`);
    if (!sameShape(spec.shape, value.shape)) {
      const shapes = `${showShape(spec.shape)}, got ${showShape(value.shape)}`;
      throw new DomainError('SHAPE_MISMATCH', `state "${name}" is of ${shapes}`);
    }
    this.stateUpdates.set(name, value);
  }

  dropout(x: Tensor, rate: number): Tensor {
    if (this.mode === 'inference' || rate === 0) return x;
    const spec = { name: `dropout${this.dropouts.length}`, shape: x.shape, rate };
    this.dropouts.push(spec);
    return this.builder.multiply(x, this.builder.input(spec.name, spec.shape));
  }

  noise(name: string, shape: Shape): Tensor {
    const spec = { name, shape: [this.batchSize, ...shape] };
    this.#trainingOnly('noise', name);
    this.noises.push(spec);
    return this.builder.input(name, spec.shape);
  }

  fed(name: string, shape: Shape): Tensor {
    this.#trainingOnly('a fed tensor', name);
    this.fedTensors.push({ name, shape });
    return this.builder.input(name, shape);
  }

  detached(name: string): Tensor {
    const spec = this.parameters.find((parameter) => parameter.name === name);
    if (!spec) throw new DomainError('NOT_FOUND', `no parameter "${name}" was declared`);
    return this.detachedTensor(spec);
  }

  expose(name: string, tensor: Tensor): void {
    this.#exposed.set(name, tensor);
  }

  exposed(name: string): Tensor {
    const tensor = this.#exposed.get(name);
    if (!tensor) throw new DomainError('NOT_FOUND', `no tensor "${name}" was exposed`);
    return tensor;
  }

  term(name: string, value: Tensor): void {
    if (value.shape.length > 0) {
      throw new DomainError('SHAPE_MISMATCH', `term "${name}" is a scalar, got ${showShape(value.shape)}`);
    }
    this.terms.set(name, value);
  }

  #trainingOnly(what: string, name: string): void {
    if (this.mode === 'training') return;
    throw new DomainError('INVALID_INPUT', `"${name}": ${what} is there in training only, got inference`);
  }

  spec(): NetworkSpec {
    const { inputs, parameters, states } = this;
    return { inputs, parameters, states, parameterCount: endOf(parameters), stateCount: endOf(states) };
  }
}

function endOf(specs: readonly { shape: Shape; offset: number }[]): number {
  const last = specs.at(-1);
  return last ? last.offset + sizeOf(last.shape) : 0;
}

function unique(specs: readonly { name: string }[], name: string): void {
  if (specs.some((spec) => spec.name === name)) throw new DomainError('CONFLICT', `"${name}" is declared twice`);
}
