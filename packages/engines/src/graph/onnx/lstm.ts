import type { GraphNode, Tensor } from '../ir.ts';
import type { OnnxWriter } from './writer.ts';

/** Tensors of one step that the backward pass reads again. */
interface Step {
  /** [x, h, 1] of the step, [B, F + H + 1]. */
  readonly z: string;
  readonly inputGate: string;
  /** Null at the first step from a zero state: there is nothing to forget. */
  readonly forgetGate: string | null;
  readonly candidate: string;
  readonly outputGate: string;
  readonly cellBefore: string | null;
  readonly tanhCell: string;
}
interface Forward {
  /** [4H, F + H + 1]: input weights, hidden weights and bias side by side. */
  readonly weights: string;
  readonly steps: readonly Step[];
  readonly lastHidden: string;
  readonly hidden: readonly string[];
}

/** T, B, F, H. */
function sizes(inputs: readonly Tensor[]): { steps: number; batch: number; features: number; units: number } {
  const [steps, batch, features] = inputs[0]!.shape as [number, number, number];
  return { steps, batch, features, units: inputs[2]!.shape[1]! };
}

/** Inputs of the operator among those of its gradient, which come in odd numbers. */
export function operandsOf(inputs: readonly Tensor[]): readonly Tensor[] {
  return inputs.length % 2 === 0 ? inputs : inputs.slice(0, -1);
}

/** Written once for the operator and its gradient. */
function forward(writer: OnnxWriter, inputs: readonly Tensor[]): Forward {
  const operands = operandsOf(inputs);
  return writer.shared(`lstm(${operands.map(({ id }) => id).join()})`, () => writeForward(writer, operands));
}

/** Unrolled, with one product a gate and step on [x, h, 1], which the runtime fuses with the gate's activation. */
function writeForward(writer: OnnxWriter, inputs: readonly Tensor[]): Forward {
  const { steps, batch, features, units } = sizes(inputs);
  const [x, inputWeights, hiddenWeights, bias, hiddenBefore, cellAtStart] = writer.namesOf(inputs) as [
    ...[string, string, string, string],
    ...(string | undefined)[],
  ];
  const weights = writer.concat([inputWeights, hiddenWeights, writer.reshape(bias, [4 * units, 1])], 1);
  const [wi, wf, wg, wo] = writer.split(weights, 0, [units, units, units, units]) as [string, string, string, string];
  const ones = writer.uniform([batch, 1], 1);
  const rows = writer
    .split(x, 0, new Array<number>(steps).fill(1))
    .map((row) => writer.reshape(row, [batch, features]));
  const gate = (activation: string, z: string, w: string) =>
    writer.node(activation, [writer.node('Gemm', [z, w], { transB: { int: 1 } })]);
  const multiply = (a: string, b: string) => writer.node('Mul', [a, b]);

  const saved: Step[] = [];
  const hidden: string[] = [];
  let cell: string | null = cellAtStart ?? null;
  for (const row of rows) {
    const before = hidden.at(-1) ?? hiddenBefore ?? writer.uniform([batch, units], 0);
    const z = writer.concat([row, before, ones], 1);
    const inputGate = gate('Sigmoid', z, wi);
    const forgetGate: string | null = cell === null ? null : gate('Sigmoid', z, wf);
    const candidate = gate('Tanh', z, wg);
    const outputGate = gate('Sigmoid', z, wo);
    const entering = multiply(inputGate, candidate);
    const cellBefore: string | null = cell;
    cell = cellBefore && forgetGate ? writer.node('Add', [multiply(forgetGate, cellBefore), entering]) : entering;
    const tanhCell = writer.node('Tanh', [cell]);
    hidden.push(multiply(outputGate, tanhCell));
    saved.push({ z, inputGate, forgetGate, candidate, outputGate, cellBefore, tanhCell });
  }
  return { weights, steps: saved, hidden, lastHidden: hidden.at(-1)! };
}

export function emitLstm(writer: OnnxWriter, node: GraphNode<'lstm'>): void {
  const { batch, units } = sizes(node.inputs);
  const result = forward(writer, node.inputs);
  const output = writer.nameOf(node.outputs[0]!);
  if (node.operator.returns === 'last') {
    writer.node('Identity', [result.lastHidden], {}, { output });
  } else {
    const rows = result.hidden.map((state) => writer.reshape(state, [1, batch, units]));
    writer.node('Concat', rows, { axis: { int: 0 } }, { output });
  }
}

