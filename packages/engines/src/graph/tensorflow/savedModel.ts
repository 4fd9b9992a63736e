import { DomainError } from '@twostage/core/errors';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Graph, GraphNode, PrimitiveKind, PrimitiveOperator, Shape, Tensor } from '../ir.ts';
import { lower } from '../lower.ts';
import { type Emitter, emitters } from './emitters.ts';
import { dataTypes, GraphDefWriter, shapeMessage, type TensorName } from './graphDef.ts';
import { MessageWriter } from '../protobuf.ts';
import { assertRowsApart } from './rowsApart.ts';

export interface Signature {
  readonly graph: Graph;
  /**
   * The first axis of every input takes any length when it runs, whatever length the graph was built with.
   * Only for a graph that computes each row by itself.
   */
  readonly anyBatch?: boolean;
}

export const savedModelFile = 'saved_model.pb';
/** The tag under which TensorFlow looks for a graph to run. */
export const servingTag = 'serve';
const servingMethod = 'tensorflow/serving/predict';
const savedModelSchema = 1;

/**
 * Writes a SavedModel: a stateless graph a signature, constants inside, no variables.
 * Python reads it with `tf.saved_model.load(directory).signatures[name]`.
 * @param directory an existing folder
 * @throws DomainError INVALID_INPUT if a signature of any batch mixes rows
 */
export async function writeSavedModel(
  directory: string,
  signatures: Readonly<Record<string, Signature>>,
): Promise<void> {
  await mkdir(path.join(directory, 'variables'), { recursive: true });
  await writeFile(path.join(directory, savedModelFile), encodeSavedModel(signatures));
}

/** tensorflow.SavedModel */
export function encodeSavedModel(signatures: Readonly<Record<string, Signature>>): Uint8Array {
  const writer = new GraphDefWriter();
  const definitions = Object.entries(signatures).map(
    ([name, signature]) => [name, emitSignature(writer, name, signature)] as const,
  );
  const metaGraph = new MessageWriter()
    .message(1, new MessageWriter().string(4, servingTag))
    .message(2, writer.finish());
  for (const [name, definition] of definitions) metaGraph.entry(5, name, definition);
  return new MessageWriter().integer(1, savedModelSchema).message(2, metaGraph).finish();
}

/** Adds the nodes of a graph. @returns tensorflow.SignatureDef */
function emitSignature(writer: GraphDefWriter, name: string, { graph, anyBatch = false }: Signature): MessageWriter {
  const primitive = lower(graph);
  if (anyBatch) assertRowsApart(name, primitive);
  const names = new Map<Tensor, TensorName>();
  for (const node of primitive.nodes) {
    const outputs = emitNode(writer, name, node, names, anyBatch);
    node.outputs.forEach((output, i) => {
      names.set(output, outputs[i]!);
    });
  }
  const definition = new MessageWriter();
  const info = (tensor: TensorName, shape: Shape) =>
    new MessageWriter()
      .string(1, `${tensor}:0`)
      .integer(2, dataTypes.float32)
      .message(3, shapeMessage(anyBatch ? [-1, ...shape.slice(1)] : shape));
  for (const [key, tensor] of primitive.inputs) definition.entry(1, key, info(names.get(tensor)!, tensor.shape));
  for (const [key, tensor] of primitive.outputs) {
    // An output of its own for each: two outputs may be one tensor, an output an input, or the second of a node.
    const output = writer.node('Identity', [names.get(tensor)!], { T: { type: 'float32' } }, `${name}_${key}_`);
    definition.entry(2, key, info(output, tensor.shape));
  }
  return definition.string(3, servingMethod);
}

function emitNode<K extends PrimitiveKind>(
  writer: GraphDefWriter,
  scope: string,
  node: GraphNode<K>,
  names: ReadonlyMap<Tensor, TensorName>,
  anyBatch: boolean,
): readonly TensorName[] {
  const { kind } = node.operator as PrimitiveOperator;
  const emitter = emitters[kind as K] as Emitter<K>;
  return emitter({
    writer,
    operator: node.operator,
    inputs: node.inputs.map((input) => nameOf(names, input)),
    inputShapes: node.inputs.map(({ shape }) => shape),
    outputShapes: node.outputs.map(({ shape }) => shape),
    scope,
    anyBatch,
  });
}

function nameOf(names: ReadonlyMap<Tensor, TensorName>, tensor: Tensor): TensorName {
  const name = names.get(tensor);
  if (name !== undefined) return name;
  throw new DomainError('INVALID_INPUT', `tensor ${tensor.id} is read before the node that computes it`);
}
