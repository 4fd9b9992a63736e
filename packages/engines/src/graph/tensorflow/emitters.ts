import type { OperatorOf, PrimitiveKind, Shape } from '../ir.ts';
import type { Attributes, GraphDefWriter, TensorName } from './graphDef.ts';

export interface EmitContext<K extends PrimitiveKind> {
  readonly writer: GraphDefWriter;
  readonly operator: OperatorOf<K>;
  readonly inputs: readonly TensorName[];
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
  /** Prefix of this signature's node names. */
  readonly scope: string;
  /** The first axis of every input may have any length. */
  readonly anyBatch: boolean;
}

/** Writes the nodes of one operator and names its outputs. */
export type Emitter<K extends PrimitiveKind> = (context: EmitContext<K>) => readonly TensorName[];

const float: Attributes = { T: { type: 'float32' } };
const indexed = (key: string): Attributes => ({ ...float, [key]: { type: 'int32' } });

type Written = Pick<EmitContext<PrimitiveKind>, 'writer' | 'inputs'>;

/** An operator that is one TensorFlow operation of the same inputs. */
const direct =
  (operation: string) =>
  ({ writer, inputs }: Written): readonly TensorName[] => [writer.node(operation, inputs, float)];

/** TensorFlow's gradient operations that take (output, gradient) where ours take (gradient, output). */
const outputFirst =
  (operation: string) =>
  ({ writer, inputs: [gradient, output] }: Written): readonly TensorName[] => [
    writer.node(operation, [output!, gradient!], float),
  ];

function matrixProduct({
  writer,
  operator: { transposeA, transposeB },
  inputs: [a, b],
  inputShapes,
}: EmitContext<'matmul'> | EmitContext<'gemm'>): TensorName {
  const transposes = [{ boolean: transposeA }, { boolean: transposeB }] as const;
  if (inputShapes[0]!.length === 2) {
    return writer.node('MatMul', [a!, b!], { ...float, transpose_a: transposes[0], transpose_b: transposes[1] });
  }
  return writer.node('BatchMatMulV2', [a!, b!], { ...float, adj_x: transposes[0], adj_y: transposes[1] });
}

/** How TensorFlow computes each operator. Total by type: an operator without an emitter does not compile. */
export const emitters: { readonly [K in PrimitiveKind]: Emitter<K> } = {
  input: ({ writer, operator: { name, shape }, scope, anyBatch }) => {
    const declared = anyBatch ? [-1, ...shape.slice(1)] : shape;
    const attributes: Attributes = { dtype: { type: 'float32' }, shape: { shape: declared } };
    return [writer.node('Placeholder', [], attributes, `${scope}_${name}`)];
  },
  constant: ({ writer, operator: { shape, data } }) => [writer.floats(shape, data)],
  fill: ({ writer, operator: { shape, value } }) => [writer.fill(shape, value)],
  add: direct('AddV2'),
  subtract: direct('Sub'),
  multiply: direct('Mul'),
  divide: direct('RealDiv'),
  maximum: direct('Maximum'),
  addN: ({ writer, inputs }) => [writer.node('AddN', inputs, { ...float, N: { integer: inputs.length } })],
  negate: direct('Neg'),
  exp: direct('Exp'),
  log: direct('Log'),
  sqrt: direct('Sqrt'),
  square: direct('Square'),
  erf: direct('Erf'),
  relu: direct('Relu'),
  tanh: direct('Tanh'),
  sigmoid: direct('Sigmoid'),
  reluGradient: direct('ReluGrad'),
  tanhGradient: outputFirst('TanhGrad'),
  sigmoidGradient: outputFirst('SigmoidGrad'),
  matmul: (context) => [matrixProduct(context)],
  gemm: (context) => {
    const product = matrixProduct(context);
    const addend = context.inputs[2]!;
    const { writer } = context;
    // BiasAdd is what TensorFlow fuses into the product.
    return [
      context.inputShapes[2]!.length === 1
        ? writer.node('BiasAdd', [product, addend], float)
        : writer.node('AddV2', [product, addend], float),
    ];
  },
  reshape: ({ writer, inputs, operator: { shape } }) => [
    writer.node('Reshape', [inputs[0]!, writer.integers(shape)], indexed('Tshape')),
  ],
  transpose: ({ writer, inputs, operator: { permutation } }) => [
    writer.node('Transpose', [inputs[0]!, writer.integers(permutation)], indexed('Tperm')),
  ],
  slice: ({ writer, inputs, operator: { starts }, outputShapes }) => [
    writer.node('Slice', [inputs[0]!, writer.integers(starts), writer.integers(outputShapes[0]!)], indexed('Index')),
  ],
  pad: ({ writer, inputs, operator: { before, after } }) => {
    const paddings = before.flatMap((count, axis) => [count, after[axis]!]);
    return [writer.node('Pad', [inputs[0]!, writer.integers(paddings, [before.length, 2])], indexed('Tpaddings'))];
  },
  concat: ({ writer, inputs, operator: { axis } }) => [
    writer.node('ConcatV2', [...inputs, writer.integers([axis], [])], {
      ...indexed('Tidx'),
      N: { integer: inputs.length },
    }),
  ],
  split: ({ writer, inputs, operator: { axis, sizes } }) => {
    const operands = [inputs[0]!, writer.integers(sizes), writer.integers([axis], [])];
    const name = writer.node('SplitV', operands, { ...indexed('Tlen'), num_split: { integer: sizes.length } });
    return sizes.map((_, i) => (i === 0 ? name : `${name}:${i}`));
  },
  broadcast: ({ writer, inputs, operator: { shape } }) => [
    writer.node('BroadcastTo', [inputs[0]!, writer.integers(shape)], indexed('Tidx')),
  ],
  reduceSum: ({ writer, inputs, operator: { axes, keepDimensions } }) => [
    writer.node('Sum', [inputs[0]!, writer.integers(axes)], {
      ...indexed('Tidx'),
      keep_dims: { boolean: keepDimensions },
    }),
  ],
  softmax: direct('Softmax'),
};
