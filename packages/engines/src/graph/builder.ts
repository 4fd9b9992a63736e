import { DomainError } from '@twostage/core/errors';
import type { Graph, GraphNode, Operator, Shape, Tensor } from './ir.ts';
import { sameShape, showShape, sizeOf } from './ir.ts';
import { outputShapes } from './shapes.ts';

/** Two tensors, or a tensor and a number that stands for a scalar. */
export type Operand = Tensor | number;

/** Of an LSTM between two steps, [B, H] each. */
export interface LstmState {
  readonly hidden: Tensor;
  readonly cell: Tensor;
}

/** Equal for nodes that compute the same; null where comparing would cost more than computing. */
function identity(operator: Operator, inputs: readonly Tensor[]): string | null {
  if (operator.kind === 'constant') return null;
  // JSON has no -0, NaN or infinity.
  const value = operator.kind === 'fill' ? (Object.is(operator.value, -0) ? '-0' : String(operator.value)) : '';
  return `${JSON.stringify(operator)}${value}(${inputs.map((input) => input.id).join()})`;
}

/**
 * Builds a graph node by node, checking shapes as it goes. The same operator applied to the same inputs twice is one node.
 * Every method throws DomainError SHAPE_MISMATCH where the shapes do not fit.
 */
export class GraphBuilder {
  readonly #nodes: GraphNode[] = [];
  readonly #inputs = new Map<string, Tensor>();
  readonly #known = new Map<string, readonly Tensor[]>();
  #nextId = 0;

  /** Nodes so far, each after those it reads from. */
  get nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  /** Appends a node, or finds the one that computes the same. */
  apply(operator: Operator, inputs: readonly Tensor[]): readonly Tensor[] {
    const key = identity(operator, inputs);
    const known = key === null ? undefined : this.#known.get(key);
    if (known) return known;
    const shapes = outputShapes(operator, inputs);
    const outputs: Tensor[] = [];
    const node: GraphNode = { operator, inputs, outputs };
    for (const shape of shapes)
      outputs.push({ id: this.#nextId++, shape, dtype: 'float32', node, index: outputs.length });
    this.#nodes.push(node);
    if (key !== null) this.#known.set(key, outputs);
    return outputs;
  }

  #one(operator: Operator, ...inputs: Tensor[]): Tensor {
    return this.apply(operator, inputs)[0]!;
  }

  #operand(value: Operand): Tensor {
    return typeof value === 'number' ? this.fill([], value) : value;
  }

