import type { GraphBuilder } from './builder.ts';
import type { OperatorKind, OperatorOf, Tensor } from './ir.ts';
import { lowerings, type PullBack } from './lowerings.ts';

export interface GradientContext<K extends OperatorKind> {
  readonly builder: GraphBuilder;
  readonly operator: OperatorOf<K>;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Gradient of each output; null where nothing flows back. At least one is there. */
  readonly gradients: readonly (Tensor | null)[];
  /** Whether anyone asks for the gradient of that input. */
  readonly needs: (input: number) => boolean;
  readonly pullBack: PullBack;
}

/** Vector-Jacobian product: one gradient an input, null where it is zero or not needed. */
export type GradientRule<K extends OperatorKind> = (context: GradientContext<K>) => readonly (Tensor | null)[];

type Elementwise = (builder: GraphBuilder, gradient: Tensor, x: Tensor, y: Tensor) => Tensor;

/** Of an operator with one input and one output. */
function unary<K extends OperatorKind>(rule: Elementwise): GradientRule<K> {
  return ({ builder, inputs, outputs, gradients }) => [rule(builder, gradients[0]!, inputs[0]!, outputs[0]!)];
}

type Side = (builder: GraphBuilder, gradient: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor;

/** Of an elementwise operator on two inputs that broadcast together. */
function binary<K extends OperatorKind>(left: Side, right: Side): GradientRule<K> {
  return ({ builder, inputs, outputs, gradients, needs }) => {
    const [a, b] = inputs as [Tensor, Tensor];
    const gradient = gradients[0]!;
    return [
      needs(0) ? builder.sumToShape(left(builder, gradient, a, b, outputs[0]!), a.shape) : null,
      needs(1) ? builder.sumToShape(right(builder, gradient, a, b, outputs[0]!), b.shape) : null,
    ];
  };
}

function productGradients(context: GradientContext<'matmul' | 'gemm'>): [Tensor | null, Tensor | null] {
  const { builder, operator, inputs, gradients, needs } = context;
  const { transposeA, transposeB } = operator;
  const [a, b] = inputs as [Tensor, Tensor];
  const gradient = gradients[0]!;
  const forA = () =>
    transposeA
      ? builder.matmul(b, gradient, { transposeA: transposeB, transposeB: true })
      : builder.matmul(gradient, b, { transposeB: !transposeB });
  const forB = () =>
    transposeB
      ? builder.matmul(gradient, a, { transposeA: true, transposeB: transposeA })
      : builder.matmul(a, gradient, { transposeA: !transposeA });
  return [needs(0) ? forA() : null, needs(1) ? forB() : null];
}

/**
 * What softmax's gradient multiplies with its output y, where y weighs the rows of `values` and does nothing else: as the gradient g of y
 * is h · valuesᵀ for the gradient h of the mean y · values, Σ g ∘ y is Σ h ∘ (y · values) (Dao et al. 2022), and g − Σ g ∘ y one product of
 * [h, −Σ h ∘ (y · values)] and [values, 1]. So matrices of a weight for each pair of positions are passed over twice, not ten times.
 * @returns g − Σ g ∘ y, or null where y is used otherwise
 */
function lessTotal(builder: GraphBuilder, gradient: Tensor, y: Tensor): Tensor | null {
  const { operator, inputs } = gradient.node;
  if (operator.kind !== 'matmul' || operator.transposeA || !operator.transposeB) return null;
  const [h, values] = inputs as [Tensor, Tensor];
  const last = values.shape.length - 1;
  const total = builder.reduceSum(builder.multiply(h, builder.matmul(y, values)), [last], true);
  const ones = builder.fill([...values.shape.slice(0, last), 1], 1);
  const [left, right] = [builder.concat([h, builder.negate(total)], last), builder.concat([values, ones], last)];
  return builder.matmul(left, right, { transposeB: true });
}

/** How each operator passes a gradient back. Total by type: an operator without a rule does not compile. */
export const gradientRules: { [K in OperatorKind]: GradientRule<K> } = {
  input: () => [],
  constant: () => [],
  fill: () => [],
  add: binary(
    (_, gradient) => gradient,
    (_, gradient) => gradient,
  ),
  subtract: ({ builder, inputs, gradients, needs }) => {
    const [a, b] = inputs as [Tensor, Tensor];
    const gradient = gradients[0]!;
    return [
      needs(0) ? builder.sumToShape(gradient, a.shape) : null,
      needs(1) ? builder.negate(builder.sumToShape(gradient, b.shape)) : null,
    ];
  },
  multiply: binary(
    (builder, gradient, _, b) => builder.multiply(gradient, b),
    (builder, gradient, a) => builder.multiply(gradient, a),
  ),
  divide: binary(
    (builder, gradient, _, b) => builder.divide(gradient, b),
    (builder, gradient, _, b, y) => builder.negate(builder.multiply(builder.divide(gradient, b), y)),
  ),
  maximum: binary(
    (builder, gradient, a, b) => builder.reluGradient(gradient, builder.subtract(a, b)),
    (builder, gradient, a, b) => builder.subtract(gradient, builder.reluGradient(gradient, builder.subtract(a, b))),
  ),
  addN: ({ inputs, gradients }) => inputs.map(() => gradients[0]!),
  negate: unary((builder, gradient) => builder.negate(gradient)),
  exp: unary((builder, gradient, _, y) => builder.multiply(gradient, y)),
  log: unary((builder, gradient, x) => builder.divide(gradient, x)),
  sqrt: unary((builder, gradient, _, y) => builder.divide(builder.multiply(gradient, 0.5), y)),
  square: unary((builder, gradient, x) => builder.multiply(builder.multiply(gradient, 2), x)),
  erf: unary((builder, gradient, x) => {
    const density = builder.exp(builder.negate(builder.square(x)));
    return builder.multiply(builder.multiply(gradient, 2 / Math.sqrt(Math.PI)), density);
  }),
  relu: unary((builder, gradient, _, y) => builder.reluGradient(gradient, y)),
  tanh: unary((builder, gradient, _, y) => builder.tanhGradient(gradient, y)),
  sigmoid: unary((builder, gradient, _, y) => builder.sigmoidGradient(gradient, y)),
  // Piecewise constant in its second input.
  reluGradient: ({ builder, inputs, gradients, needs }) => [
    needs(0) ? builder.reluGradient(gradients[0]!, inputs[1]!) : null,
    null,
  ],
  // d/dy g·(1 − y²) = −2·g·y
  tanhGradient: ({ builder, inputs, gradients, needs }) => {
    const [gradient, y] = inputs as [Tensor, Tensor];
    const byY = () => builder.multiply(builder.multiply(gradients[0]!, gradient), builder.multiply(y, -2));
    return [needs(0) ? builder.tanhGradient(gradients[0]!, y) : null, needs(1) ? byY() : null];
  },
  // d/dy g·(y − y²) = g·(1 − 2y)
  sigmoidGradient: ({ builder, inputs, gradients, needs }) => {
    const [gradient, y] = inputs as [Tensor, Tensor];
    const slope = () => builder.subtract(1, builder.multiply(y, 2));
    const byY = () => builder.multiply(builder.multiply(gradients[0]!, gradient), slope());
    return [needs(0) ? builder.sigmoidGradient(gradients[0]!, y) : null, needs(1) ? byY() : null];
  },
  matmul: (context) => productGradients(context as GradientContext<'matmul' | 'gemm'>),
  gemm: (context) => {
    const { builder, inputs, gradients, needs } = context;
    const byC = needs(2) ? builder.sumToShape(gradients[0]!, inputs[2]!.shape) : null;
    return [...productGradients(context as GradientContext<'matmul' | 'gemm'>), byC];
  },
  reshape: ({ builder, inputs, gradients }) => [builder.reshape(gradients[0]!, inputs[0]!.shape)],
  transpose: ({ builder, operator, gradients }) => {
    const inverse = operator.permutation.map((_, axis) => operator.permutation.indexOf(axis));
    return [builder.transpose(gradients[0]!, inverse)];
  },
  slice: ({ builder, operator, inputs, gradients }) => [
    builder.pad(
      gradients[0]!,
      operator.starts,
      operator.ends.map((end, axis) => inputs[0]!.shape[axis]! - end),
    ),
  ],
  pad: ({ builder, operator, inputs, gradients }) => {
    const ends = operator.before.map((before, axis) => before + inputs[0]!.shape[axis]!);
    return [builder.apply({ kind: 'slice', starts: operator.before, ends }, [gradients[0]!])[0]!];
  },
  concat: ({ builder, operator, inputs, gradients }) =>
    builder.split(
      gradients[0]!,
      operator.axis,
      inputs.map((input) => input.shape[operator.axis]!),
    ),
  split: ({ builder, operator, outputs, gradients }) => [
    builder.concat(
      gradients.map((gradient, i) => gradient ?? builder.fill(outputs[i]!.shape, 0)),
      operator.axis,
    ),
  ],
  broadcast: ({ builder, inputs, gradients }) => [builder.sumToShape(gradients[0]!, inputs[0]!.shape)],
  reduceSum: ({ builder, operator, inputs, gradients }) => {
    const { shape } = inputs[0]!;
    const kept = shape.map((length, axis) => (operator.axes.includes(axis) ? 1 : length));
    return [builder.broadcast(builder.reshape(gradients[0]!, kept), shape)];
  },
  // y ∘ (g − Σ g ∘ y)
  softmax: unary((builder, gradient, _, y) => {
    const less = lessTotal(builder, gradient, y);
    if (less) return builder.multiply(y, less);
    const weighted = builder.multiply(gradient, y);
    const total = builder.reduceSum(weighted, [y.shape.length - 1], true);
    return builder.subtract(weighted, builder.multiply(y, total));
  }),
  // 1 + erf x + x · 2 / √π · e^(−x²)
  scaledGelu: unary((builder, gradient, x) => {
    const slope = builder.exp(builder.subtract(Math.log(2 / Math.sqrt(Math.PI)), builder.square(x)));
    const share = builder.add(builder.erf(x), 1);
    return builder.multiply(gradient, builder.add(share, builder.multiply(x, slope)));
  }),
  lstm: ({ builder, operator, inputs, gradients, needs }) => {
    const inputGradient = needs(0);
    const operands = [...inputs, gradients[0]!];
    const outputs = builder.apply({ kind: 'lstmGradient', returns: operator.returns, inputGradient }, operands);
    const others = outputs.slice(0, inputs.length - 1);
    return [inputGradient ? outputs.at(-1)! : null, ...others];
  },
  // Through its definition: only a gradient of a gradient comes here.
  lstmGradient: ({ builder, operator, inputs, gradients, pullBack }) => {
    const outputs = lowerings.lstmGradient({ builder, operator, inputs, pullBack });
    return pullBack(builder, outputs, gradients, inputs, inputs);
  },
  conv1d: ({ builder, operator: { dilation }, inputs, gradients, needs }) => {
    const inputGradient = needs(0);
    const operands = [...inputs.slice(0, 2), gradients[0]!];
    const [weights, bias, x] = builder.apply({ kind: 'conv1dGradient', dilation, inputGradient }, operands);
    return [x ?? null, weights!, bias!];
  },
  conv1dGradient: ({ builder, operator, inputs, gradients, pullBack }) => {
    const outputs = lowerings.conv1dGradient({ builder, operator, inputs, pullBack });
    return pullBack(builder, outputs, gradients, inputs, inputs);
  },
};
