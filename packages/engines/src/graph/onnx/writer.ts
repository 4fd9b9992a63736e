import type { Shape, Tensor } from '../ir.ts';
import type { Attribute, OnnxModel, OnnxNode, OnnxTensor } from './modelProto.ts';

export const microsoft = 'com.microsoft';

export interface EmitOptions {
  /** Operators of the ONNX standard only, so that any runtime reads the model; else ONNX Runtime's own where they are faster. */
  readonly portable: boolean;
}

/** Collects the nodes of one model; emitters write through it. */
export class OnnxWriter {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, OnnxTensor>();
  readonly #names = new Map<Tensor, string>();
  readonly #shared = new Map<string, unknown>();
  #next = 0;

  constructor(readonly options: EmitOptions) {}

  /** Fixes the name of a tensor that is an input or output of the model. */
  reserve(tensor: Tensor, name: string): void {
    this.#names.set(tensor, name);
  }

  nameOf(tensor: Tensor): string {
    let name = this.#names.get(tensor);
    if (name === undefined) {
      name = `t${tensor.id}`;
      this.#names.set(tensor, name);
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
    const inputs = [input, this.integers(sizes)];
    this.#nodes.push({ operator: 'Split', domain: '', inputs, outputs, attributes: { axis: { int: axis } } });
    return outputs;
  }

  concat(inputs: readonly string[], axis: number): string {
    return inputs.length === 1 ? inputs[0]! : this.node('Concat', inputs, { axis: { int: axis } });
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