  /** @throws DomainError CONFLICT if the name is taken. */
  input(name: string, shape: Shape): Tensor {
    if (this.#inputs.has(name)) throw new DomainError('CONFLICT', `graph input "${name}" is declared twice`);
    const tensor = this.#one({ kind: 'input', name, shape });
    this.#inputs.set(name, tensor);
    return tensor;
  }

  constant(shape: Shape, data: Float32Array): Tensor {
    return this.#one({ kind: 'constant', shape, data });
  }

  fill(shape: Shape, value: number): Tensor {
    return this.#one({ kind: 'fill', shape, value });
  }

  add(a: Operand, b: Operand): Tensor {
    return this.#one({ kind: 'add' }, this.#operand(a), this.#operand(b));
  }
  subtract(a: Operand, b: Operand): Tensor {
    return this.#one({ kind: 'subtract' }, this.#operand(a), this.#operand(b));
  }
  multiply(a: Operand, b: Operand): Tensor {
    // What is the same everywhere is multiplied before it is repeated.
    if (typeof b === 'number' && typeof a !== 'number' && a.node.operator.kind === 'broadcast') {
      return this.broadcast(this.multiply(a.node.inputs[0]!, b), a.shape);
    }
    return this.#one({ kind: 'multiply' }, this.#operand(a), this.#operand(b));
  }
  divide(a: Operand, b: Operand): Tensor {
    return this.#one({ kind: 'divide' }, this.#operand(a), this.#operand(b));
  }
  /** The larger of the two; where they are equal the whole gradient goes to b. */
  maximum(a: Operand, b: Operand): Tensor {
    return this.#one({ kind: 'maximum' }, this.#operand(a), this.#operand(b));
  }
  /** Sum of tensors of one shape. */
  addN(tensors: readonly Tensor[]): Tensor {
    return tensors.length === 1 ? tensors[0]! : this.#one({ kind: 'addN' }, ...tensors);
  }

  negate(x: Tensor): Tensor {
    return this.#one({ kind: 'negate' }, x);
  }
  exp(x: Tensor): Tensor {
    return this.#one({ kind: 'exp' }, x);
  }
  log(x: Tensor): Tensor {
    return this.#one({ kind: 'log' }, x);
  }
  sqrt(x: Tensor): Tensor {
    return this.#one({ kind: 'sqrt' }, x);
  }
  square(x: Tensor): Tensor {
    return this.#one({ kind: 'square' }, x);
  }
  erf(x: Tensor): Tensor {
    return this.#one({ kind: 'erf' }, x);
  }
  relu(x: Tensor): Tensor {
    return this.#one({ kind: 'relu' }, x);
  }
  tanh(x: Tensor): Tensor {
    return this.#one({ kind: 'tanh' }, x);
  }
  sigmoid(x: Tensor): Tensor {
    return this.#one({ kind: 'sigmoid' }, x);
  }
  reluGradient(gradient: Tensor, output: Tensor): Tensor {
    return this.#one({ kind: 'reluGradient' }, gradient, output);
  }
  tanhGradient(gradient: Tensor, output: Tensor): Tensor {
    return this.#one({ kind: 'tanhGradient' }, gradient, output);
  }
  sigmoidGradient(gradient: Tensor, output: Tensor): Tensor {
    return this.#one({ kind: 'sigmoidGradient' }, gradient, output);
  }

  /** a · b over the last two axes, either transposed first; leading axes are equal. */
  matmul(a: Tensor, b: Tensor, { transposeA = false, transposeB = false } = {}): Tensor {
    return this.#one({ kind: 'matmul', transposeA, transposeB }, a, b);
  }
  /** a · b + c of matrices; c is [n] or [m, n]. */
  gemm(a: Tensor, b: Tensor, c: Tensor, { transposeA = false, transposeB = false } = {}): Tensor {
    return this.#one({ kind: 'gemm', transposeA, transposeB }, a, b, c);
  }
  /** x [..., in] · weightᵀ + bias, with weight [out, in] and bias [out] as PyTorch lays them out. */
  linear(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
    const leading = x.shape.slice(0, -1);
    const matrix = this.reshape(x, [sizeOf(leading), x.shape.at(-1) ?? 1]);
    const y = this.gemm(matrix, weight, bias, { transposeB: true });
    return this.reshape(y, [...leading, weight.shape[0]!]);
  }

  reshape(x: Tensor, shape: Shape): Tensor {
    if (sameShape(x.shape, shape)) return x;
    // A reshape of a reshape reads the original.
    const source = x.node.operator.kind === 'reshape' ? x.node.inputs[0]! : x;
    return sameShape(source.shape, shape) ? source : this.#one({ kind: 'reshape', shape }, source);
  }
  transpose(x: Tensor, permutation: readonly number[]): Tensor {
    return permutation.every((axis, i) => axis === i) && permutation.length === x.shape.length
      ? x
      : this.#one({ kind: 'transpose', permutation }, x);
  }
  /** `x[..., start:end, ...]` along one axis. */
  slice(x: Tensor, axis: number, start: number, end: number): Tensor {
    if (start === 0 && end === x.shape[axis]) return x;
    const starts = x.shape.map((_, i) => (i === axis ? start : 0));
    const ends = x.shape.map((length, i) => (i === axis ? end : length));
    return this.#one({ kind: 'slice', starts, ends }, x);
  }
  /** Zeros before and after, one entry an axis. */
  pad(x: Tensor, before: readonly number[], after: readonly number[]): Tensor {
    return this.#one({ kind: 'pad', before, after }, x);
  }
  concat(tensors: readonly Tensor[], axis: number): Tensor {
    return tensors.length === 1 ? tensors[0]! : this.#one({ kind: 'concat', axis }, ...tensors);
  }
  split(x: Tensor, axis: number, sizes: readonly number[]): readonly Tensor[] {
    return sizes.length === 1 && sizes[0] === x.shape[axis] ? [x] : this.apply({ kind: 'split', axis, sizes }, [x]);
  }
  broadcast(x: Tensor, shape: Shape): Tensor {
    return sameShape(x.shape, shape) ? x : this.#one({ kind: 'broadcast', shape }, x);
  }

  /** Sum over `axes` (all of them if not given). */
  reduceSum(x: Tensor, axes: readonly number[] = x.shape.map((_, i) => i), keepDimensions = false): Tensor {
    if (axes.length === 0) return x;
    const ascending = [...axes].sort((a, b) => a - b);
    return this.#one({ kind: 'reduceSum', axes: ascending, keepDimensions }, x);
  }
  /** Mean over `axes` (all of them if not given). */
  reduceMean(x: Tensor, axes: readonly number[] = x.shape.map((_, i) => i), keepDimensions = false): Tensor {
    const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
    return this.multiply(this.reduceSum(x, axes, keepDimensions), 1 / count);
  }
  /** Column sums of a matrix: [m, n] → [n]. */
  columnSums(x: Tensor): Tensor {
    return this.reduceSum(x, [0]);
  }
  /** Sums away the axes along which `shape` was broadcast to x's shape: the gradient of broadcasting. */
  sumToShape(x: Tensor, shape: Shape): Tensor {
    const extra = x.shape.length - shape.length;
    const axes = x.shape.flatMap((length, axis) =>
      axis < extra || (shape[axis - extra] === 1 && length !== 1) ? axis : [],
    );
    return this.reshape(this.reduceSum(x, axes), shape);
  }
  /** Over the last axis. */
  softmax(x: Tensor): Tensor {
    return this.#one({ kind: 'softmax' }, x);
  }

  /** x · Φ(x) with the exact normal distribution function (Hendrycks & Gimpel 2016), as torch.nn.GELU. */
  gelu(x: Tensor): Tensor {
    return this.multiply(this.scaledGelu(this.multiply(x, Math.SQRT1_2)), Math.SQRT1_2);
  }
  /** See `scaledGelu` in ir.ts. */
  scaledGelu(x: Tensor): Tensor {
    return this.#one({ kind: 'scaledGelu' }, x);
  }

  /** See `lstm` in ir.ts. */
  lstm(
    x: Tensor,
    inputWeights: Tensor,
    hiddenWeights: Tensor,
    bias: Tensor,
    returns: 'last' | 'sequence',
    state: LstmState | null = null,
  ): Tensor {
    const given = state ? [state.hidden, state.cell] : [];
    return this.#one({ kind: 'lstm', returns }, x, inputWeights, hiddenWeights, bias, ...given);
  }

  /** See `conv1d` in ir.ts. */
  conv1d(x: Tensor, weights: Tensor, bias: Tensor, dilation = 1): Tensor {
    return this.#one({ kind: 'conv1d', dilation }, x, weights, bias);
  }

  /**
   * The graph that computes `outputs`, without what none of them needs.
   * @throws DomainError INVALID_INPUT if an output belongs to another builder.
   */
  finish(outputs: Readonly<Record<string, Tensor>>): Graph {
    const needed = new Set<GraphNode>([...this.#inputs.values()].map((tensor) => tensor.node));
    const stack = Object.values(outputs).map((tensor) => tensor.node);
    while (stack.length > 0) {
      const node = stack.pop()!;
      if (needed.has(node)) continue;
      needed.add(node);
      for (const input of node.inputs) stack.push(input.node);
    }
    const nodes = this.#nodes.filter((node) => needed.has(node));
    if (nodes.length !== needed.size) {
      const names = Object.entries(outputs).map(([name, tensor]) => `${name} ${showShape(tensor.shape)}`);
      throw new DomainError('INVALID_INPUT', `an output of another builder was given: ${names.join(', ')}`);
    }
    return { nodes, inputs: new Map(this.#inputs), outputs: new Map(Object.entries(outputs)) };
  }
}
