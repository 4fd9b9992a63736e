import { type AdamWOperands, type AdamWSettings, adamWStep, clipByGlobalNorm, hyperLength } from './adamw.ts';
import { gradients } from './autodiff.ts';
import { GraphBuilder } from './builder.ts';
import { type Graph, type Shape, sizeOf, type Tensor } from './ir.ts';
import {
  DeclaringScope,
  type DropoutSpec,
  type FedSpec,
  type LossScope,
  type Network,
  type NetworkScope,
  type NetworkSpec,
  type NoiseSpec,
  type ParameterSpec,
} from './network.ts';

/** Names of the inputs and outputs of the programs, beside a network's own inputs and its dropout masks. */
export const feeds = {
  /** [batch, …], as the loss wants it. */
  target: 'target',
  /** [batch]: 1 for a row, 0 for padding. */
  rowWeights: 'rowWeights',
  /** [parameterCount] each. */
  parameters: 'parameters',
  firstMoment: 'firstMoment',
  secondMoment: 'secondMoment',
  /** [stateCount]; absent from networks without state. */
  state: 'state',
  /** Of `adamWHyper`. */
  hyper: 'hyper',
  /** [1], parts only: the part's share of the batch's row weights. */
  share: 'share',
  /** [parts · parameterCount], parts only: the gradients of the last batch, one part after the other. */
  gradients: 'gradients',
} as const;
export const fetches = {
  loss: 'loss',
  /** [terms]; absent where the loss names none. */
  terms: 'terms',
  parameters: 'parametersNext',
  firstMoment: 'firstMomentNext',
  secondMoment: 'secondMomentNext',
  state: 'stateNext',
  output: 'output',
  /** [parameterCount], parts only. */
  gradient: 'gradient',
} as const;

/** Scalar loss of a network's output; rows of weight 0 must not matter. Both are [batch, …]; weights are [batch]. */
export interface Loss {
  (builder: GraphBuilder, output: Tensor, target: Tensor, rowWeights: Tensor, scope: LossScope): Tensor;
  /**
   * Set where the loss is Σ weight · (loss of a row) / Σ weight and a row's output depends on that row alone: then a batch
   * may be computed in parts.
   */
  readonly meanOverRows?: boolean;
}

export interface TrainingSettings {
  readonly loss: Loss;
  /** Of one row of the target; [] for one number a row. */
  readonly targetShape: Shape;
  readonly optimizer: Pick<AdamWSettings, 'beta1' | 'beta2'>;
  /** Largest norm of the whole gradient; 0 never clips. */
  readonly clipNorm: number;
}

/** One graph: (batch, masks, noise, fed, parameters, moments, state, hyper) → (loss, terms, parameters', moments', state'). */
export interface TrainingProgram {
  readonly graph: Graph;
  readonly batchSize: number;
  readonly spec: NetworkSpec;
  readonly dropouts: readonly DropoutSpec[];
  readonly noises: readonly NoiseSpec[];
  readonly fed: readonly FedSpec[];
  /** Names of what the loss shows beside itself, in order. */
  readonly terms: readonly string[];
  /** What it was made from: a runtime may want another program for the same step. */
  readonly source: { readonly network: Network; readonly settings: TrainingSettings };
}

/**
 * A training step whose batch is computed in equal parts, each by a graph of its own: first AdamW with the sum of all
 * parts' gradients of the batch before, then loss and gradient of this part of the batch, each times its share of the row
 * weights. Every part computes the same parameters; nothing but gradients passes between them.
 */
export interface PartProgram {
  readonly graph: Graph;
  readonly parts: number;
  readonly batchSize: number;
  readonly spec: NetworkSpec;
}

/** One graph: (inputs, parameters, state) → output. With weights given to `inferenceProgram`: inputs → output. */
export interface InferenceProgram {
  readonly graph: Graph;
  readonly batchSize: number;
  readonly spec: NetworkSpec;
  /** Of a whole batch. */
  readonly outputShape: Shape;
}

/** The learnt numbers of a network. */
export interface Weights {
  /** [parameterCount] */
  readonly parameters: Float32Array;
  /** [stateCount] */
  readonly state: Float32Array;
}

/** Gives each parameter and state its piece of a flat vector. */
class FlatScope extends DeclaringScope {
  readonly #flat: Tensor;
  readonly #parameters: readonly Tensor[];
  readonly #states: readonly Tensor[];

