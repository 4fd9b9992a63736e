import type { GraphNode, Tensor } from '../ir.ts';
import { Blocks } from './blocks.ts';
import { operandsOf } from './lstm.ts';
import type { OnnxWriter } from './writer.ts';

/** Tensors of one step that the backward pass reads again, each [1, channels, height, B / height] in blocks. */
interface Step {
  /** [x, h] of the step, F' + H channels. */
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
  readonly inputWeights: string;
  readonly hiddenWeights: string;
  readonly steps: readonly Step[];
  readonly hidden: readonly string[];
}

/** The batch stands where images have their pixels, units and features are the channels. */
class Layout {
  readonly steps: number;
  readonly batch: number;
  readonly features: number;
  /** Features and zeros up to whole blocks. */
  readonly channels: number;
  readonly units: number;
  readonly height: number;
  readonly blocks: Blocks;

  private constructor(
    readonly writer: OnnxWriter,
    readonly inputs: readonly Tensor[],
    blocking: Blocks['blocking'],
  ) {
    [this.steps, this.batch, this.features] = inputs[0]!.shape as [number, number, number];
    this.units = inputs[2]!.shape[1]!;
    this.channels = Math.ceil(this.features / blocking.block) * blocking.block;
    this.height = this.batch % blocking.height === 0 ? blocking.height : 1;
    this.blocks = new Blocks(writer, blocking);
  }

  /** Null where the runtime has no such operators, or units or rows are no whole blocks. */
  static of(writer: OnnxWriter, inputs: readonly Tensor[]): Layout | null {
    const { blocked } = writer.dialect;
    if (blocked === null) return null;
    const layout = new Layout(writer, operandsOf(inputs), blocked);
    return layout.units % blocked.block === 0 && layout.batch % blocked.block === 0 ? layout : null;
  }

  /** [steps, B, channels] in rows → one blocked tensor a step. */
  fromRows(x: string, channels: number, steps: number): readonly string[] {
    const { writer, height, batch } = this;
    const blocked = this.blocks.fromRows(x, [steps, height, batch / height, channels]);
    return steps === 1 ? [blocked] : writer.split(blocked, 0, new Array<number>(steps).fill(1));
  }

  /** The reverse of `fromRows`, as one tensor of rows; to be reshaped. */
  toRows(steps: readonly string[], channels: number): string {
    return this.blocks.toRows(this.writer.concat(steps, 0), channels);
  }

  /** [rows, features] → [rows, channels], or [T, B, features] → [T, B, channels]. */
  padded(matrix: string, leading: number): string {
    if (this.channels === this.features) return matrix;
    const none = new Array<number>(leading).fill(0);
    const widths = [...none, 0, ...none, this.channels - this.features];
    return this.writer.node('Pad', [matrix, this.writer.integers(widths)]);
  }
}

/** @returns false if this LSTM cannot be written on blocked channels */
export function emitBlockedLstm(writer: OnnxWriter, node: GraphNode<'lstm'>): boolean {
  const layout = Layout.of(writer, node.inputs);
  if (layout === null) return false;
  const { hidden } = forward(layout);
  const rows = layout.toRows(node.operator.returns === 'last' ? hidden.slice(-1) : hidden, layout.units);
  const { shape } = node.outputs[0]!;
  writer.node('Reshape', [rows, writer.integers(shape)], {}, { output: writer.nameOf(node.outputs[0]!) });
  return true;
}

/** Written once for the operator and its gradient. */
function forward(layout: Layout): Forward {
  return layout.writer.shared(`blockedLstm(${layout.inputs.map(({ id }) => id).join()})`, () => writeForward(layout));
}

