import { DomainError } from '@twostage/core/errors';
import { type OperatorKind, type OperatorOf, type Shape, sameShape, showShape, sizeOf, type Tensor } from './ir.ts';

type ShapeRule<K extends OperatorKind> = (operator: OperatorOf<K>, inputs: readonly Shape[]) => Shape[];

/** Shapes of an operator's outputs. @throws DomainError SHAPE_MISMATCH naming the operator, what it needs and what came. */
export function outputShapes<K extends OperatorKind>(operator: OperatorOf<K>, inputs: readonly Tensor[]): Shape[] {
  const rule = shapeRules[operator.kind as K] as ShapeRule<K>;
  return rule(
    operator,
    inputs.map((input) => input.shape),
  );
}

/** numpy's rule: aligned from the right, lengths are equal or one of them is 1. */
export function broadcastShapes(what: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[a.length - rank + axis] ?? 1;
    const y = b[b.length - rank + axis] ?? 1;
    if (x !== y && x !== 1 && y !== 1)
      mismatch(what, 'shapes that broadcast together', `${showShape(a)} and ${showShape(b)}`);
    return x === 1 ? y : x;
  });
}

function mismatch(what: string, expected: string, came: string): never {
  throw new DomainError('SHAPE_MISMATCH', `${what} needs ${expected}, got ${came}`);
}

function check(condition: boolean, what: string, expected: string, ...came: readonly unknown[]): void {
  if (!condition) mismatch(what, expected, came.map((c) => JSON.stringify(c)).join(' and '));
}

function arity(what: string, inputs: readonly Shape[], count: number): void {
  check(inputs.length === count, what, `${count} input(s)`, inputs.length);
}

const source = (operator: { kind: string; shape: Shape }, inputs: readonly Shape[]): Shape[] => {
  arity(operator.kind, inputs, 0);
  const whole = operator.shape.every((length) => Number.isInteger(length) && length > 0);
  check(whole, operator.kind, 'a shape of positive integers', operator.shape);
  return [operator.shape];
};

const unary = (operator: { kind: string }, inputs: readonly Shape[]): Shape[] => {
  arity(operator.kind, inputs, 1);
  return [inputs[0]!];
};

const binary = (operator: { kind: string }, inputs: readonly Shape[]): Shape[] => {
  arity(operator.kind, inputs, 2);
  return [broadcastShapes(operator.kind, inputs[0]!, inputs[1]!)];
};

const alike = (operator: { kind: string }, inputs: readonly Shape[]): Shape[] => {
  check(inputs.length >= 2, operator.kind, 'at least 2 inputs', inputs.length);
  for (const shape of inputs)
    check(sameShape(shape, inputs[0]!), operator.kind, 'inputs of one shape', inputs[0], shape);
  return [inputs[0]!];
};

const pair = (operator: { kind: string }, inputs: readonly Shape[]): Shape[] => {
  arity(operator.kind, inputs, 2);
  return alike(operator, inputs);
};

function product(
  operator: { kind: string; transposeA: boolean; transposeB: boolean },
  a: Shape,
  b: Shape,
): [batch: Shape, m: number, n: number] {
  const rank = a.length;
  check(rank >= 2 && b.length === rank, operator.kind, 'two inputs of one rank ≥ 2', a, b);
  const batch = a.slice(0, rank - 2);
  check(sameShape(batch, b.slice(0, rank - 2)), operator.kind, 'equal batch axes', a, b);
  const [m, k] = operator.transposeA ? [a[rank - 1]!, a[rank - 2]!] : [a[rank - 2]!, a[rank - 1]!];
  const [k2, n] = operator.transposeB ? [b[rank - 1]!, b[rank - 2]!] : [b[rank - 2]!, b[rank - 1]!];
  const flags = `transposeA ${operator.transposeA}, transposeB ${operator.transposeB}`;
  check(k === k2, `${operator.kind} (${flags})`, 'equal inner lengths', a, b);
  return [batch, m, n];
}