  constructor(
    builder: GraphBuilder,
    mode: 'training' | 'inference',
    batchSize: number,
    rowWeights: Tensor | null,
    flat: { spec: NetworkSpec; parameters: Tensor; state: Tensor | null },
  ) {
    super(builder, mode, batchSize, rowWeights);
    this.#flat = flat.parameters;
    this.#parameters = pieces(builder, flat.parameters, flat.spec.parameters);
    this.#states = flat.state ? pieces(builder, flat.state, flat.spec.states) : [];
  }
  protected override parameterTensor(): Tensor {
    return this.#parameters[this.parameters.length - 1]!;
  }
  protected override stateTensor(): Tensor {
    return this.#states[this.states.length - 1]!;
  }
  /** Cut from the flat vector a second time: the gradient is asked for with respect to the first pieces. */
  protected override detachedTensor({ shape, offset }: ParameterSpec): Tensor {
    const { builder } = this;
    return builder.reshape(builder.slice(this.#flat, 0, offset, offset + sizeOf(shape)), shape);
  }
}

/** Gives each parameter and state a constant of its own. */
class ConstantScope extends DeclaringScope {
  constructor(
    builder: GraphBuilder,
    batchSize: number,
    readonly weights: Weights,
  ) {
    super(builder, 'inference', batchSize, null);
  }
  protected override parameterTensor({ shape, offset }: { shape: Shape; offset: number }): Tensor {
    return this.builder.constant(shape, this.weights.parameters.slice(offset, offset + sizeOf(shape)));
  }
  protected override stateTensor({ shape, offset }: { shape: Shape; offset: number }): Tensor {
    return this.builder.constant(shape, this.weights.state.slice(offset, offset + sizeOf(shape)));
  }
}

/** Learns what the network declares. */
class SpecScope extends DeclaringScope {
  protected override parameterTensor({ shape }: { shape: Shape }): Tensor {
    return this.builder.fill(shape, 0);
  }
  protected override stateTensor({ shape }: { shape: Shape }): Tensor {
    return this.builder.fill(shape, 0);
  }
}

/** What a network declares. @throws DomainError CONFLICT if it declares a name twice */
export function networkSpec(network: Network): NetworkSpec {
  const scope = new SpecScope(new GraphBuilder(), 'inference', 1, null);
  network(scope);
  return scope.spec();
}

/**
 * One whole training step of a network as one graph: forward pass, loss, backward pass, clipping and AdamW.
 * @throws DomainError SHAPE_MISMATCH where the network's shapes do not fit
 */
export function trainingProgram(network: Network, batchSize: number, settings: TrainingSettings): TrainingProgram {
  const spec = networkSpec(network);
  const builder = new GraphBuilder();
  const target = builder.input(feeds.target, [batchSize, ...settings.targetShape]);
  const rowWeights = builder.input(feeds.rowWeights, [batchSize]);
  const parameters = builder.input(feeds.parameters, [spec.parameterCount]);
  const firstMoment = builder.input(feeds.firstMoment, [spec.parameterCount]);
  const secondMoment = builder.input(feeds.secondMoment, [spec.parameterCount]);
  const hyper = builder.input(feeds.hyper, [hyperLength]);
  const state = stateInput(builder, spec);
  const scope = new FlatScope(builder, 'training', batchSize, rowWeights, { spec, parameters, state });
  const loss = settings.loss(builder, network(scope), target, rowWeights, scope);
  const gradient = flatGradient(builder, loss, parameters, spec);
  const next = update(builder, { parameters, firstMoment, secondMoment, gradient, hyper }, settings);
  const outputs: Record<string, Tensor> = {
    [fetches.loss]: loss,
    [fetches.parameters]: next.parameters,
    [fetches.firstMoment]: next.firstMoment,
    [fetches.secondMoment]: next.secondMoment,
  };
  if (state) outputs[fetches.state] = nextState(builder, scope, state, spec);
  const terms = [...scope.terms];
  if (terms.length > 0) {
    const values = terms.map(([, value]) => builder.reshape(value, [1]));
    outputs[fetches.terms] = builder.concat(values, 0);
  }
  const { dropouts, noises, fedTensors: fed } = scope;
  const names = terms.map(([name]) => name);
  const source = { network, settings };
  return { graph: builder.finish(outputs), batchSize, spec, dropouts, noises, fed, terms: names, source };
}

/**
 * The same step in equal parts of the batch.
 * @param parts divides the batch size
 * @returns null where a batch cannot be computed in parts: state, tensors fed whole, terms, or a loss that is no mean over rows
 */
export function partProgram(program: TrainingProgram, parts: number): PartProgram | null {
  const { batchSize, spec, source } = program;
  const { network, settings } = source;
  if (spec.stateCount > 0 || settings.loss.meanOverRows !== true || batchSize % parts !== 0) return null;
  if (program.fed.length > 0 || program.terms.length > 0) return null;
  const rows = batchSize / parts;
  const count = spec.parameterCount;
  const builder = new GraphBuilder();
  const target = builder.input(feeds.target, [rows, ...settings.targetShape]);
  const rowWeights = builder.input(feeds.rowWeights, [rows]);
  const share = builder.input(feeds.share, [1]);
  const parameters = builder.input(feeds.parameters, [count]);
  const firstMoment = builder.input(feeds.firstMoment, [count]);
  const secondMoment = builder.input(feeds.secondMoment, [count]);
  const hyper = builder.input(feeds.hyper, [hyperLength]);
  const fed = builder.input(feeds.gradients, [parts * count]);
  const gradient = builder.addN(builder.split(fed, 0, new Array<number>(parts).fill(count)));
  const next = update(builder, { parameters, firstMoment, secondMoment, gradient, hyper }, settings);
  const scope = new FlatScope(builder, 'training', rows, rowWeights, {
    spec,
    parameters: next.parameters,
    state: null,
  });
  const rowMean = settings.loss(builder, network(scope), target, rowWeights, scope);
  const loss = builder.multiply(rowMean, builder.reshape(share, []));
  const outputs = {
    [fetches.loss]: loss,
    [fetches.gradient]: flatGradient(builder, loss, next.parameters, spec),
    [fetches.parameters]: next.parameters,
    [fetches.firstMoment]: next.firstMoment,
    [fetches.secondMoment]: next.secondMoment,
  };
  return { graph: builder.finish(outputs), parts, batchSize: rows, spec };
}

/**
 * Where another network is run inside this one as it is: its numbers are fed whole, as `${name}.parameters` and, if it has state,
 * `${name}.state`, in inference mode, and no gradient is asked for. Training only.
 * @param spec of the other network, whose inputs are given to it as tensors
 */
export function frozenScope(scope: NetworkScope, name: string, spec: NetworkSpec): NetworkScope {
  const parameters = scope.fed(`${name}.parameters`, [spec.parameterCount]);
  const state = spec.stateCount > 0 ? scope.fed(`${name}.state`, [spec.stateCount]) : null;
  return new FlatScope(scope.builder, 'inference', scope.batchSize, null, { spec, parameters, state });
}

/** Clipping and AdamW. */
function update(builder: GraphBuilder, operands: AdamWOperands, { clipNorm, optimizer }: TrainingSettings) {
  const gradient = clipNorm > 0 ? clipByGlobalNorm(builder, operands.gradient, clipNorm) : operands.gradient;
  return adamWStep(builder, { ...operands, gradient }, optimizer);
}

/** The same network for predicting; with `weights`, they are constants of the graph: a model that stands alone. */
export function inferenceProgram(network: Network, batchSize: number, weights?: Weights): InferenceProgram {
  const spec = networkSpec(network);
  const builder = new GraphBuilder();
  const output = network(weights ? new ConstantScope(builder, batchSize, weights) : fedScope(builder, batchSize, spec));
  const graph = builder.finish({ [fetches.output]: output });
  return { graph, batchSize, spec, outputShape: output.shape };
}

function fedScope(builder: GraphBuilder, batchSize: number, spec: NetworkSpec): FlatScope {
  const parameters = builder.input(feeds.parameters, [spec.parameterCount]);
  const flat = { spec, parameters, state: stateInput(builder, spec) };
  return new FlatScope(builder, 'inference', batchSize, null, flat);
}

function stateInput(builder: GraphBuilder, spec: NetworkSpec): Tensor | null {
  return spec.stateCount > 0 ? builder.input(feeds.state, [spec.stateCount]) : null;
}

function pieces(builder: GraphBuilder, flat: Tensor, specs: readonly { shape: Shape }[]): Tensor[] {
  const sizes = specs.map(({ shape }) => sizeOf(shape));
  return builder.split(flat, 0, sizes).map((piece, i) => builder.reshape(piece, specs[i]!.shape));
}

/**
 * Gradient of the flat vector. Taken of its flat pieces: a network that reshapes a parameter reads the piece itself, not the
 * parameter's own shape of it.
 */
function flatGradient(builder: GraphBuilder, loss: Tensor, parameters: Tensor, spec: NetworkSpec): Tensor {
  const flat = builder.split(
    parameters,
    0,
    spec.parameters.map(({ shape }) => sizeOf(shape)),
  );
  return builder.concat(gradients(builder, loss, flat), 0);
}

function nextState(builder: GraphBuilder, scope: FlatScope, state: Tensor, spec: NetworkSpec): Tensor {
  const old = pieces(builder, state, spec.states);
  const next = spec.states.map(({ name, shape }, i) =>
    builder.reshape(scope.stateUpdates.get(name) ?? old[i]!, [sizeOf(shape)]),
  );
  return builder.concat(next, 0);
}
