import { pullBack } from './autodiff.ts';
import { GraphBuilder } from './builder.ts';
import type { CompositeKind, Graph, GraphNode, Operator, OperatorOf, PrimitiveKind, Tensor } from './ir.ts';
import { type Lowering, lowerings } from './lowerings.ts';

/** Whether an emitter writes this composite operator itself. */
export type Keeps = (operator: OperatorOf<CompositeKind>, inputs: readonly Tensor[]) => boolean;

/** The same graph without composite operators, except those that `keeps` claims. */
export function lower(graph: Graph): Graph<PrimitiveKind>;
export function lower(graph: Graph, keeps: Keeps): Graph;
export function lower(graph: Graph, keeps?: Keeps): Graph {
  const builder = new GraphBuilder();
  const replacement = new Map<Tensor, Tensor>();
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => replacement.get(input)!);
    const outputs = lowerNode(builder, node, inputs, keeps);
    node.outputs.forEach((output, i) => {
      replacement.set(output, outputs[i]!);
    });
  }
  const outputs = [...graph.outputs].map(([name, tensor]) => [name, replacement.get(tensor)!] as const);
  return builder.finish(Object.fromEntries(outputs));
}

function lowerNode(
  builder: GraphBuilder,
  { operator }: GraphNode,
  inputs: readonly Tensor[],
  keeps: Keeps | undefined,
): readonly Tensor[] {
  if (operator.kind === 'input') return [builder.input(operator.name, operator.shape)];
  if (isComposite(operator) && !keeps?.(operator, inputs)) return expand(builder, operator, inputs);
  return builder.apply(operator, inputs);
}

function isComposite(operator: Operator): operator is OperatorOf<CompositeKind> {
  return operator.kind in lowerings;
}

function expand<K extends CompositeKind>(
  builder: GraphBuilder,
  operator: OperatorOf<K>,
  inputs: readonly Tensor[],
): readonly Tensor[] {
  const lowering = lowerings[operator.kind as K] as Lowering<K>;
  return lowering({ builder, operator, inputs, pullBack });
}
