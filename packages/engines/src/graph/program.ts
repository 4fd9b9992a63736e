import { type AdamWSettings, adamWStep, clipByGlobalNorm, hyperLength } from './adamw.ts';
import { gradients } from './autodiff.ts';
import { GraphBuilder } from './builder.ts';
import { type Graph, type Shape, sizeOf, type Tensor } from './ir.ts';
import { DeclaringScope, type DropoutSpec, type Network, type NetworkSpec } from './network.ts';

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
} as const;
export const fetches = {
  loss: 'loss',
  parameters: 'parametersNext',
  firstMoment: 'firstMomentNext',
  secondMoment: 'secondMomentNext',
  state: 'stateNext',
  output: 'output',
} as const;

/** Scalar loss of a network's output; rows of weight 0 must not matter. Both are [batch, …]; weights are [batch]. */
export type Loss = (builder: GraphBuilder, output: Tensor, target: Tensor, rowWeights: Tensor) => Tensor;

export interface TrainingSettings {
  readonly loss: Loss;
  /** Of one row of the target; [] for one number a row. */
  readonly targetShape: Shape;
  readonly optimizer: Pick<AdamWSettings, 'beta1' | 'beta2'>;
  /** Largest norm of the whole gradient; 0 never clips. */
  readonly clipNorm: number;
}

/** One graph: (batch, masks, parameters, moments, state, hyper) → (loss, parameters', moments', state'). */
export interface TrainingProgram {
  readonly graph: Graph;
  readonly batchSize: number;
  readonly spec: NetworkSpec;
  readonly dropouts: readonly DropoutSpec[];
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
    this.#parameters = pieces(builder, flat.parameters, flat.spec.parameters);
    this.#states = flat.state ? pieces(builder, flat.state, flat.spec.states) : [];
  }
  protected override parameterTensor(): Tensor {
    return this.#parameters[this.parameters.length - 1]!;
  }
  protected override stateTensor(): Tensor {
    return this.#states[this.states.length - 1]!;
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
  const loss = settings.loss(builder, network(scope), target, rowWeights);
  const gradient = flatGradient(builder, loss, parameters, spec);
  const clipped = settings.clipNorm > 0 ? clipByGlobalNorm(builder, gradient, settings.clipNorm) : gradient;
  const next = adamWStep(
    builder,
    { parameters, firstMoment, secondMoment, gradient: clipped, hyper },
    settings.optimizer,
  );
  const outputs: Record<string, Tensor> = {
    [fetches.loss]: loss,
    [fetches.parameters]: next.parameters,
    [fetches.firstMoment]: next.firstMoment,
    [fetches.secondMoment]: next.secondMoment,
  };
  if (state) outputs[fetches.state] = nextState(builder, scope, state, spec);
  return { graph: builder.finish(outputs), batchSize, spec, dropouts: scope.dropouts };
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

/** Gradients of the pieces of the flat vector, laid end to end. */
function flatGradient(builder: GraphBuilder, loss: Tensor, parameters: Tensor, spec: NetworkSpec): Tensor {
  const wrt = pieces(builder, parameters, spec.parameters);
  const flat = gradients(builder, loss, wrt).map((gradient) => builder.reshape(gradient, [sizeOf(gradient.shape)]));
  return builder.concat(flat, 0);
}

function nextState(builder: GraphBuilder, scope: FlatScope, state: Tensor, spec: NetworkSpec): Tensor {
  const old = pieces(builder, state, spec.states);
  const next = spec.states.map(({ name, shape }, i) =>
    builder.reshape(scope.stateUpdates.get(name) ?? old[i]!, [sizeOf(shape)]),
  );
  return builder.concat(next, 0);
}