function lstmSizes(kind: string, inputs: readonly Shape[]): { steps: number; batch: number; hidden: number } {
  const [x, inputWeights, hiddenWeights, bias, ...state] = inputs as [Shape, Shape, Shape, Shape, ...Shape[]];
  check(x.length === 3, kind, 'x of [T, B, F]', x);
  const [steps, batch, features] = x as [number, number, number];
  const hidden = hiddenWeights[1]!;
  check(sameShape(inputWeights, [4 * hidden, features]), kind, `input weights [4H, F]`, inputWeights, x);
  check(sameShape(hiddenWeights, [4 * hidden, hidden]), kind, 'hidden weights [4H, H]', hiddenWeights);
  check(sameShape(bias, [4 * hidden]), kind, 'bias [4H]', bias);
  for (const part of state) check(sameShape(part, [batch, hidden]), kind, 'a state of [B, H]', part);
  return { steps, batch, hidden };
}

function convolved(kind: string, x: Shape, weights: Shape, dilation: number): Shape {
  check(Number.isInteger(dilation) && dilation >= 1, kind, 'a whole dilation ≥ 1', dilation);
  check(x.length === 3, kind, 'x of [T, B, C]', x);
  check(weights.length === 3 && weights[1] === x[2], kind, 'weights [units, C, width]', weights, x);
  return [x[0]!, x[1]!, weights[0]!];
}

