import type { Graph, Tensor } from '../ir.ts';
import { lower } from '../lower.ts';
import { emitNode, writes } from './operators.ts';
import { encodeModel } from './modelProto.ts';
import type { Dialect } from './dialect.ts';
import { OnnxWriter } from './writer.ts';

/**
 * A graph as an ONNX model with the same input and output names.
 * @param metadata kept in the file, e.g. what the model is
 * @returns the bytes of an .onnx file
 */
export function emitOnnx(whole: Graph, dialect: Dialect, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const graph = lower(whole, writes(dialect));
  const writer = new OnnxWriter(dialect);
  for (const [name, tensor] of graph.inputs) writer.reserve(tensor, name);
  const copies = nameOutputs(writer, graph.outputs);
  for (const node of graph.nodes) emitNode(writer, node);
  for (const tensor of graph.outputs.values()) writer.nameOf(tensor);
  for (const [name, tensor] of copies) writer.node('Identity', [writer.nameOf(tensor)], {}, { output: name });
  return encodeModel({ ...writer.finish(graph.inputs, graph.outputs), metadata });
}

/** Names tensors after the outputs they are. @returns outputs that must be copies: of an input, a constant, or of another output */
function nameOutputs(writer: OnnxWriter, outputs: ReadonlyMap<string, Tensor>): [string, Tensor][] {
  const named = new Set<Tensor>();
  const copies: [string, Tensor][] = [];
  for (const [name, tensor] of outputs) {
    const { kind } = tensor.node.operator;
    if (named.has(tensor) || kind === 'input' || kind === 'constant' || kind === 'fill') copies.push([name, tensor]);
    else writer.reserve(tensor, name);
    named.add(tensor);
  }
  return copies;
}
