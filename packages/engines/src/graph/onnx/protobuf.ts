/**
 * Writes ONNX models. An ONNX file is a few nested protobuf messages and writing them takes three wire types; a general
 * library would add a schema to keep in step and a copy of every weight, and save none of the knowledge of onnx.proto below.
 */

export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] };

export interface OnnxNode {
  readonly operator: string;
  /** '' is ONNX's own operator set. */
  readonly domain: string;
  /** '' leaves an optional input out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}
export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}
/** A float32 input or output of the graph. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly number[];
}
export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Of ONNX 1.16 and newer; PyTorch, ONNX Runtime and others of 2024 read it. */
const irVersion = 10;
const operatorSet = 21;

const float32 = 1;
const int64 = 7;
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** @returns the bytes of a ModelProto */
export function encodeModel(model: OnnxModel): Uint8Array {
  const domains = [...new Set(['', ...model.nodes.map((node) => node.domain)])];
  return new Message()
    .int(1, irVersion)
    .string(2, 'twostage')
    .message(7, encodeGraph(model))
    .messages(8, domains, (domain) => new Message().string(1, domain).int(2, domain === '' ? operatorSet : 1))
    .messages(14, Object.entries(model.metadata), ([key, value]) => new Message().string(1, key).string(2, value))
    .finish();
}

function encodeGraph(model: OnnxModel): Message {
  return new Message()
    .messages(1, model.nodes, encodeNode)
    .string(2, 'graph')
    .messages(5, model.initializers, encodeTensor)
    .messages(11, model.inputs, encodeValue)
    .messages(12, model.outputs, encodeValue);
}

function encodeNode(node: OnnxNode): Message {
  const message = new Message();
  for (const name of node.inputs) message.string(1, name);
  for (const name of node.outputs) message.string(2, name);
  return message
    .string(4, node.operator)
    .messages(5, Object.entries(node.attributes), ([name, value]) => encodeAttribute(name, value))
    .string(7, node.domain);
}

function encodeAttribute(name: string, attribute: Attribute): Message {
  const message = new Message().string(1, name);
  if ('float' in attribute) return message.float(2, attribute.float).int(20, attributeTypes.float);
  if ('int' in attribute) return message.int(3, attribute.int).int(20, attributeTypes.int);
  if ('string' in attribute) return message.string(4, attribute.string).int(20, attributeTypes.string);
  for (const value of attribute.ints) message.int(8, value);
  return message.int(20, attributeTypes.ints);
}

function encodeTensor({ name, shape, data }: OnnxTensor): Message {
  const message = new Message();
  for (const length of shape) message.int(1, length);
  return message
    .int(2, data instanceof Float32Array ? float32 : int64)
    .string(8, name)
    .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function encodeValue({ name, shape }: OnnxValue): Message {
  const dimensions = new Message().messages(1, shape, (length) => new Message().int(1, length));
  const tensor = new Message().int(1, float32).message(2, dimensions);
  return new Message().string(1, name).message(2, new Message().message(1, tensor));
}

/** Fields of one protobuf message, as they are appended. */
class Message {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  #append(bytes: Uint8Array): this {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    return this;
  }

  #varint(value: number): this {
    let rest = BigInt.asUintN(64, BigInt(value));
    const bytes: number[] = [];
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    return this.#append(Uint8Array.from(bytes));
  }

  #tag(field: number, wireType: 0 | 2 | 5): this {
    return this.#varint((field << 3) | wireType);
  }

  int(field: number, value: number): this {
    return this.#tag(field, 0).#varint(value);
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#tag(field, 5).#append(bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#tag(field, 2).#varint(value.length).#append(value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: Message): this {
    this.#tag(field, 2).#varint(value.#length);
    for (const chunk of value.#chunks) this.#append(chunk);
    return this;
  }

  messages<T>(field: number, values: readonly T[], encode: (value: T) => Message): this {
    for (const value of values) this.message(field, encode(value));
    return this;
  }

  finish(): Uint8Array {
    const result = new Uint8Array(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) {
      result.set(chunk, offset);
      offset += chunk.length;
    }
    return result;
  }
}
