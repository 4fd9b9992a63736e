/**
 * The intermediate representation: a static, typed data-flow graph. Every shape is known when the graph is built; every
 * node is a pure function of its inputs. One graph is one whole training step, or one whole inference.
 */

export type DType = 'float32';
export type Shape = readonly number[];

/** Operators every emitter writes itself. Binary elementwise operators broadcast as numpy does. */
export type PrimitiveOperator =
  /** Fed by name. */
  | { readonly kind: 'input'; readonly name: string; readonly shape: Shape }
  /** Row-major data. */
  | { readonly kind: 'constant'; readonly shape: Shape; readonly data: Float32Array }
  /** One value everywhere. */
  | { readonly kind: 'fill'; readonly shape: Shape; readonly value: number }
  | { readonly kind: 'add' }
  | { readonly kind: 'subtract' }
  | { readonly kind: 'multiply' }
  | { readonly kind: 'divide' }
  | { readonly kind: 'maximum' }
  /** Sum of two or more tensors of one shape. */
  | { readonly kind: 'addN' }
  | { readonly kind: 'negate' }
  | { readonly kind: 'exp' }
  | { readonly kind: 'log' }
  | { readonly kind: 'sqrt' }
  | { readonly kind: 'square' }
  | { readonly kind: 'erf' }
  | { readonly kind: 'relu' }
  | { readonly kind: 'tanh' }
  | { readonly kind: 'sigmoid' }
  /** (gradient, output of relu): gradient where output > 0, else 0. */
  | { readonly kind: 'reluGradient' }
  /** (gradient, y = tanh x): gradient · (1 − y²). */
  | { readonly kind: 'tanhGradient' }
  /** (gradient, y = sigmoid x): gradient · y · (1 − y). */
  | { readonly kind: 'sigmoidGradient' }
  /** a · b over the last two axes, either transposed first; leading (batch) axes are equal. Rank ≥ 2. */
  | { readonly kind: 'matmul'; readonly transposeA: boolean; readonly transposeB: boolean }
  /** a · b + c of matrices; c is [n] or [m, n]. */
  | { readonly kind: 'gemm'; readonly transposeA: boolean; readonly transposeB: boolean }
  | { readonly kind: 'reshape'; readonly shape: Shape }
  | { readonly kind: 'transpose'; readonly permutation: readonly number[] }
  /** From `starts` up to but not including `ends`, one entry an axis. */
  | { readonly kind: 'slice'; readonly starts: readonly number[]; readonly ends: readonly number[] }
  /** Zeros before and after, one entry an axis. */
  | { readonly kind: 'pad'; readonly before: readonly number[]; readonly after: readonly number[] }
  | { readonly kind: 'concat'; readonly axis: number }
  /** One output a size. */
  | { readonly kind: 'split'; readonly axis: number; readonly sizes: readonly number[] }
  /** Repeats axes of length 1 (and missing leading axes) up to `shape`. */
  | { readonly kind: 'broadcast'; readonly shape: Shape }
  | { readonly kind: 'reduceSum'; readonly axes: readonly number[]; readonly keepDimensions: boolean }
  /** Over the last axis. */
  | { readonly kind: 'softmax' };

/**
 * Operators with a definition in primitives (`lowerings.ts`), which an emitter may write better than those: e.g. with
 * kernels of its runtime, or sharing what the forward pass computed.
 */
export type CompositeOperator =
  /** x · (1 + erf x), which is √2 · GELU(√2 · x): layers before and after it can bear the two factors. */
  | { readonly kind: 'scaledGelu' }
  /**
   * Long short-term memory over a sequence; gates in the order input, forget, cell, output.
   * Inputs: x [T, B, F], input weights [4H, F], hidden weights [4H, H], bias [4H]; then, if it does not start from zero, the
   * hidden state and the cell before the first step, [B, H] each.
   * Output: the hidden state after the last step [B, H], or after every step [T, B, H].
   */
  | { readonly kind: 'lstm'; readonly returns: 'last' | 'sequence' }
  /**
   * Vector-Jacobian product of `lstm`. Inputs: those of `lstm`, then the gradient of its output.
   * Outputs: gradients of input weights, hidden weights and bias; then of the hidden state and the cell before the first
   * step, if they are given; then, if `inputGradient`, of x.
   */
  | { readonly kind: 'lstmGradient'; readonly returns: 'last' | 'sequence'; readonly inputGradient: boolean }
  /**
   * Causal convolution over time: a step sees itself and what lies `dilation` steps apart before it, zeros before the first.
   * Inputs: x [T, B, C], weights [units, C, width] as torch.nn.Conv1d lays them out, bias [units]. Output [T, B, units].
   */
  | { readonly kind: 'conv1d'; readonly dilation: number }
  /**
   * Vector-Jacobian product of `conv1d`. Inputs: x and weights of `conv1d`, then the gradient of its output.
   * Outputs: gradients of weights and bias; then, if `inputGradient`, of x.
   */
  | { readonly kind: 'conv1dGradient'; readonly dilation: number; readonly inputGradient: boolean };

export type Operator = PrimitiveOperator | CompositeOperator;
export type PrimitiveKind = PrimitiveOperator['kind'];
export type CompositeKind = CompositeOperator['kind'];
export type OperatorKind = Operator['kind'];
/** Looked up, not extracted by a condition: so the compiler knows that an `OperatorOf<K>` is an `Operator`. */
type OperatorsByKind = { [K in OperatorKind]: Extract<Operator, { kind: K }> };
export type OperatorOf<K extends OperatorKind> = OperatorsByKind[K];

export interface Tensor {
  /** Unique in its builder. */
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly node: GraphNode;
  /** Which output of `node`. */
  readonly index: number;
}

export interface GraphNode<K extends OperatorKind = OperatorKind> {
  readonly operator: OperatorOf<K>;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/** A finished graph. */
export interface Graph<K extends OperatorKind = OperatorKind> {
  /** Each after the nodes it reads from; every one is needed for an output, except that all inputs are kept. */
  readonly nodes: readonly GraphNode<K>[];
  /** Every declared input, in order of declaration. */
  readonly inputs: ReadonlyMap<string, Tensor>;
  readonly outputs: ReadonlyMap<string, Tensor>;
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** For messages: `[2, 3]`. */
export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}