const shapeRules: { [K in OperatorKind]: ShapeRule<K> } = {
  input: source,
  constant: (operator, inputs) => {
    check(operator.data.length === sizeOf(operator.shape), 'constant', `data of ${showShape(operator.shape)}`, [
      operator.data.length,
    ]);
    return source(operator, inputs);
  },
  fill: source,
  add: binary,
  subtract: binary,
  multiply: binary,
  divide: binary,
  maximum: binary,
  addN: alike,
  negate: unary,
  exp: unary,
  log: unary,
  sqrt: unary,
  square: unary,
  erf: unary,
  relu: unary,
  tanh: unary,
  sigmoid: unary,
  reluGradient: pair,
  tanhGradient: pair,
  sigmoidGradient: pair,
  matmul: (operator, inputs) => {
    arity('matmul', inputs, 2);
    const [batch, m, n] = product(operator, inputs[0]!, inputs[1]!);
    return [[...batch, m, n]];
  },
  gemm: (operator, inputs) => {
    arity('gemm', inputs, 3);
    const [a, b, c] = inputs as [Shape, Shape, Shape];
    check(a.length === 2, 'gemm', 'matrices', a, b);
    const [, m, n] = product(operator, a, b);
    check(sameShape(c, [n]) || sameShape(c, [m, n]), 'gemm', `an addend of [${n}] or [${m}, ${n}]`, c);
    return [[m, n]];
  },
  reshape: (operator, inputs) => {
    arity('reshape', inputs, 1);
    check(sizeOf(operator.shape) === sizeOf(inputs[0]!), 'reshape', 'as many elements', inputs[0], operator.shape);
    return [operator.shape];
  },
  transpose: (operator, inputs) => {
    arity('transpose', inputs, 1);
    const { permutation } = operator;
    const sorted = [...permutation].sort((a, b) => a - b);
    check(
      permutation.length === inputs[0]!.length && sorted.every((axis, i) => axis === i),
      'transpose',
      'a permutation of the axes',
      inputs[0],
      permutation,
    );
    return [permutation.map((axis) => inputs[0]![axis]!)];
  },
  slice: ({ starts, ends }, inputs) => {
    arity('slice', inputs, 1);
    const shape = inputs[0]!;
    const within = shape.every((length, axis) => {
      const [start, end] = [starts[axis], ends[axis]];
      return start !== undefined && end !== undefined && 0 <= start && start < end && end <= length;
    });
    check(within && starts.length === shape.length, 'slice', `bounds within ${showShape(shape)}`, starts, ends);
    return [ends.map((end, axis) => end - starts[axis]!)];
  },
  pad: ({ before, after }, inputs) => {
    arity('pad', inputs, 1);
    const shape = inputs[0]!;
    const whole = [...before, ...after].every((n) => Number.isInteger(n) && n >= 0);
    check(
      whole && before.length === shape.length && after.length === shape.length,
      'pad',
      'a count ≥ 0 for each axis',
      before,
      after,
    );
    return [shape.map((length, axis) => before[axis]! + length + after[axis]!)];
  },
  concat: ({ axis }, inputs) => {
    check(inputs.length >= 1, 'concat', 'at least 1 input', inputs.length);
    const first = inputs[0]!;
    check(axis >= 0 && axis < first.length, 'concat', `an axis of ${showShape(first)}`, axis);
    for (const shape of inputs) {
      const fits = shape.length === first.length && shape.every((length, i) => i === axis || length === first[i]);
      check(fits, 'concat', `inputs that differ along axis ${axis} only`, first, shape);
    }
    return [first.map((length, i) => (i === axis ? inputs.reduce((sum, shape) => sum + shape[axis]!, 0) : length))];
  },
  split: ({ axis, sizes }, inputs) => {
    arity('split', inputs, 1);
    const shape = inputs[0]!;
    const total = sizes.reduce((sum, size) => sum + size, 0);
    check(shape[axis] === total, 'split', `sizes that add up to axis ${axis} of ${showShape(shape)}`, sizes);
    return sizes.map((size) => shape.map((length, i) => (i === axis ? size : length)));
  },
  broadcast: ({ shape }, inputs) => {
    arity('broadcast', inputs, 1);
    const fits = inputs[0]!.length <= shape.length && sameShape(broadcastShapes('broadcast', inputs[0]!, shape), shape);
    check(fits, 'broadcast', `an input that broadcasts to ${showShape(shape)}`, inputs[0]);
    return [shape];
  },
  reduceSum: ({ axes, keepDimensions }, inputs) => {
    arity('reduceSum', inputs, 1);
    const shape = inputs[0]!;
    const valid = axes.every((axis, i) => axis >= 0 && axis < shape.length && (i === 0 || axis > axes[i - 1]!));
    check(valid, 'reduceSum', `ascending axes of ${showShape(shape)}`, axes);
    if (keepDimensions) return [shape.map((length, axis) => (axes.includes(axis) ? 1 : length))];
    return [shape.filter((_, axis) => !axes.includes(axis))];
  },
  softmax: (operator, inputs) => {
    check((inputs[0]?.length ?? 0) >= 1, 'softmax', 'an input of rank ≥ 1', inputs[0]);
    return unary(operator, inputs);
  },
  scaledGelu: unary,
  lstm: (operator, inputs) => {
    check(inputs.length === 4 || inputs.length === 6, 'lstm', '4 inputs, or 6 with a state', inputs.length);
    const { steps, batch, hidden } = lstmSizes('lstm', inputs);
    return [operator.returns === 'last' ? [batch, hidden] : [steps, batch, hidden]];
  },
  lstmGradient: (operator, inputs) => {
    check(inputs.length === 5 || inputs.length === 7, 'lstmGradient', '5 inputs, or 7 with a state', inputs.length);
    const { steps, batch, hidden } = lstmSizes('lstmGradient', inputs.slice(0, -1));
    const output = operator.returns === 'last' ? [batch, hidden] : [steps, batch, hidden];
    check(sameShape(inputs.at(-1)!, output), 'lstmGradient', `a gradient of ${showShape(output)}`, inputs.at(-1));
    const [x, ...others] = inputs.slice(0, -1) as [Shape, ...Shape[]];
    return [...others, ...(operator.inputGradient ? [x] : [])];
  },
  conv1d: ({ dilation }, inputs) => {
    arity('conv1d', inputs, 3);
    const [x, weights, bias] = inputs as [Shape, Shape, Shape];
    const output = convolved('conv1d', x, weights, dilation);
    check(sameShape(bias, [weights[0]!]), 'conv1d', `a bias of [${weights[0]}]`, bias);
    return [output];
  },
  conv1dGradient: ({ dilation, inputGradient }, inputs) => {
    arity('conv1dGradient', inputs, 3);
    const [x, weights, gradient] = inputs as [Shape, Shape, Shape];
    const output = convolved('conv1dGradient', x, weights, dilation);
    check(sameShape(gradient, output), 'conv1dGradient', `a gradient of ${showShape(output)}`, gradient);
    return [weights, [weights[0]!], ...(inputGradient ? [x] : [])];
  },
};