/**
 * Backpropagation through time with what the forward pass computed: six saved tensors a step, and σ' and tanh' written as
 * differences of products that are there anyway.
 */
export function emitLstmGradient(writer: OnnxWriter, node: GraphNode<'lstmGradient'>): void {
  const { steps: count, batch, features, units } = sizes(node.inputs);
  const { steps, weights } = forward(writer, node.inputs);
  const fromState = node.inputs.length > 5;
  const multiply = (a: string, b: string) => writer.node('Mul', [a, b]);
  const subtract = (a: string, b: string) => writer.node('Sub', [a, b]);
  const add = (a: string | null, b: string) => (a === null ? b : writer.node('Add', [a, b]));
  const [forInput, forHidden] = writer.split(weights, 1, [features, units, 1]) as [string, string, string];
  const fromOutside = outerGradients(writer, node, count, batch, units);

  let hiddenGradient: string | null = null;
  let cellGradient: string | null = null;
  let weightGradient: string | null = null;
  const inputGradients: string[] = [];
  for (let t = count - 1; t >= 0; t--) {
    const { z, inputGate, forgetGate, candidate, outputGate, cellBefore, tanhCell } = steps[t]!;
    const outer: string | null = fromOutside[t] ?? null;
    const dh: string = outer === null ? hiddenGradient! : add(hiddenGradient, outer);
    const dhO = multiply(dh, outputGate);
    const dhOtc = multiply(dhO, tanhCell);
    const byOutput = subtract(dhOtc, multiply(dhOtc, outputGate));
    const dc: string = add(cellGradient, subtract(dhO, multiply(dhOtc, tanhCell)));
    const dcI = multiply(dc, inputGate);
    const dcIg = multiply(dcI, candidate);
    const byCandidate = subtract(dcI, multiply(dcIg, candidate));
    const byInput = subtract(dcIg, multiply(dcIg, inputGate));
    let byForget: string | null = null;
    if (forgetGate !== null && cellBefore !== null) {
      cellGradient = multiply(dc, forgetGate);
      const dcFc = multiply(cellGradient, cellBefore);
      byForget = subtract(dcFc, multiply(dcFc, forgetGate));
    }
    byForget ??= writer.uniform([batch, units], 0);
    const gates = writer.concat([byInput, byForget, byCandidate, byOutput], 1);
    const addend: string[] = weightGradient === null ? [] : [weightGradient];
    weightGradient = writer.node('Gemm', [gates, z, ...addend], { transA: { int: 1 } });
    if (t > 0 || fromState) hiddenGradient = writer.node('Gemm', [gates, forHidden]);
    if (node.operator.inputGradient) {
      inputGradients.unshift(writer.reshape(writer.node('Gemm', [gates, forInput]), [1, batch, features]));
    }
  }
  const [ofInputWeights, ofHiddenWeights, ofBias, ...rest] = writer.namesOf(node.outputs);
  const ofInput = node.operator.inputGradient ? rest.at(-1) : undefined;
  if (fromState) {
    writer.node('Identity', [hiddenGradient!], {}, { output: rest[0]! });
    writer.node('Identity', [cellGradient!], {}, { output: rest[1]! });
  }
  const column = writer.fresh();
  writer.split(weightGradient!, 1, [features, units, 1], [ofInputWeights!, ofHiddenWeights!, column]);
  writer.node('Reshape', [column, writer.integers([4 * units])], {}, { output: ofBias! });
  if (ofInput !== undefined) writer.node('Concat', inputGradients, { axis: { int: 0 } }, { output: ofInput });
}

/** The gradient that reaches each step's hidden state from outside the layer, where there is one. */
function outerGradients(
  writer: OnnxWriter,
  node: GraphNode<'lstmGradient'>,
  count: number,
  batch: number,
  units: number,
): (string | undefined)[] {
  const gradient = writer.nameOf(node.inputs.at(-1)!);
  if (node.operator.returns === 'last') return Object.assign(new Array<string>(count), { [count - 1]: gradient });
  const steps = writer.split(gradient, 0, new Array<number>(count).fill(1));
  return steps.map((step) => writer.reshape(step, [batch, units]));
}
