/**
 * Writes protocol buffers, for ONNX models and SavedModels. Both need three of the wire format's types; a general library would add two
 * schemas to keep in step and a copy of every weight, and save none of the knowledge of what the messages mean.
 */
const wire = { varint: 0, bytes: 2, float: 5 } as const;
const text = new TextEncoder();

/** One message, field by field. Field numbers are those of the .proto files. */
export class MessageWriter {
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  /** int32, int64, bool and enum. A negative number takes ten bytes, as the format has it. */
  integer(field: number, value: number | bigint | boolean): this {
    return this.#tag(field, wire.varint).#varint(BigInt(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#tag(field, wire.float).#push(bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#tag(field, wire.bytes).#varint(BigInt(value.byteLength)).#push(value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, text.encode(value));
  }

  message(field: number, value: MessageWriter): this {
    this.#tag(field, wire.bytes).#varint(BigInt(value.#bytes));
    for (const chunk of value.#chunks) this.#push(chunk);
    return this;
  }

  /** A repeated field. */
  messages<T>(field: number, values: readonly T[], encode: (value: T) => MessageWriter): this {
    for (const value of values) this.message(field, encode(value));
    return this;
  }

  /** One entry of a map<string, message>. */
  entry(field: number, key: string, value: MessageWriter): this {
    return this.message(field, new MessageWriter().string(1, key).message(2, value));
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.#bytes);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.byteLength;
    }
    return all;
  }

  #tag(field: number, type: number): this {
    return this.#varint(BigInt((field << 3) | type));
  }

  #varint(value: bigint): this {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    return this.#push(Uint8Array.from(bytes));
  }

  #push(chunk: Uint8Array): this {
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    return this;
  }
}
