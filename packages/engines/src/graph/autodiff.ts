import { DomainError } from '@twostage/core/errors';
import type { GraphBuilder } from './builder.ts';
import { type GradientContext, type GradientRule, gradientRules } from './gradients.ts';
import { type GraphNode, type OperatorKind, sameShape, showShape, type Tensor } from './ir.ts';

/**
 * Reverse-mode differentiation: appends to the builder what computes the gradient of a scalar.
 * Only what `wrt` asks for is built.
 * @param loss scalar, shape []
 * @returns one tensor of the same shape for each of `wrt`; zeros where the loss does not depend on it
 * @throws DomainError SHAPE_MISMATCH if the loss is not a scalar
 */
export function gradients(builder: GraphBuilder, loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (loss.shape.length > 0) {
    throw new DomainError('SHAPE_MISMATCH', `only a scalar is differentiated, got shape ${showShape(loss.shape)}`);
  }
  return pullBack(builder, [loss], [builder.fill([], 1)], wrt);
}

/**
 * Vector-Jacobian product: gradient of Σ outputs · seeds.
 * @param seeds one an output, of its shape; null: nothing flows back there
 * @param independent tensors taken as independent of each other, whatever they are made from: the partial derivatives of
 *   a function of its arguments
 * @throws DomainError SHAPE_MISMATCH if a seed is not of its output's shape
 */
export function pullBack(
  builder: GraphBuilder,
  outputs: readonly Tensor[],
  seeds: readonly (Tensor | null)[],
  wrt: readonly Tensor[],
  independent: readonly Tensor[] = [],
): Tensor[] {
  const barrier = new Set(independent);
  // The rules append nodes while this walks the ones that were there before.
  const nodes = [...builder.nodes];
  const needed = dependents(nodes, wrt, barrier);
  const contributions = new Map<Tensor, Tensor[]>();
  const contribute = (tensor: Tensor, gradient: Tensor) => {
    if (!sameShape(tensor.shape, gradient.shape)) {
      const shapes = `${showShape(gradient.shape)} for ${tensor.node.operator.kind} ${showShape(tensor.shape)}`;
      throw new DomainError('SHAPE_MISMATCH', `a gradient has the shape of its tensor, got ${shapes}`);
    }
    const list = contributions.get(tensor);
    if (list) list.push(gradient);
    else contributions.set(tensor, [gradient]);
  };
  const collect = (tensor: Tensor): Tensor | null => {
    const list = contributions.get(tensor);
    return list ? accumulate(builder, list) : null;
  };
  outputs.forEach((output, i) => {
    const seed = seeds[i];
    if (seed && needed.has(output)) contribute(output, seed);
  });
  const asked = new Set(wrt);
  for (const node of nodes.reverse()) {
    if (!node.outputs.some((output) => contributions.has(output) && !barrier.has(output))) continue;
    const needs = node.inputs.map((input) => needed.has(input));
    if (!needs.includes(true)) continue;
    const byOutput = node.outputs.map((output) => (barrier.has(output) ? null : collect(output)));
    const byInput = applyRule(builder, node, byOutput, needs);
    node.inputs.forEach((input, i) => {
      const gradient = byInput[i];
      if (gradient && needs[i]) contribute(input, gradient);
    });
    for (const output of node.outputs) if (!asked.has(output) && !barrier.has(output)) contributions.delete(output);
  }
  return wrt.map((tensor) => collect(tensor) ?? builder.fill(tensor.shape, 0));
}

/** Tensors that depend on one of `wrt`, these included; what stands at the barrier depends on nothing else. */
function dependents(nodes: readonly GraphNode[], wrt: readonly Tensor[], barrier: ReadonlySet<Tensor>): Set<Tensor> {
  const set = new Set(wrt);
  for (const node of nodes) {
    if (!node.inputs.some((input) => set.has(input))) continue;
    for (const output of node.outputs) if (!barrier.has(output)) set.add(output);
  }
  return set;
}

function applyRule<K extends OperatorKind>(
  builder: GraphBuilder,
  node: GraphNode<K>,
  byOutput: readonly (Tensor | null)[],
  needs: readonly boolean[],
): readonly (Tensor | null)[] {
  const rule = gradientRules[node.operator.kind as K] as GradientRule<K>;
  const context: GradientContext<K> = {
    builder,
    ...node,
    gradients: byOutput,
    needs: (input) => needs[input]!,
    pullBack,
  };
  return rule(context);
}

/** Sum of gradients; matrix products are added up inside the product, which costs no pass of its own. */
function accumulate(builder: GraphBuilder, gradients: readonly Tensor[]): Tensor {
  const isProduct = (tensor: Tensor) => tensor.node.operator.kind === 'matmul' && tensor.shape.length === 2;
  const rest = gradients.filter((gradient) => !isProduct(gradient));
  const products = gradients.filter(isProduct);
  let sum = rest.length > 0 ? builder.addN(rest) : products.shift()!;
  for (const { node } of products) {
    const { transposeA, transposeB } = (node as GraphNode<'matmul'>).operator;
    sum = builder.gemm(node.inputs[0]!, node.inputs[1]!, sum, { transposeA, transposeB });
  }
  return sum;
}