/** Each gate is a 1 × 1 convolution of [x, h] with bias and activation in it. */
function writeForward(layout: Layout): Forward {
  const { writer, blocks, units, channels, steps: count, batch } = layout;
  const [x, inputMatrix, hiddenWeights, bias, ...state] = writer.namesOf(layout.inputs) as [
    ...[string, string, string, string],
    ...string[],
  ];
  const [hiddenBefore, cellAtStart] = state.map((part) => layout.fromRows(part, units, 1)[0]!);
  const inputWeights = layout.padded(inputMatrix, 1);
  const whole = blocks.filter(writer.concat([inputWeights, hiddenWeights], 1), [4 * units, channels + units]);
  const gateSizes = [units, units, units, units];
  const filters = writer.split(whole, 0, gateSizes);
  const biases = writer.split(bias, 0, gateSizes);
  const gate = (activation: 'Sigmoid' | 'Tanh', z: string, which: number) =>
    blocks.convolution(z, filters[which]!, { bias: biases[which]!, activation });
  const multiply = (a: string, b: string) => writer.node('Mul', [a, b]);
  const steps: Step[] = [];
  const hidden: string[] = [];
  let cell: string | null = cellAtStart ?? null;
  for (const row of layout.fromRows(layout.padded(x, 2), channels, count)) {
    const before = hidden.at(-1) ?? hiddenBefore ?? writer.uniform([1, units, layout.height, batch / layout.height], 0);
    const z = writer.concat([row, before], 1);
    const inputGate = gate('Sigmoid', z, 0);
    const forgetGate: string | null = cell === null ? null : gate('Sigmoid', z, 1);
    const candidate = gate('Tanh', z, 2);
    const outputGate = gate('Sigmoid', z, 3);
    const entering = multiply(inputGate, candidate);
    const cellBefore: string | null = cell;
    cell = cellBefore && forgetGate ? writer.node('Add', [multiply(forgetGate, cellBefore), entering]) : entering;
    const tanhCell = writer.node('Tanh', [cell]);
    hidden.push(multiply(outputGate, tanhCell));
    steps.push({ z, inputGate, forgetGate, candidate, outputGate, cellBefore, tanhCell });
  }
  return { inputWeights, hiddenWeights, steps, hidden };
}

/** @returns false if this LSTM cannot be written on blocked channels */
export function emitBlockedLstmGradient(writer: OnnxWriter, node: GraphNode<'lstmGradient'>): boolean {
  const layout = Layout.of(writer, node.inputs);
  if (layout === null) return false;
  const { blocks, units, channels, features, batch, height, steps: count } = layout;
  const { steps, inputWeights, hiddenWeights } = forward(layout);
  const fromState = layout.inputs.length > 4;
  const { inputGradient, returns } = node.operator;
  const toHidden = blocks.filter(hiddenWeights, [units, 4 * units], { transposed: true });
  const toInput = inputGradient ? blocks.filter(inputWeights, [channels, 4 * units], { transposed: true }) : '';
  const outer = layout.fromRows(writer.nameOf(node.inputs.at(-1)!), units, returns === 'last' ? 1 : count);
  const zeros = () => writer.uniform([1, units, height, batch / height], 0);

  let weightGradient: string | undefined;
  let carry: Carry = { hidden: null, cell: null };
  const biasMeans: string[] = [];
  const inputGradients: string[] = [];
  for (let t = count - 1; t >= 0; t--) {
    const { gates, cell } = gateGradients(writer, steps[t]!, carry, fromOutside(outer, returns, t, count), zeros);
    weightGradient = blocks.convolution(rowsAsChannels(layout, steps[t]!.z), asFilter(layout, gates), {
      ...(weightGradient === undefined ? {} : { sum: weightGradient }),
    });
    biasMeans.push(blocks.means(gates));
    if (inputGradient) inputGradients.unshift(blocks.convolution(gates, toInput, {}));
    carry = { hidden: t > 0 || fromState ? blocks.convolution(gates, toHidden, {}) : null, cell };
  }

  const [ofInputWeights, ofHiddenWeights, ofBias, ...rest] = writer.namesOf(node.outputs);
  const ofInput = inputGradient ? rest.at(-1) : undefined;
  if (fromState) {
    const parts = [carry.hidden!, carry.cell!];
    parts.forEach((part, i) => {
      const rows = layout.toRows([part], units);
      writer.node('Reshape', [rows, writer.integers([batch, units])], {}, { output: rest[i]! });
    });
  }
  splitWeightGradient(layout, weightGradient!, [ofInputWeights!, ofHiddenWeights!]);
  const means = writer.reshape(writer.concat(biasMeans, 0), [count, 4 * units]);
  const sum = writer.node('ReduceSum', [means, writer.integers([0])], { keepdims: { int: 0 } });
  writer.node('Mul', [sum, writer.uniform([], batch)], {}, { output: ofBias! });
  if (ofInput !== undefined) {
    const rows = writer.reshape(layout.toRows(inputGradients, channels), [count, batch, channels]);
    if (channels === features) writer.node('Identity', [rows], {}, { output: ofInput });
    else writer.split(rows, 2, [features, channels - features], [ofInput, writer.fresh()]);
  }
  return true;
}

