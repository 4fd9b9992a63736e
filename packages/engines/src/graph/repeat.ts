import { GraphBuilder } from './builder.ts';
import type { Graph, Tensor } from './ir.ts';
import { feeds, fetches, type TrainingProgram } from './program.ts';

/** What a step carries to the next one: input → output. */
export const carried = {
  [feeds.parameters]: fetches.parameters,
  [feeds.firstMoment]: fetches.firstMoment,
  [feeds.secondMoment]: fetches.secondMoment,
  [feeds.state]: fetches.state,
} as const;

/** Beyond these a step takes so long, or so many of them so large a graph, that what a call costs is not worth saving. */
const [longestStep, largestGraph] = [1e9, 200];

/**
 * Several steps of a program as one graph.
 * @returns null where that would win nothing
 */
export function repeatedSteps({ graph, batchSize, spec }: TrainingProgram, times: number): Graph | null {
  // Forward, and backward with respect to weights and inputs; every row meets every parameter once, or more often.
  const operations = 6 * batchSize * spec.parameterCount;
  return operations <= longestStep && graph.nodes.length <= largestGraph ? repeatGraph(graph, times, carried) : null;
}

/**
 * A graph that does the same several times, each time with what the time before left: one call of a runtime for several steps.
 * @param through input name → name of the output that takes its place the next time
 * @returns inputs and outputs of the same names: the carried ones of the same shapes, outputs as they are at the end; every other
 *   one [times, …its shape]
 */
function repeatGraph(graph: Graph, times: number, through: Readonly<Record<string, string>>): Graph {
  const builder = new GraphBuilder();
  const held = new Map<string, Tensor>();
  const stacked = new Map<string, readonly Tensor[]>();
  for (const [name, { shape }] of graph.inputs) {
    if (through[name] !== undefined) {
      held.set(name, builder.input(name, shape));
      continue;
    }
    const whole = builder.input(name, [times, ...shape]);
    stacked.set(name, builder.split(whole, 0, new Array<number>(times).fill(1)));
  }
  const results = new Map([...graph.outputs.keys()].map((name) => [name, [] as Tensor[]]));
  for (let time = 0; time < times; time++) {
    const copies = new Map<Tensor, Tensor>();
    for (const [name, input] of graph.inputs) {
      copies.set(input, held.get(name) ?? builder.reshape(stacked.get(name)![time]!, input.shape));
    }
    for (const { operator, inputs, outputs } of graph.nodes) {
      if (operator.kind === 'input') continue;
      const made = builder.apply(
        operator,
        inputs.map((input) => copies.get(input)!),
      );
      outputs.forEach((output, i) => {
        copies.set(output, made[i]!);
      });
    }
    for (const [name, output] of graph.outputs) results.get(name)!.push(copies.get(output)!);
    for (const name of held.keys()) held.set(name, results.get(through[name]!)!.at(-1)!);
  }
  const ends = new Set(Object.values(through));
  const outputs = [...results].map(([name, values]) => {
    if (ends.has(name)) return [name, values.at(-1)!] as const;
    const rows = values.map((value) => builder.reshape(value, [1, ...value.shape]));
    return [name, builder.concat(rows, 0)] as const;
  });
  return builder.finish(Object.fromEntries(outputs));
}
