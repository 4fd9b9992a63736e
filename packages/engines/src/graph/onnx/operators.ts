import {
  type CompositeKind,
  type GraphNode,
  type OperatorKind,
  type Shape,
  sameShape,
  sizeOf,
  type Tensor,
} from '../ir.ts';
import type { Keeps } from '../lower.ts';
import { emitBlockedConv1d, emitBlockedConv1dGradient, isBlockedConv1d } from './blockedConv1d.ts';
import { emitBlockedLstm, emitBlockedLstmGradient } from './blockedLstm.ts';
import { BlockedTensors } from './blockedTensors.ts';
import type { Dialect } from './dialect.ts';
import { emitLstm, emitLstmGradient } from './lstm.ts';
import type { Attribute } from './modelProto.ts';
import { microsoft, type OnnxWriter } from './writer.ts';

/** Operators that are left to the definition of them in primitives never come here. */
type OnnxKind = Exclude<OperatorKind, 'scaledGelu'>;

/** Which composite operators are written better here than by their definition in primitives. */
export function writes(dialect: Dialect): Keeps {
  const kept: { [K in CompositeKind]: (inputs: readonly Tensor[]) => boolean } = {
    scaledGelu: () => false,
    lstm: () => true,
    lstmGradient: () => true,
    conv1d: (inputs) => isBlockedConv1d(dialect, inputs),
    conv1dGradient: (inputs) => isBlockedConv1d(dialect, inputs),
  };
  return ({ kind }, inputs) => kept[kind](inputs);
}

type Emitter<K extends OnnxKind> = (writer: OnnxWriter, node: GraphNode<K>) => void;
type Attributes = Readonly<Record<string, Attribute>>;

/** Writes a node as ONNX nodes. */
export function emitNode<K extends OnnxKind>(writer: OnnxWriter, node: GraphNode): void {
  const emit = emitters[node.operator.kind as K] as Emitter<K>;
  emit(writer, node as GraphNode<K>);
}

const flag = (value: boolean): Attribute => ({ int: value ? 1 : 0 });

/** One ONNX node with the same inputs and the one output. */
function same<K extends OnnxKind>(operator: string, attributes: Attributes = {}): Emitter<K> {
  return (writer, node) => write(writer, node, operator, writer.namesOf(node.inputs), attributes);
}

/** As `same`, in blocks of channels where an input is there in them. */
function elementwise<K extends OnnxKind>(operator: string): Emitter<K> {
  return onBlocks(
    (writer, names) => writer.node(operator, names),
    (writer, node) => write(writer, node, operator, operandsOf(writer, node)),
  );
}

/** Operands of an elementwise operator, which repeats them itself to the shape of its output. */
function operandsOf(writer: OnnxWriter, { inputs, outputs }: GraphNode): string[] {
  const { shape } = outputs[0]!;
  const whole = inputs.some((input) => input.node.operator.kind !== 'broadcast' && sameShape(input.shape, shape));
  return inputs.map((input) => {
    const { operator } = input.node;
    if (operator.kind === 'broadcast' && whole) return writer.nameOf(input.node.inputs[0]!);
    // Where the last axis has length 1, ONNX Runtime takes a scalar operand element by element: 25 times as long.
    if (operator.kind === 'fill' && input.shape.length === 0 && shape.at(-1) === 1) {
      return writer.uniform(shape, operator.value);
    }
    return writer.nameOf(input);
  });
}

/** @param write the same operator on blocks */
function onBlocks<K extends OnnxKind>(
  write: (writer: OnnxWriter, names: readonly string[]) => string,
  onRows: Emitter<K>,
): Emitter<K> {
  return (writer, node) => {
    const tensors = BlockedTensors.of(writer);
    const written = tensors?.elementwise(node.inputs, node.outputs[0]!, (names) => write(writer, names));
    if (!written) onRows(writer, node);
  };
}

function write(
  writer: OnnxWriter,
  node: GraphNode,
  operator: string,
  inputs: readonly string[],
  attributes: Attributes = {},
  domain = '',
): void {
  writer.node(operator, inputs, attributes, { output: writer.nameOf(node.outputs[0]!), domain });
}

