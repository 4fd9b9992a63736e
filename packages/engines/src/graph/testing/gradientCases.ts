import { readFileSync } from 'node:fs';
import { pullBack } from '../autodiff.ts';
import { GraphBuilder } from '../builder.ts';
import type { Graph, OperatorKind, Shape, Tensor } from '../ir.ts';

/** Applies an operator (now and then with its neighbours) to inputs; golden/make_golden.py does the same in PyTorch. */
export type Build = (builder: GraphBuilder, inputs: readonly Tensor[]) => readonly Tensor[];

const one =
  (build: (builder: GraphBuilder, ...inputs: Tensor[]) => Tensor): Build =>
  (builder, inputs) => [build(builder, ...inputs)];

/** By operator, then by name of the case. Total by type: an operator without a case does not compile. */
export const gradientCases: { [K in OperatorKind]: Readonly<Record<string, Build>> } = {
  input: { identity: one((g, x) => g.add(x!, x!)) },
  constant: { scaled: one((g, x) => g.multiply(x!, g.constant([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)))) },
  fill: { scaled: one((g, x) => g.multiply(x!, g.fill([2, 3], 2.5))) },
  add: { row: one((g, a, b) => g.add(a!, b!)), scalar: one((g, a, b) => g.add(a!, b!)) },
  subtract: { column: one((g, a, b) => g.subtract(a!, b!)) },
  multiply: { outer: one((g, a, b) => g.multiply(a!, b!)) },
  divide: { row: one((g, a, b) => g.divide(a!, b!)) },
  maximum: { row: one((g, a, b) => g.maximum(a!, b!)) },
  addN: { three: one((g, ...xs) => g.addN([...xs, xs[0]!])) },
  negate: { matrix: one((g, x) => g.negate(x!)) },
  exp: { matrix: one((g, x) => g.exp(x!)) },
  log: { positive: one((g, x) => g.log(x!)) },
  sqrt: { positive: one((g, x) => g.sqrt(x!)) },
  square: { matrix: one((g, x) => g.square(x!)) },
  erf: { matrix: one((g, x) => g.erf(x!)) },
  relu: { matrix: one((g, x) => g.relu(x!)) },
  tanh: { matrix: one((g, x) => g.tanh(x!)) },
  sigmoid: { matrix: one((g, x) => g.sigmoid(x!)) },
  reluGradient: { both: one((g, d, y) => g.reluGradient(d!, y!)) },
  tanhGradient: { both: one((g, d, y) => g.tanhGradient(d!, y!)) },
  sigmoidGradient: { both: one((g, d, y) => g.sigmoidGradient(d!, y!)) },
  matmul: {
    plain: one((g, a, b) => g.matmul(a!, b!)),
    transposeA: one((g, a, b) => g.matmul(a!, b!, { transposeA: true })),
    transposeB: one((g, a, b) => g.matmul(a!, b!, { transposeB: true })),
    transposeBoth: one((g, a, b) => g.matmul(a!, b!, { transposeA: true, transposeB: true })),
    batched: one((g, a, b) => g.matmul(a!, b!)),
    batchedTransposeA: one((g, a, b) => g.matmul(a!, b!, { transposeA: true })),
    batchedTransposeB: one((g, a, b) => g.matmul(a!, b!, { transposeB: true })),
    // Products that end in one gradient are added up inside the product.
    shared: one((g, a, b) => g.add(g.matmul(a!, b!), g.add(g.tanh(g.matmul(a!, b!)), g.matmul(g.square(a!), b!)))),
  },
  gemm: {
    row: one((g, a, b, c) => g.gemm(a!, b!, c!)),
    matrix: one((g, a, b, c) => g.gemm(a!, b!, c!, { transposeA: true, transposeB: true })),
    linear: one((g, x, w, b) => g.linear(x!, w!, b!)),
  },
  reshape: { matrix: one((g, x) => g.reshape(x!, [3, 4])) },
  transpose: { cycle: one((g, x) => g.transpose(x!, [2, 0, 1])) },
  slice: { middle: one((g, x) => g.slice(x!, 1, 1, 3)) },
  pad: { both: one((g, x) => g.pad(x!, [1, 0], [2, 1])) },
  concat: { columns: one((g, ...xs) => g.concat(xs, 1)) },
  split: {
    all: (g, [x]) => g.split(x!, 1, [1, 2, 3]),
    some: (g, [x]) => g.split(x!, 1, [1, 2, 3]).slice(1, 2),
  },
  broadcast: { both: one((g, x) => g.broadcast(x!, [2, 3, 4])) },
  reduceSum: {
    leading: one((g, x) => g.reduceSum(x!, [0])),
    kept: one((g, x) => g.reduceSum(x!, [1, 2], true)),
    all: one((g, x) => g.reduceSum(x!)),
    // Large enough for the emitter's other way.
    wide: one((g, x) => g.reduceSum(g.square(g.broadcast(x!, [3000, 3])), [0])),
    mean: one((g, x) => g.reduceMean(x!, [2])),
  },
  softmax: {
    matrix: one((g, x) => g.softmax(x!)),
    weights: one((g, x, values) => g.matmul(g.softmax(x!), values!)),
    // Weights that are read as such, too.
    seenWeights: (g, [x, values]) => [g.softmax(x!), g.matmul(g.softmax(x!), values!)],
  },
  lstm: {
    last: one((g, x, wi, wh, b) => g.lstm(x!, wi!, wh!, b!, 'last')),
    sequence: one((g, x, wi, wh, b) => g.lstm(x!, wi!, wh!, b!, 'sequence')),
    lastFrom: one((g, x, wi, wh, b, hidden, cell) =>
      g.lstm(x!, wi!, wh!, b!, 'last', { hidden: hidden!, cell: cell! }),
    ),
    sequenceFrom: one((g, x, wi, wh, b, hidden, cell) =>
      g.lstm(x!, wi!, wh!, b!, 'sequence', { hidden: hidden!, cell: cell! }),
    ),
    stacked: one((g, x, wi, wh, b) => g.lstm(g.lstm(x!, wi!, wh!, b!, 'sequence'), wi!, wh!, b!, 'last')),
  },
  lstmGradient: {
    last: (g, inputs) => g.apply({ kind: 'lstmGradient', returns: 'last', inputGradient: true }, inputs),
    sequence: (g, inputs) => g.apply({ kind: 'lstmGradient', returns: 'sequence', inputGradient: false }, inputs),
    lastFrom: (g, inputs) => g.apply({ kind: 'lstmGradient', returns: 'last', inputGradient: true }, inputs),
  },
  scaledGelu: { gelu: one((g, x) => g.gelu(x!)), matrix: one((g, x) => g.scaledGelu(x!)) },
  conv1d: {
    plain: one((g, x, w, b) => g.conv1d(x!, w!, b!)),
    dilated: one((g, x, w, b) => g.conv1d(x!, w!, b!, 2)),
    pointwise: one((g, x, w, b) => g.conv1d(x!, w!, b!)),
    // Looks back further than there are steps.
    beyond: one((g, x, w, b) => g.conv1d(x!, w!, b!, 3)),
  },
  conv1dGradient: {
    plain: (g, inputs) => g.apply({ kind: 'conv1dGradient', dilation: 1, inputGradient: true }, inputs),
    dilated: (g, inputs) => g.apply({ kind: 'conv1dGradient', dilation: 2, inputGradient: false }, inputs),
  },
};

