import { broadcastShapes } from '../shapes.ts';
import { type Graph, type GraphNode, type PrimitiveKind, type Shape, sizeOf } from '../ir.ts';

/** Evaluates lowered graphs in float64, one plain loop an operator: the reference the runtimes are held against. */
export function interpret(
  graph: Graph<PrimitiveKind>,
  feeds: Readonly<Record<string, ArrayLike<number>>>,
): Record<string, Float64Array> {
  const values = new Map<number, Float64Array>();
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => ({ shape: input.shape, data: values.get(input.id)! }));
    evaluate(node, inputs, feeds).forEach((value, i) => {
      values.set(node.outputs[i]!.id, value);
    });
  }
  return Object.fromEntries([...graph.outputs].map(([name, tensor]) => [name, values.get(tensor.id)!]));
}

interface Value {
  readonly shape: Shape;
  readonly data: Float64Array;
}
type Rule<K extends PrimitiveKind> = (
  node: GraphNode<K>,
  inputs: readonly Value[],
  feeds: Readonly<Record<string, ArrayLike<number>>>,
) => Float64Array[];

function evaluate<K extends PrimitiveKind>(
  node: GraphNode<K>,
  inputs: readonly Value[],
  feeds: Readonly<Record<string, ArrayLike<number>>>,
): Float64Array[] {
  return (rules[node.operator.kind as K] as Rule<K>)(node, inputs, feeds);
}

function strides(shape: Shape): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/** Calls back with the index along each axis, in row-major order. */
function forEachIndex(shape: Shape, visit: (index: number[], position: number) => void): void {
  const index = shape.map(() => 0);
  for (let position = 0; position < sizeOf(shape); position++) {
    visit(index, position);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
}

/** Element of `value` for an index of a shape it broadcasts to. */
function at(value: Value, index: readonly number[]): number {
  const offset = index.length - value.shape.length;
  const step = strides(value.shape);
  const position = value.shape.reduce(
    (sum, length, axis) => sum + (length === 1 ? 0 : index[offset + axis]! * step[axis]!),
    0,
  );
  return value.data[position]!;
}

/** An output whose element at each index is what `read` says. */
function generate(shape: Shape, read: (index: number[]) => number): Float64Array[] {
  const result = new Float64Array(sizeOf(shape));
  forEachIndex(shape, (index, position) => {
    result[position] = read(index);
  });
  return [result];
}

function unary<K extends PrimitiveKind>(f: (x: number) => number): Rule<K> {
  return (_, [x]) => [x!.data.map(f)];
}
function binary<K extends PrimitiveKind>(f: (a: number, b: number) => number): Rule<K> {
  return (node, [a, b]) => {
    const shape = broadcastShapes(node.operator.kind, a!.shape, b!.shape);
    return generate(shape, (index) => f(at(a!, index), at(b!, index)));
  };
}

const product: Rule<'matmul' | 'gemm'> = (node, [a, b, c]) => {
  const { transposeA, transposeB } = node.operator;
  const rank = a!.shape.length;
  const inner = a!.shape[transposeA ? rank - 2 : rank - 1]!;
  return generate(node.outputs[0]!.shape, (index) => {
    const batch = index.slice(0, rank - 2);
    const [row, column] = index.slice(rank - 2) as [number, number];
    let sum = c ? at(c, index) : 0;
    for (let k = 0; k < inner; k++) {
      const left = at(a!, [...batch, ...(transposeA ? [k, row] : [row, k])]);
      sum += left * at(b!, [...batch, ...(transposeB ? [column, k] : [k, column])]);
    }
    return sum;
  });
};

/** 2/√π ∫₀ˣ e^(−t²) dt by its series, which converges well for the small arguments of tests. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const rules: { [K in PrimitiveKind]: Rule<K> } = {
  input: ({ operator }, _, feeds) => [Float64Array.from(feeds[operator.name]!)],
  constant: ({ operator }) => [Float64Array.from(operator.data)],
  fill: ({ operator }) => [new Float64Array(sizeOf(operator.shape)).fill(operator.value)],
  add: binary((a, b) => a + b),
  subtract: binary((a, b) => a - b),
  multiply: binary((a, b) => a * b),
  divide: binary((a, b) => a / b),
  maximum: binary(Math.max),
  addN: (_, inputs) => [inputs[0]!.data.map((_, i) => inputs.reduce((sum, { data }) => sum + data[i]!, 0))],
  negate: unary((x) => -x),
  exp: unary(Math.exp),
  log: unary(Math.log),
  sqrt: unary(Math.sqrt),
  square: unary((x) => x * x),
  erf: unary(erf),
  relu: unary((x) => Math.max(x, 0)),
  tanh: unary(Math.tanh),
  sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  reluGradient: binary((gradient, y) => (y > 0 ? gradient : 0)),
  tanhGradient: binary((gradient, y) => gradient * (1 - y * y)),
  sigmoidGradient: binary((gradient, y) => gradient * y * (1 - y)),
  matmul: product as Rule<'matmul'>,
  gemm: product as Rule<'gemm'>,
  reshape: (_, [x]) => [x!.data],
  transpose: (node, [x]) => {
    const { permutation } = node.operator;
    return generate(node.outputs[0]!.shape, (index) =>
      at(
        x!,
        permutation.map((_, axis) => index[permutation.indexOf(axis)]!),
      ),
    );
  },
  slice: (node, [x]) =>
    generate(node.outputs[0]!.shape, (index) =>
      at(
        x!,
        index.map((i, axis) => i + node.operator.starts[axis]!),
      ),
    ),
  pad: (node, [x]) =>
    generate(node.outputs[0]!.shape, (index) => {
      const inside = index.map((i, axis) => i - node.operator.before[axis]!);
      return inside.every((i, axis) => i >= 0 && i < x!.shape[axis]!) ? at(x!, inside) : 0;
    }),
  concat: (node, inputs) => {
    const { axis } = node.operator;
    return generate(node.outputs[0]!.shape, (index) => {
      let along = index[axis]!;
      const source = inputs.find(({ shape }) => {
        if (along < shape[axis]!) return true;
        along -= shape[axis]!;
        return false;
      })!;
      return at(
        source,
        index.map((i, j) => (j === axis ? along : i)),
      );
    });
  },
  split: (node, [x]) => {
    let start = 0;
    return node.outputs.flatMap(({ shape }) => {
      const from = start;
      start += shape[node.operator.axis]!;
      return generate(shape, (index) =>
        at(
          x!,
          index.map((i, axis) => (axis === node.operator.axis ? i + from : i)),
        ),
      );
    });
  },
  broadcast: (node, [x]) => generate(node.operator.shape, (index) => at(x!, index)),
  reduceSum: (node, [x]) => {
    const kept = x!.shape.map((length, axis) => (node.operator.axes.includes(axis) ? 1 : length));
    const step = strides(kept);
    const result = new Float64Array(sizeOf(kept));
    forEachIndex(x!.shape, (index, position) => {
      const target = index.reduce((sum, i, axis) => sum + (kept[axis] === 1 ? 0 : i * step[axis]!), 0);
      result[target]! += x!.data[position]!;
    });
    return [result];
  },
  softmax: (_, [x]) => {
    const width = x!.shape.at(-1)!;
    const result = new Float64Array(x!.data.length);
    for (let start = 0; start < result.length; start += width) {
      const row = x!.data.subarray(start, start + width);
      const largest = Math.max(...row);
      const total = row.reduce((sum, value) => sum + Math.exp(value - largest), 0);
      for (let i = 0; i < width; i++) result[start + i] = Math.exp(row[i]! - largest) / total;
    }
    return [result];
  },
};
