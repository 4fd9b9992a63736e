import { DomainError } from '@twostage/core/errors';
import type { Graph, GraphNode, PrimitiveKind, Tensor } from '../ir.ts';

/**
 * Checks that a graph computes each row of its inputs by itself, and holds no length of the batch.
 * @throws DomainError INVALID_INPUT naming the operator that does not
 */
export function assertRowsApart(name: string, graph: Graph<PrimitiveKind>): void {
  const batched = new Set<Tensor>(graph.inputs.values());
  for (const node of graph.nodes) {
    if (!node.inputs.some((input) => batched.has(input))) continue;
    if (!keepsRowsApart(node, batched)) {
      throw new DomainError(
        'INVALID_INPUT',
        `signature "${name}" is for any batch, but its ${node.operator.kind} is known for batches of one length only`,
      );
    }
    for (const output of node.outputs) batched.add(output);
  }
}

function keepsRowsApart(
  { operator, inputs, outputs }: GraphNode<PrimitiveKind>,
  batched: ReadonlySet<Tensor>,
): boolean {
  switch (operator.kind) {
    case 'negate':
    case 'exp':
    case 'log':
    case 'sqrt':
    case 'square':
    case 'erf':
    case 'relu':
    case 'tanh':
    case 'sigmoid':
      return true;
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'maximum':
    case 'addN':
      // What does not follow the batch must be the same for each of its rows.
      return inputs.every((input) => batched.has(input) || input.shape.length < outputs[0]!.shape.length);
    case 'softmax':
      return inputs[0]!.shape.length > 1;
    case 'matmul':
      return inputs[0]!.shape.length === 2 && !operator.transposeA && !batched.has(inputs[1]!);
    case 'gemm':
      return (
        !operator.transposeA && !batched.has(inputs[1]!) && inputs[2]!.shape.length === 1 && !batched.has(inputs[2]!)
      );
    case 'reduceSum':
      return !operator.axes.includes(0);
    case 'concat':
      return operator.axis !== 0 && inputs.every((input) => batched.has(input));
    case 'split':
      return operator.axis !== 0;
    default:
      return false;
  }
}