interface GoldenTensor {
  readonly shape: number[];
  readonly data: number[];
}
/** Of one case: inputs, seeds of the outputs, and what PyTorch finds in float64. */
export interface GoldenCase {
  readonly inputs: readonly GoldenTensor[];
  readonly seeds: readonly GoldenTensor[];
  readonly outputs: readonly GoldenTensor[];
  /** Of Σ outputs · seeds, one an input. */
  readonly gradients: readonly GoldenTensor[];
}

export interface GradientCase {
  /** `matmul.transposeA` */
  readonly name: string;
  readonly golden: GoldenCase;
  /** Inputs `x0` …, seeds `s0` …; outputs `y0` …, gradients `g0` …. */
  readonly graph: Graph;
  readonly feeds: Readonly<Record<string, Float32Array>>;
  /** What the outputs of `graph` must be. */
  readonly expected: Readonly<Record<string, GoldenTensor>>;
}

/** Every case with its PyTorch values: any runtime must give `expected` for `graph` fed with `feeds`. */
export function loadGradientCases(): GradientCase[] {
  const file = new URL('../golden/gradients.json', import.meta.url);
  const golden = JSON.parse(readFileSync(file, 'utf8')) as Record<string, GoldenCase>;
  return Object.entries(gradientCases).flatMap(([kind, cases]) =>
    Object.entries(cases).map(([label, build]) => {
      const name = `${kind}.${label}`;
      const values = golden[name];
      if (!values) throw new Error(`golden/gradients.json has no "${name}": run golden/make_golden.py`);
      return gradientCase(name, values, build);
    }),
  );
}

/** A graph for what `build` makes and its gradients, beside the values of PyTorch. */
export function gradientCase(name: string, golden: GoldenCase, build: Build): GradientCase {
  const shapes = (tensors: readonly GoldenTensor[]) => tensors.map(({ shape }) => shape);
  const named = (prefix: string, tensors: readonly GoldenTensor[]) =>
    tensors.map((tensor, i) => [`${prefix}${i}`, tensor] as const);
  const fed = [...named('x', golden.inputs), ...named('s', golden.seeds)];
  return {
    name,
    golden,
    graph: caseGraph(build, shapes(golden.inputs), shapes(golden.seeds)),
    feeds: Object.fromEntries(fed.map(([key, { data }]) => [key, Float32Array.from(data)])),
    expected: Object.fromEntries([...named('y', golden.outputs), ...named('g', golden.gradients)]),
  };
}

function caseGraph(build: Build, inputShapes: readonly Shape[], seedShapes: readonly Shape[]): Graph {
  const builder = new GraphBuilder();
  const inputs = inputShapes.map((shape, i) => builder.input(`x${i}`, shape));
  const seeds = seedShapes.map((shape, i) => builder.input(`s${i}`, shape));
  const outputs = build(builder, inputs);
  const gradients = pullBack(builder, outputs, seeds, inputs);
  return builder.finish({
    ...Object.fromEntries(outputs.map((output, i) => [`y${i}`, output])),
    ...Object.fromEntries(gradients.map((gradient, i) => [`g${i}`, gradient])),
  });
}
