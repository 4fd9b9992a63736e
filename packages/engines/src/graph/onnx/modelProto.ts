import { MessageWriter } from '../protobuf.ts';

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
  return new MessageWriter()
    .integer(1, irVersion)
    .string(2, 'twostage')
    .message(7, encodeGraph(model))
    .messages(8, domains, (domain) => new MessageWriter().string(1, domain).integer(2, domain === '' ? operatorSet : 1))
    .messages(14, Object.entries(model.metadata), ([key, value]) => new MessageWriter().string(1, key).string(2, value))
    .finish();
}

function encodeGraph(model: OnnxModel): MessageWriter {
  return new MessageWriter()
    .messages(1, model.nodes, encodeNode)
    .string(2, 'graph')
    .messages(5, model.initializers, encodeTensor)
    .messages(11, model.inputs, encodeValue)
    .messages(12, model.outputs, encodeValue);
}

function encodeNode(node: OnnxNode): MessageWriter {
  const message = new MessageWriter();
  for (const name of node.inputs) message.string(1, name);
  for (const name of node.outputs) message.string(2, name);
  return message
    .string(4, node.operator)
    .messages(5, Object.entries(node.attributes), ([name, value]) => encodeAttribute(name, value))
    .string(7, node.domain);
}

function encodeAttribute(name: string, attribute: Attribute): MessageWriter {
  const message = new MessageWriter().string(1, name);
  if ('float' in attribute) return message.float(2, attribute.float).integer(20, attributeTypes.float);
  if ('int' in attribute) return message.integer(3, attribute.int).integer(20, attributeTypes.int);
  if ('string' in attribute) return message.string(4, attribute.string).integer(20, attributeTypes.string);
  for (const value of attribute.ints) message.integer(8, value);
  return message.integer(20, attributeTypes.ints);
}

function encodeTensor({ name, shape, data }: OnnxTensor): MessageWriter {
  const message = new MessageWriter();
  for (const length of shape) message.integer(1, length);
  return message
    .integer(2, data instanceof Float32Array ? float32 : int64)
    .string(8, name)
    .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function encodeValue({ name, shape }: OnnxValue): MessageWriter {
  const dimensions = new MessageWriter().messages(1, shape, (length) => new MessageWriter().integer(1, length));
  const tensor = new MessageWriter().integer(1, float32).message(2, dimensions);
  return new MessageWriter().string(1, name).message(2, new MessageWriter().message(1, tensor));
}
