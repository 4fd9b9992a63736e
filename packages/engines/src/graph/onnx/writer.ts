import type { Shape, Tensor } from '../ir.ts';
import type { Dialect } from './dialect.ts';
import type { Attribute, OnnxModel, OnnxNode, OnnxTensor } from './modelProto.ts';

export const microsoft = 'com.microsoft';

/** Collects the nodes of one model; emitters write through it. */
export class OnnxWriter {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, OnnxTensor>();
  readonly #names = new Map<Tensor, string>();
  readonly #deferred = new Map<Tensor, (output: string) => void>();
  readonly #shared = new Map<string, unknown>();
  #next = 0;

  constructor(readonly dialect: Dialect) {}

  /** Fixes the name of a tensor that is an input or output of the model. */
  reserve(tensor: Tensor, name: string): void {
    this.#names.set(tensor, name);
  }

  /** Writes the tensor only when somebody asks for its name. */
  defer(tensor: Tensor, write: (output: string) => void): void {
    this.#deferred.set(tensor, write);
  }

  nameOf(tensor: Tensor): string {
    let name = this.#names.get(tensor);
    if (name === undefined) {
      name = `t${tensor.id}`;
      this.#names.set(tensor, name);
    }
    const write = this.#deferred.get(tensor);
    if (write) {
      this.#deferred.delete(tensor);
      write(name);
    }
    return name;
  }

  namesOf(tensors: readonly Tensor[]): string[] {
    return tensors.map((tensor) => this.nameOf(tensor));
  }

  /** Appends a node. @returns its only output, under a fresh name unless one is given */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    { output = this.fresh(), domain = '' }: { output?: string; domain?: string } = {},
  ): string {
    this.#nodes.push({ operator, domain, inputs, outputs: [output], attributes });
    return output;
  }

  /** A Split along an axis. @returns one name a size */
  split(
    input: string,
    axis: number,
    sizes: readonly number[],
    outputs: readonly string[] = sizes.map(() => this.fresh()),
  ): readonly string[] {
    if (sizes.length <= this.dialect.widest) {
      const inputs = [input, this.integers(sizes)];
      this.#nodes.push({ operator: 'Split', domain: '', inputs, outputs, attributes: { axis: { int: axis } } });
      return outputs;
    }
    const groups = grouped(sizes, this.dialect.widest);
    const pieces = this.split(
      input,
      axis,
      groups.map((group) => group.reduce((sum, size) => sum + size, 0)),
    );
    let done = 0;
    for (const [i, group] of groups.entries()) {
      const names = outputs.slice(done, done + group.length);
      // A group of one is the piece itself, but for its name.
      if (names.length === 1) this.node('Identity', [pieces[i]!], {}, { output: names[0]! });
      else this.split(pieces[i]!, axis, group, names);
      done += group.length;
    }
    return outputs;
  }

  concat(inputs: readonly string[], axis: number, output: string | null = null): string {
    if (inputs.length === 1 && output === null) return inputs[0]!;
    const { widest } = this.dialect;
    const parts = inputs.length <= widest ? inputs : grouped(inputs, widest).map((group) => this.concat(group, axis));
    if (parts.length > widest) return this.concat(parts, axis, output);
    return this.node('Concat', parts, { axis: { int: axis } }, { output: output ?? this.fresh() });
  }

  reshape(input: string, shape: Shape): string {
    return this.node('Reshape', [input, this.integers(shape)]);
  }

  /** An int64 vector, as ONNX wants shapes, axes and sizes. */
  integers(values: readonly number[]): string {
    return this.#initializer(`i${values.join('_')}`, [values.length], () => BigInt64Array.from(values, BigInt));
  }

  /** One float32 value everywhere. */
  uniform(shape: Shape, value: number): string {
    return this.#initializer(`f${value}_${shape.join('_')}`, shape, () =>
      new Float32Array(shape.reduce((product, length) => product * length, 1)).fill(value),
    );
  }

  /** Data under the name of its tensor. */
  constant(tensor: Tensor, data: Float32Array): void {
    this.#initializer(this.nameOf(tensor), tensor.shape, () => data);
  }

  /** What several emitters use and the first of them writes, e.g. a forward pass that the backward pass reads too. */
  shared<T>(key: string, write: () => T): T {
    if (!this.#shared.has(key)) this.#shared.set(key, write());
    return this.#shared.get(key) as T;
  }

  fresh(): string {
    return `n${this.#next++}`;
  }

  finish(inputs: ReadonlyMap<string, Tensor>, outputs: ReadonlyMap<string, Tensor>): OnnxModel {
    const values = (tensors: ReadonlyMap<string, Tensor>) => [...tensors].map(([name, { shape }]) => ({ name, shape }));
    const initializers = [...this.#initializers.values()];
    return { nodes: this.#nodes, initializers, inputs: values(inputs), outputs: values(outputs), metadata: {} };
  }

  #initializer(name: string, shape: Shape, data: () => Float32Array | BigInt64Array): string {
    if (!this.#initializers.has(name)) this.#initializers.set(name, { name, shape, data: data() });
    return name;
  }
}

/** Consecutive groups of at most so many. */
function grouped<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
