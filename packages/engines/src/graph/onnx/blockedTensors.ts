import { type Shape, sizeOf, type Tensor } from '../ir.ts';
import { Blocks } from './blocks.ts';
import type { OnnxWriter } from './writer.ts';

/** Which operand of an elementwise operator is the same at every step. */
interface Operand {
  readonly name: string;
  readonly steps: number;
}

/**
 * Tensors [T, B, C] of a sequence in blocks of channels: [C / block][T][B][block] in memory, declared as [1, C, T, B]. What
 * operators on blocked channels pass to each other stays in blocks; rows are written only for those who ask for them.
 */
export class BlockedTensors {
  readonly #held = new Map<Tensor, string>();

  private constructor(readonly blocks: Blocks) {}

  /** Those of a model; null where its runtime has no such operators. */
  static of(writer: OnnxWriter): BlockedTensors | null {
    return writer.shared('blocked tensors', () => {
      const { blocked } = writer.dialect;
      return blocked === null ? null : new BlockedTensors(new Blocks(writer, blocked));
    });
  }

  /** Whether a tensor of this shape can be held in whole blocks. */
  fits(shape: Shape): boolean {
    return shape.length === 3 && shape[2]! % this.blocks.blocking.block === 0;
  }

  /** Whether it is there in blocks already. */
  holds(tensor: Tensor): boolean {
    return this.#held.has(tensor);
  }

  /** Takes a tensor in blocks as the value of `tensor`. */
  hold(tensor: Tensor, name: string): void {
    this.#held.set(tensor, name);
    const { writer } = this.blocks;
    writer.defer(tensor, (output) => {
      const rows = this.blocks.toRows(name, tensor.shape[2]!);
      writer.node('Reshape', [rows, writer.integers(tensor.shape)], {}, { output });
    });
  }

  /** In blocks, reordered from rows where it is not. */
  of(tensor: Tensor): string {
    let name = this.#held.get(tensor);
    if (name === undefined) {
      name = this.fromRows(this.blocks.writer.nameOf(tensor), tensor.shape);
      this.#held.set(tensor, name);
    }
    return name;
  }

  /** [T, B, C] in rows to blocks, where the shape fits. */
  fromRows(rows: string, [steps, batch, channels]: Shape): string {
    return this.blocks.fromRows(rows, [1, steps!, batch!, channels!]);
  }

  /**
   * One elementwise node on blocks, if an operand is there in blocks and the others have its shape or are the same at every step.
   * @returns whether it was written
   */
  elementwise(inputs: readonly Tensor[], output: Tensor, write: (names: readonly string[]) => string): boolean {
    if (!this.fits(output.shape) || !inputs.some((input) => this.holds(input))) return false;
    const operands = inputs.map((input) => this.#operand(input, output.shape));
    if (operands.includes(null)) return false;
    const [steps, batch, channels] = output.shape as [number, number, number];
    const { writer, blocking } = this.blocks;
    const { block } = blocking;
    // As declared, blocks do not broadcast over steps; seen as [C / block, T, B · block] they do.
    const seen = operands.some((operand) => operand!.steps !== steps);
    const names = operands.map((operand) => {
      const { name, steps: own } = operand!;
      return seen && own > 0 ? writer.reshape(name, [channels / block, own, batch * block]) : name;
    });
    const result = write(names);
    this.hold(output, seen ? writer.reshape(result, [1, channels, steps, batch]) : result);
    return true;
  }

  /** Sum over the steps of a tensor in blocks. @returns whether it was written */
  sumOverSteps(input: Tensor, output: Tensor): boolean {
    if (!this.holds(input)) return false;
    const [steps, batch, channels] = input.shape as [number, number, number];
    const { writer, blocking } = this.blocks;
    const { block } = blocking;
    const seen = writer.reshape(this.of(input), [channels / block, steps, batch * block]);
    const sum = writer.node('ReduceSum', [seen, writer.integers([1])], { keepdims: { int: 0 } });
    const cut = writer.reshape(sum, [channels / block, batch, block]);
    const rows = writer.node('Transpose', [cut], { perm: { ints: [1, 0, 2] } });
    writer.node('Reshape', [rows, writer.integers(output.shape)], {}, { output: writer.nameOf(output) });
    return true;
  }

  /** Null where it neither has the shape nor repeats over steps. A scalar has no steps. */
  #operand(tensor: Tensor, shape: Shape): Operand | null {
    const { operator, inputs } = tensor.node;
    if (sizeOf(tensor.shape) === 1) return { name: this.blocks.writer.nameOf(tensor), steps: 0 };
    if (operator.kind === 'broadcast' && !this.holds(tensor)) return this.#operand(inputs[0]!, shape);
    const [steps, ...rest] = tensor.shape;
    if (tensor.shape.length !== 3 || rest.some((length, i) => length !== shape[i + 1])) return null;
    return steps === 1 || steps === shape[0] ? { name: this.of(tensor), steps } : null;
  }
}
