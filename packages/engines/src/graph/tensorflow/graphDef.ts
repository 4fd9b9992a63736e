import { type Shape, sizeOf } from '../ir.ts';
import { MessageWriter } from '../protobuf.ts';

/** Values of tensorflow.DataType. */
export const dataTypes = { float32: 1, int32: 3 } as const;

/** Name of a tensor: of a node's first output its name alone, of a further one `name:index`. */
export type TensorName = string;

export type Attribute =
  | { readonly type: keyof typeof dataTypes }
  | { readonly shape: Shape }
  | { readonly tensor: MessageWriter }
  | { readonly integer: number }
  | { readonly boolean: boolean }
  | { readonly string: string };
export type Attributes = Readonly<Record<string, Attribute>>;

/** Collects the nodes of a tensorflow.GraphDef. Constants of the same value are one node. */
export class GraphDefWriter {
  readonly #message = new MessageWriter();
  readonly #constants = new Map<string, TensorName>();
  #count = 0;

  /** @param name for a node that a signature refers to; the others are numbered */
  node(
    operation: string,
    inputs: readonly TensorName[],
    attributes: Attributes,
    name = `n${this.#count++}`,
  ): TensorName {
    const node = new MessageWriter().string(1, name).string(2, operation);
    for (const input of inputs) node.string(3, input);
    for (const [key, attribute] of Object.entries(attributes)) node.entry(5, key, attributeValue(attribute));
    this.#message.message(1, node);
    return name;
  }

  /** A small vector, or with `shape` [] a scalar, of int32: sizes, axes, permutations. */
  integers(values: readonly number[], shape: Shape = [values.length]): TensorName {
    return this.#constant('int32', shape, `int32 [${shape.join()}] ${values.join()}`, (tensor) =>
      tensor.bytes(4, littleEndian(Int32Array.from(values))),
    );
  }

  floats(shape: Shape, data: Float32Array): TensorName {
    return this.#constant('float32', shape, undefined, (tensor) => tensor.bytes(4, littleEndian(data)));
  }

  /** One value everywhere: written once, whatever the shape. */
  fill(shape: Shape, value: number): TensorName {
    const same = Object.is(value, -0) ? '-0' : String(value);
    return this.#constant('float32', shape, `float32 [${shape.join()}] ${same}`, (tensor) =>
      sizeOf(shape) === 0 ? tensor : tensor.float(5, value),
    );
  }

  #constant(
    type: keyof typeof dataTypes,
    shape: Shape,
    key: string | undefined,
    write: (tensor: MessageWriter) => MessageWriter,
  ): TensorName {
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const tensor = write(new MessageWriter().integer(1, dataTypes[type]).message(2, shapeMessage(shape)));
    const name = this.node('Const', [], { dtype: { type }, value: { tensor } });
    if (key !== undefined) this.#constants.set(key, name);
    return name;
  }

  /** tensorflow.GraphDef */
  finish(): MessageWriter {
    return this.#message.message(4, new MessageWriter().integer(1, producerVersion));
  }
}

/** Version of the graph's semantics, TF_GRAPH_DEF_VERSION of TensorFlow 2.18; later readers accept it. */
const producerVersion = 1882;

/** tensorflow.TensorShapeProto; -1 is a length known only at run time. */
export function shapeMessage(shape: Shape): MessageWriter {
  const message = new MessageWriter();
  for (const length of shape) message.message(2, new MessageWriter().integer(1, length));
  return message;
}

/** tensorflow.AttrValue */
function attributeValue(attribute: Attribute): MessageWriter {
  const value = new MessageWriter();
  if ('type' in attribute) return value.integer(6, dataTypes[attribute.type]);
  if ('shape' in attribute) return value.message(7, shapeMessage(attribute.shape));
  if ('tensor' in attribute) return value.message(8, attribute.tensor);
  if ('integer' in attribute) return value.integer(3, attribute.integer);
  if ('boolean' in attribute) return value.integer(5, attribute.boolean);
  return value.string(2, attribute.string);
}

/** Node runs on little-endian machines only where TensorFlow does. */
function littleEndian(values: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
