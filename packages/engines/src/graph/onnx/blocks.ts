import type { Shape } from '../ir.ts';
import { type Blocking, blockedDomain } from './dialect.ts';
import type { OnnxWriter } from './writer.ts';

/** Operators on blocked channels. Shapes are given as [batch, channels, height, width], whatever the memory holds. */
export class Blocks {
  constructor(
    readonly writer: OnnxWriter,
    readonly blocking: Blocking,
  ) {}

  /** From [batch, height, width, channels] in rows. */
  fromRows(x: string, shape: Shape): string {
    return this.#node('ReorderInput', [this.writer.reshape(x, shape)], { channels_last: { int: 1 } });
  }

  /** From [batch, channels, height, width] in planes. */
  fromPlanes(x: string, shape: Shape): string {
    return this.#node('ReorderInput', [this.writer.reshape(x, shape)]);
  }

  /** To [batch, height, width, channels] in rows. */
  toRows(x: string, channels: number): string {
    return this.#node('ReorderOutput', [x], { channels: { int: channels }, channels_last: { int: 1 } });
  }

  /** Mean of each channel over height and width: [batch, channels, 1, 1]. */
  means(x: string): string {
    return this.#node('GlobalAveragePool', [x]);
  }

  /**
   * Convolution, accumulated into `sum` where there is one.
   * @param filter of `filter`, or a blocked tensor that happens to lie as one
   */
  convolution(
    x: string,
    filter: string,
    {
      kernel = [1, 1],
      pads = [0, 0, 0, 0],
      dilations = [1, 1],
      strides = [1, 1],
      bias = '',
      sum,
      activation,
    }: Convolution,
  ): string {
    const inputs = [x, filter, ...(sum === undefined ? (bias === '' ? [] : [bias]) : [bias, sum])];
    return this.#node('Conv', inputs, {
      kernel_shape: { ints: kernel },
      pads: { ints: pads },
      dilations: { ints: dilations },
      strides: { ints: strides },
      ...(activation ? { activation: { string: activation } } : {}),
    });
  }

  /** [out, in] matrix → filter of a 1 × 1 convolution, in blocks of [in][out]; `transposed`: from [in, out]. */
  filter(matrix: string, [outputs, inputs]: readonly [number, number], { transposed = false } = {}): string {
    const { block } = this.blocking;
    const [rows, columns] = transposed ? [inputs, outputs] : [outputs, inputs];
    const cut = this.writer.reshape(matrix, [rows / block, block, columns / block, block]);
    const permutation = transposed ? [2, 0, 1, 3] : [0, 2, 3, 1];
    const blocks = this.writer.node('Transpose', [cut], { perm: { ints: permutation } });
    return this.writer.reshape(blocks, [outputs, inputs, 1, 1]);
  }

  #node(operator: string, inputs: readonly string[], attributes: Parameters<OnnxWriter['node']>[2] = {}): string {
    return this.writer.node(operator, inputs, attributes, { domain: blockedDomain });
  }
}

export interface Convolution {
  readonly kernel?: readonly [number, number];
  /** Top, left, bottom, right. */
  readonly pads?: readonly [number, number, number, number];
  readonly dilations?: readonly [number, number];
  readonly strides?: readonly [number, number];
  /** [out] */
  readonly bias?: string;
  /** Of the output's shape; the result is written over it where nobody else reads it. */
  readonly sum?: string;
  /** Of the result. */
  readonly activation?: 'Relu' | 'Sigmoid' | 'Tanh';
}