/** Below this many elements ONNX Runtime's ReduceSum is as fast as a product with ones. */
const columnSumElements = 8192;

/** Sums over the leading axes of a large tensor: ReduceSum takes 3–10 times as long as a product with ones. */
function columnSums(writer: OnnxWriter, node: GraphNode<'reduceSum'>, shape: Shape): void {
  const columns = shape.slice(node.operator.axes.length);
  const [rows, width] = [sizeOf(shape) / sizeOf(columns), sizeOf(columns)];
  const matrix = writer.reshape(writer.nameOf(node.inputs[0]!), [rows, width]);
  const sums = writer.node('Gemm', [writer.uniform([1, rows], 1), matrix]);
  write(writer, node, 'Reshape', [sums, writer.integers(node.outputs[0]!.shape)]);
}

/**
 * A product so narrow is computed the other way round, bᵀ · aᵀ, and turned: ONNX Runtime's kernels take 16 columns at a time. 159 positions by
 * 4 columns took 1.7 times as long, with the first matrix transposed 4 times.
 */
const fewColumns = 8;

function emitMatmul(writer: OnnxWriter, node: GraphNode<'matmul'>): void {
  const { transposeA, transposeB } = node.operator;
  const names = writer.namesOf(node.inputs);
  const rank = node.inputs[0]!.shape.length;
  const attributes = { transA: flag(transposeA), transB: flag(transposeB) };
  if (rank === 2) {
    write(writer, node, 'Gemm', names, attributes);
    return;
  }
  const perm = { ints: Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis)) };
  const [a, b] = names as [string, string];
  if (!writer.dialect.fusedMatMul) {
    const flipped = (name: string) => writer.node('Transpose', [name], { perm });
    write(writer, node, 'MatMul', [transposeA ? flipped(a) : a, transposeB ? flipped(b) : b]);
  } else if (node.outputs[0]!.shape.at(-1)! <= fewColumns) {
    const flipped = { transA: flag(!transposeB), transB: flag(!transposeA) };
    write(writer, node, 'Transpose', [writer.node('FusedMatMul', [b, a], flipped, { domain: microsoft })], { perm });
  } else {
    write(writer, node, 'FusedMatMul', names, attributes, microsoft);
  }
}

/** So steep a hard sigmoid is 0 or 1; Sign or a comparison and a cast take five times as long. */
function maskedByRelu(writer: OnnxWriter, names: readonly string[], output = writer.fresh()): string {
  const [gradient, activation] = names as [string, string];
  const step = writer.node('HardSigmoid', [activation], { alpha: { float: 1e30 }, beta: { float: 0 } });
  return writer.node('Mul', [gradient, step], {}, { output });
}

const lastAxis = (tensor: Tensor): Attribute => ({ int: tensor.shape.length - 1 });

