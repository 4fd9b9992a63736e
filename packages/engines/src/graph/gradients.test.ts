import { describe, expect, it } from 'vitest';
import { gradients } from './autodiff.ts';
import { GraphBuilder } from './builder.ts';
import { loadLayerCases } from './layers/testing/layerCases.ts';
import { lower } from './lower.ts';
import { loadGradientCases } from './testing/gradientCases.ts';
import { interpret } from './testing/interpreter.ts';

const step = 1e-6;

describe.each([...loadGradientCases(), ...loadLayerCases()])('$name', ({ graph, feeds, expected, golden }) => {
  const lowered = lower(graph);
  const wide = Object.fromEntries(Object.entries(feeds).map(([name, data]) => [name, Float64Array.from(data)]));

  it('gives the values and gradients of PyTorch in float64', () => {
    const values = interpret(lowered, wide);
    for (const [name, { data }] of Object.entries(expected)) {
      expect(values[name]!.length, name).toBe(data.length);
      values[name]!.forEach((value, i) => {
        expect(value, `${name}[${i}]`).toBeCloseTo(data[i]!, 10);
      });
    }
  });

  it('has the gradients that central differences have', () => {
    const total = (inputs: typeof wide) => {
      const values = interpret(lowered, inputs);
      return golden.seeds.reduce(
        (sum, seed, k) => sum + seed.data.reduce((part, s, i) => part + s * values[`y${k}`]![i]!, 0),
        0,
      );
    };
    golden.inputs.forEach(({ data }, k) => {
      data.forEach((_, i) => {
        const shifted = (by: number) => {
          const moved = wide[`x${k}`]!.slice();
          moved[i]! += by;
          return total({ ...wide, [`x${k}`]: moved });
        };
        const difference = (shifted(step) - shifted(-step)) / (2 * step);
        const gradient = golden.gradients[k]!.data[i]!;
        expect(Math.abs(difference - gradient), `x${k}[${i}]`).toBeLessThan(
          1e-6 * Math.max(1, Math.abs(gradient)) + 1e-6,
        );
      });
    });
  });
});

describe('gradients', () => {
  it('builds nothing for what nobody asks', () => {
    const builder = new GraphBuilder();
    const [a, b] = [builder.input('a', [4, 3]), builder.input('b', [3, 2])];
    const loss = builder.reduceSum(builder.matmul(a, b));
    const before = builder.nodes.length;
    gradients(builder, loss, [b]);
    const products = builder.nodes.slice(before).filter((node) => node.operator.kind === 'matmul');
    expect(products.map((node) => node.outputs[0]!.shape)).toEqual([[3, 2]]);
  });

  it('is zero for what the loss does not depend on', () => {
    const builder = new GraphBuilder();
    const [a, b] = [builder.input('a', [2]), builder.input('b', [3])];
    const [byB] = gradients(builder, builder.reduceSum(a), [b]);
    const graph = lower(builder.finish({ byB: byB! }));
    expect([...interpret(graph, { a: [1, 2], b: [1, 2, 3] }).byB!]).toEqual([0, 0, 0]);
  });

  it('gives the gradient of an intermediate beside that of what it is made from', () => {
    const builder = new GraphBuilder();
    const a = builder.input('a', [2]);
    const middle = builder.multiply(a, 3);
    const [byA, byMiddle] = gradients(builder, builder.reduceSum(builder.square(middle)), [a, middle]);
    const values = interpret(lower(builder.finish({ byA: byA!, byMiddle: byMiddle! })), { a: [1, -2] });
    expect([...values.byMiddle!]).toEqual([6, -12]);
    expect([...values.byA!]).toEqual([18, -36]);
  });

  it('refuses anything but a scalar', () => {
    const builder = new GraphBuilder();
    const a = builder.input('a', [2]);
    expect(() => gradients(builder, a, [a])).toThrow(/scalar.*\[2\]/);
  });
});