/** What flows back from the step after. */
interface Carry {
  readonly hidden: string | null;
  readonly cell: string | null;
}

function fromOutside(outer: readonly string[], returns: 'last' | 'sequence', t: number, count: number): string | null {
  if (returns === 'sequence') return outer[t]!;
  return t === count - 1 ? outer[0]! : null;
}

/** Gradients of the gates' sums [input, forget, candidate, output], side by side, and of the cell before. */
function gateGradients(writer: OnnxWriter, step: Step, carry: Carry, outer: string | null, zeros: () => string) {
  const { inputGate, forgetGate, candidate, outputGate, cellBefore, tanhCell } = step;
  const multiply = (a: string, b: string) => writer.node('Mul', [a, b]);
  const subtract = (a: string, b: string) => writer.node('Sub', [a, b]);
  const add = (a: string | null, b: string | null) =>
    a !== null && b !== null ? writer.node('Add', [a, b]) : (a ?? b)!;
  const dh = add(carry.hidden, outer);
  const dhO = multiply(dh, outputGate);
  const dhOtc = multiply(dhO, tanhCell);
  const byOutput = subtract(dhOtc, multiply(dhOtc, outputGate));
  const dc = add(carry.cell, subtract(dhO, multiply(dhOtc, tanhCell)));
  const dcI = multiply(dc, inputGate);
  const dcIg = multiply(dcI, candidate);
  const byCandidate = subtract(dcI, multiply(dcIg, candidate));
  const byInput = subtract(dcIg, multiply(dcIg, inputGate));
  let byForget: string | null = null;
  let cell: string | null = null;
  if (forgetGate !== null && cellBefore !== null) {
    cell = multiply(dc, forgetGate);
    const dcFc = multiply(cell, cellBefore);
    byForget = subtract(dcFc, multiply(dcFc, forgetGate));
  }
  return { gates: writer.concat([byInput, byForget ?? zeros(), byCandidate, byOutput], 1), cell };
}

/** [x, h] with the batch as channels and x and h as pixels: what the weights' gradient is a convolution of. */
function rowsAsChannels({ blocks, batch, channels, units }: Layout, z: string): string {
  return blocks.fromPlanes(blocks.toRows(z, channels + units), [1, batch, 1, channels + units]);
}

/** Gate gradients lie in memory as the filter of a convolution from the batch to the gates. */
function asFilter({ writer, batch, units }: Layout, gates: string): string {
  return writer.reshape(gates, [4 * units, batch, 1, 1]);
}

/** [4H / block][F' + H][block] → [4H, F] and [4H, H]. */
function splitWeightGradient(layout: Layout, gradient: string, [ofInput, ofHidden]: readonly [string, string]): void {
  const { writer, blocks, units, channels, features } = layout;
  const { block } = blocks.blocking;
  const width = channels + units;
  const cut = writer.reshape(gradient, [(4 * units) / block, width, block]);
  const matrix = writer.reshape(writer.node('Transpose', [cut], { perm: { ints: [0, 2, 1] } }), [4 * units, width]);
  if (channels === features) writer.split(matrix, 1, [features, units], [ofInput, ofHidden]);
  else writer.split(matrix, 1, [features, channels - features, units], [ofInput, writer.fresh(), ofHidden]);
}
