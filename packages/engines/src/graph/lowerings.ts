import type { GraphBuilder } from './builder.ts';
import type { CompositeKind, OperatorOf, Tensor } from './ir.ts';

/** `pullBack` of autodiff.ts, handed in because that stands on the gradient rules, which stand on this. */
export type PullBack = (
  builder: GraphBuilder,
  outputs: readonly Tensor[],
  seeds: readonly (Tensor | null)[],
  wrt: readonly Tensor[],
  independent: readonly Tensor[],
) => Tensor[];

export interface LoweringContext<K extends CompositeKind> {
  readonly builder: GraphBuilder;
  readonly operator: OperatorOf<K>;
  readonly inputs: readonly Tensor[];
  readonly pullBack: PullBack;
}

/** Builds a composite operator's outputs from primitives. */
export type Lowering<K extends CompositeKind> = (context: LoweringContext<K>) => readonly Tensor[];

/** The definition of each composite operator. Total by type. */
export const lowerings: { [K in CompositeKind]: Lowering<K> } = {
  scaledGelu: ({ builder, inputs }) => [builder.multiply(inputs[0]!, builder.add(builder.erf(inputs[0]!), 1))],
  lstm: ({ builder, operator: { returns }, inputs }) => {
    const [x, inputWeights, hiddenWeights, bias, ...state] = inputs as [Tensor, Tensor, Tensor, Tensor, ...Tensor[]];
    const [steps, batch] = x.shape as [number, number, number];
    const units = hiddenWeights.shape[1]!;
    const projected = builder.split(builder.linear(x, inputWeights, bias), 0, new Array<number>(steps).fill(1));
    const states: Tensor[] = [];
    let cell: Tensor | null = state[1] ?? null;
    for (const fromInput of projected) {
      const row = builder.reshape(fromInput, [batch, 4 * units]);
      const previous = states.at(-1) ?? state[0];
      const gates = previous ? builder.gemm(previous, hiddenWeights, row, { transposeB: true }) : row;
      const [i, f, g, o] = builder.split(gates, 1, [units, units, units, units]) as [Tensor, Tensor, Tensor, Tensor];
      const entering = builder.multiply(builder.sigmoid(i), builder.tanh(g));
      cell = cell ? builder.add(builder.multiply(builder.sigmoid(f), cell), entering) : entering;
      states.push(builder.multiply(builder.sigmoid(o), builder.tanh(cell)));
    }
    if (returns === 'last') return [states.at(-1)!];
    return [
      builder.concat(
        states.map((state) => builder.reshape(state, [1, batch, units])),
        0,
      ),
    ];
  },
  // Finds the forward pass again instead of repeating it: the builder knows equal nodes.
  lstmGradient: ({ builder, operator: { returns, inputGradient }, inputs, pullBack }) => {
    const operands = inputs.slice(0, -1);
    const output = lowerings.lstm({ builder, operator: { kind: 'lstm', returns }, inputs: operands, pullBack });
    const [x, ...others] = operands as [Tensor, ...Tensor[]];
    const wrt = [...others, ...(inputGradient ? [x] : [])];
    return pullBack(builder, output, [inputs.at(-1)!], wrt, operands);
  },
  // One product over the steps seen, laid side by side: faster than a runtime's convolution and its transpose.
  conv1d: ({ builder, operator: { dilation }, inputs }) => {
    const [x, weights, bias] = inputs as [Tensor, Tensor, Tensor];
    const [steps, , channels] = x.shape as [number, number, number];
    const [units, , width] = weights.shape as [number, number, number];
    const reach = (width - 1) * dilation;
    const padded = reach === 0 ? x : builder.pad(x, [reach, 0, 0], [0, 0, 0]);
    const seen = Array.from({ length: width }, (_, tap) =>
      builder.slice(padded, 0, tap * dilation, tap * dilation + steps),
    );
    const matrix = builder.reshape(builder.transpose(weights, [0, 2, 1]), [units, width * channels]);
    return [builder.linear(builder.concat(seen, 2), matrix, bias)];
  },
  conv1dGradient: ({ builder, operator: { dilation, inputGradient }, inputs, pullBack }) => {
    const [x, weights, gradient] = inputs as [Tensor, Tensor, Tensor];
    // Gradients do not depend on the bias.
    const bias = builder.fill([weights.shape[0]!], 0);
    const operands = [x, weights, bias];
    const output = lowerings.conv1d({ builder, operator: { kind: 'conv1d', dilation }, inputs: operands, pullBack });
    const wrt = [weights, bias, ...(inputGradient ? [x] : [])];
    return pullBack(builder, output, [gradient], wrt, operands);
  },
};
