import type { GraphNode, Tensor } from '../ir.ts';
import { BlockedTensors } from './blockedTensors.ts';
import type { Dialect } from './dialect.ts';
import type { OnnxWriter } from './writer.ts';

/** Whether the runtime has operators on blocked channels, and units and rows are whole blocks. */
export function isBlockedConv1d({ blocked }: Dialect, [x, weights]: readonly Tensor[]): boolean {
  return blocked !== null && weights!.shape[0]! % blocked.block === 0 && x!.shape[1]! % blocked.block === 0;
}

/** Steps stand where images have their height, the batch where they have their width. */
class Layout {
  readonly steps: number;
  readonly batch: number;
  readonly features: number;
  /** Features and zeros up to whole blocks. */
  readonly channels: number;
  readonly units: number;
  readonly width: number;
  /** How far back the first tap lies. */
  readonly reach: number;
  readonly block: number;

  readonly tensors: BlockedTensors;
  readonly x: Tensor;
  readonly weights: Tensor;
  readonly dilation: number;

  constructor(
    readonly writer: OnnxWriter,
    { operator, inputs }: GraphNode<'conv1d' | 'conv1dGradient'>,
  ) {
    this.tensors = BlockedTensors.of(writer)!;
    this.block = this.tensors.blocks.blocking.block;
    this.dilation = operator.dilation;
    const [x, weights] = inputs as readonly [Tensor, Tensor, Tensor];
    [this.x, this.weights] = [x, weights];
    [this.steps, this.batch, this.features] = x.shape as [number, number, number];
    this.channels = Math.ceil(this.features / this.block) * this.block;
    [this.units, , this.width] = weights.shape as [number, number, number];
    this.reach = (this.width - 1) * this.dilation;
  }

  /** x in blocks, with channels of zeros up to a whole one. */
  input(): string {
    const { writer, tensors, x, steps, batch, channels } = this;
    if (tensors.fits(x.shape)) return tensors.of(x);
    return writer.shared(`blocked(${x.id})`, () =>
      tensors.fromRows(this.#padded(writer.nameOf(x), 2), [steps, batch, channels]),
    );
  }

  /** Weights as [units / block, block, channels / block, block, width]. */
  cutWeights(): string {
    const { writer, weights, units, channels, block, width } = this;
    const whole = this.#padded(writer.nameOf(weights), 1);
    return writer.reshape(whole, [units / block, block, channels / block, block, width]);
  }

  #padded(name: string, axis: number): string {
    if (this.channels === this.features) return name;
    const after = [0, 0, 0].map((_, i) => (i === axis ? this.channels - this.features : 0));
    return this.writer.node('Pad', [name, this.writer.integers([0, 0, 0, ...after])]);
  }
}

export function emitBlockedConv1d(writer: OnnxWriter, node: GraphNode<'conv1d'>): void {
  const layout = new Layout(writer, node);
  const { tensors, channels, units, width, reach, dilation } = layout;
  const filter = writer.node('Transpose', [layout.cutWeights()], { perm: { ints: [0, 2, 4, 3, 1] } });
  const output = tensors.blocks.convolution(layout.input(), writer.reshape(filter, [units, channels, width, 1]), {
    kernel: [width, 1],
    pads: [reach, 0, 0, 0],
    dilations: [dilation, 1],
    bias: writer.nameOf(node.inputs[2]!),
  });
  tensors.hold(node.outputs[0]!, output);
}

export function emitBlockedConv1dGradient(writer: OnnxWriter, node: GraphNode<'conv1dGradient'>): void {
  const layout = new Layout(writer, node);
  const gradient = layout.tensors.of(node.inputs[2]!);
  const [ofWeights, ofBias, ofInput] = node.outputs as readonly [Tensor, Tensor, Tensor?];
  writeWeightGradient(layout, gradient, ofWeights);
  writeBiasGradient(layout, gradient, ofBias);
  if (ofInput) writeInputGradient(layout, gradient, ofInput);
}

/** A convolution too: from the batch to the units, of x over a window of all steps, once a tap. */
function writeWeightGradient(layout: Layout, gradient: string, output: Tensor): void {
  const { writer, tensors, x, steps, batch, features, units, width, reach, dilation, block } = layout;
  const cut = writer.reshape(gradient, [units / block, steps, batch / block, block * block]);
  const filter = writer.node('Transpose', [cut], { perm: { ints: [0, 2, 1, 3] } });
  const taps = tensors.blocks.convolution(
    batchAsChannels(layout, x),
    writer.reshape(filter, [units, batch, steps, 1]),
    {
      kernel: [steps, 1],
      pads: [reach, 0, 0, 0],
      strides: [dilation, 1],
    },
  );
  const blocks = writer.reshape(taps, [units / block, width, features, block]);
  const rows = writer.node('Transpose', [blocks], { perm: { ints: [0, 3, 2, 1] } });
  writer.node('Reshape', [rows, writer.integers(output.shape)], {}, { output: writer.nameOf(output) });
}

/** [T, B, C] as [1, B, T, C] in blocks of the batch. */
function batchAsChannels({ writer, tensors, steps, batch, features, block }: Layout, x: Tensor): string {
  const planes = tensors.blocks.fromPlanes(writer.nameOf(x), [steps, batch, 1, features]);
  const cut = writer.reshape(planes, [steps, batch / block, features * block]);
  const turned = writer.node('Transpose', [cut], { perm: { ints: [1, 0, 2] } });
  return writer.reshape(turned, [1, batch, steps, features]);
}

/** Over the rows of each step first: a sum of fewer numbers is a more exact one. */
function writeBiasGradient({ writer, tensors, steps, batch, units, block }: Layout, gradient: string, output: Tensor) {
  const perStep = writer.reshape(gradient, [1, units * steps, 1, batch]);
  const means = writer.reshape(tensors.blocks.means(perStep), [units / block, steps, block]);
  const sums = writer.node('ReduceSum', [means, writer.integers([1])], { keepdims: { int: 0 } });
  const bias = writer.node('Mul', [writer.reshape(sums, [units]), writer.uniform([], batch)]);
  writer.node('Identity', [bias], {}, { output: writer.nameOf(output) });
}

/** A convolution with the taps in reverse, which looks ahead. */
function writeInputGradient(layout: Layout, gradient: string, output: Tensor): void {
  const { writer, tensors, steps, batch, features, channels, units, width, reach, dilation } = layout;
  const backwards = Array.from({ length: width }, (_, tap) => width - 1 - tap);
  const turned = writer.node('Gather', [layout.cutWeights(), writer.integers(backwards)], { axis: { int: 4 } });
  const filter = writer.node('Transpose', [turned], { perm: { ints: [2, 0, 4, 1, 3] } });
  const blocked = tensors.blocks.convolution(gradient, writer.reshape(filter, [channels, units, width, 1]), {
    kernel: [width, 1],
    pads: [0, 0, reach, 0],
    dilations: [dilation, 1],
  });
  if (channels === features) {
    tensors.hold(output, blocked);
    return;
  }
  const rows = writer.reshape(tensors.blocks.toRows(blocked, channels), [steps, batch, channels]);
  writer.split(rows, 2, [features, channels - features], [writer.nameOf(output), writer.fresh()]);
}