/** How each operator is written in ONNX. Total by type: an operator without an emitter does not compile. */
const emitters: { [K in OnnxKind]: Emitter<K> } = {
  // An input of the model is a declaration, not a node.
  input: () => {},
  constant: (writer, node) => writer.constant(node.outputs[0]!, node.operator.data),
  fill: (writer, node) => {
    writer.reserve(node.outputs[0]!, writer.uniform(node.operator.shape, node.operator.value));
  },
  add: elementwise('Add'),
  subtract: elementwise('Sub'),
  multiply: elementwise('Mul'),
  divide: elementwise('Div'),
  maximum: elementwise('Max'),
  addN: (writer, node) => {
    const names = operandsOf(writer, node);
    const output = writer.nameOf(node.outputs[0]!);
    if (names.length > 2 && writer.dialect.sum) writer.node('Sum', names, {}, { output });
    else {
      const head = names.slice(0, -1).reduce((a, b) => writer.node('Add', [a, b]));
      writer.node('Add', [head, names.at(-1)!], {}, { output });
    }
  },
  negate: same('Neg'),
  exp: same('Exp'),
  log: same('Log'),
  sqrt: same('Sqrt'),
  square: (writer, node) => {
    const name = writer.nameOf(node.inputs[0]!);
    write(writer, node, 'Mul', [name, name]);
  },
  erf: same('Erf'),
  relu: elementwise('Relu'),
  tanh: elementwise('Tanh'),
  sigmoid: elementwise('Sigmoid'),
  reluGradient: onBlocks(maskedByRelu, (writer, node) => {
    maskedByRelu(writer, writer.namesOf(node.inputs), writer.nameOf(node.outputs[0]!));
  }),
  tanhGradient: (writer, node) => {
    const [gradient, y] = writer.namesOf(node.inputs) as [string, string];
    const once = writer.node('Mul', [gradient, y]);
    write(writer, node, 'Sub', [gradient, writer.node('Mul', [once, y])]);
  },
  sigmoidGradient: (writer, node) => {
    const [gradient, y] = writer.namesOf(node.inputs) as [string, string];
    const once = writer.node('Mul', [gradient, y]);
    write(writer, node, 'Sub', [once, writer.node('Mul', [once, y])]);
  },
  matmul: emitMatmul,
  gemm: (writer, node) => {
    const { transposeA, transposeB } = node.operator;
    const attributes = { transA: flag(transposeA), transB: flag(transposeB) };
    write(writer, node, 'Gemm', writer.namesOf(node.inputs), attributes);
  },
  reshape: (writer, node) =>
    write(writer, node, 'Reshape', [writer.nameOf(node.inputs[0]!), writer.integers(node.operator.shape)]),
  transpose: (writer, node) =>
    write(writer, node, 'Transpose', writer.namesOf(node.inputs), { perm: { ints: node.operator.permutation } }),
  slice: (writer, node) => {
    const { starts, ends } = node.operator;
    write(writer, node, 'Slice', [writer.nameOf(node.inputs[0]!), writer.integers(starts), writer.integers(ends)]);
  },
  pad: (writer, node) => {
    const { before, after } = node.operator;
    write(writer, node, 'Pad', [writer.nameOf(node.inputs[0]!), writer.integers([...before, ...after])]);
  },
  concat: (writer, node) => {
    writer.concat(writer.namesOf(node.inputs), node.operator.axis, writer.nameOf(node.outputs[0]!));
  },
  split: (writer, node) => {
    const { axis, sizes } = node.operator;
    writer.split(writer.nameOf(node.inputs[0]!), axis, sizes, writer.namesOf(node.outputs));
  },
  // Operators on blocks repeat it themselves.
  broadcast: (writer, node) =>
    writer.defer(node.outputs[0]!, (output) => {
      const inputs = [writer.nameOf(node.inputs[0]!), writer.integers(node.operator.shape)];
      writer.node('Expand', inputs, {}, { output });
    }),
  reduceSum: (writer, node) => {
    const { shape } = node.inputs[0]!;
    const { axes, keepDimensions } = node.operator;
    if (
      axes.length === 1 &&
      axes[0] === 0 &&
      BlockedTensors.of(writer)?.sumOverSteps(node.inputs[0]!, node.outputs[0]!)
    )
      return;
    const leading = axes.length < shape.length && axes.every((axis, i) => axis === i);
    if (leading && sizeOf(shape) >= columnSumElements) {
      columnSums(writer, node, shape);
    } else {
      const inputs = [writer.nameOf(node.inputs[0]!), writer.integers(axes)];
      write(writer, node, 'ReduceSum', inputs, { keepdims: flag(keepDimensions) });
    }
  },
  softmax: (writer, node) =>
    write(writer, node, 'Softmax', writer.namesOf(node.inputs), { axis: lastAxis(node.inputs[0]!) }),
  lstm: (writer, node) => {
    if (!emitBlockedLstm(writer, node)) emitLstm(writer, node);
  },
  lstmGradient: (writer, node) => {
    if (!emitBlockedLstmGradient(writer, node)) emitLstmGradient(writer, node);
  },
  conv1d: emitBlockedConv1d,
  conv1dGradient: emitBlockedConv1dGradient,
};
