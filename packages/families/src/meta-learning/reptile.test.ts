import { Random } from '@twostage/core/random';
import { describe, expect, it } from 'vitest';
import { largestDifference } from '../../test/simulatedPanel.ts';
import golden from './golden/golden.json' with { type: 'json' };
import { Network } from './network.ts';
import { Adaptation, InnerLoop, moveTowards, reptileStep, squaredErrors } from './reptile.ts';

const network = new Network(golden.inputs, golden.units);
const parameters = Float64Array.from(golden.parameters);
const task = { matrix: Float32Array.from(golden.matrix), labels: Float64Array.from(golden.labels) };

describe('Network', () => {
  it("has PyTorch's predictions, gradient and slopes", () => {
    const ours = golden.predictions.map((_, row) => network.predict(parameters, task.matrix, row));
    expect(largestDifference(ours, golden.predictions)).toBeLessThan(1e-13);
    const gradient = new Float64Array(network.size);
    const rows = Uint32Array.from(golden.batches[0]!);
    expect(network.gradient(parameters, task.matrix, task.labels, rows, gradient)).toBeCloseTo(golden.loss, 13);
    expect(largestDifference(gradient, golden.gradient)).toBeLessThan(1e-13);
    expect(largestDifference(network.slopes(parameters), golden.slopes)).toBeLessThan(1e-13);
    expect(network.curvature(parameters, task.matrix) / golden.curvature).toBeCloseTo(1, 3);
  });

  it('starts at 0 everywhere, with hidden units that differ', () => {
    const start = network.start(new Random(1));
    expect(network.predict(start, task.matrix, 3)).toBe(0);
    expect(new Set(start).size).toBe(1 + golden.units * golden.inputs);
    expect(new Network(3, 0).start(new Random(1))).toEqual(new Float64Array(4));
  });
});

describe('Reptile', () => {
  it("walks as PyTorch's SGD does, and moves the start a share of the way", () => {
    const inner = new InnerLoop(network, parameters, golden.rate);
    const losses = golden.batches.map((rows) => inner.step(task, Uint32Array.from(rows)));
    expect(largestDifference(losses, golden.losses)).toBeLessThan(1e-12);
    expect(largestDifference(inner.parameters, golden.adapted)).toBeLessThan(1e-12);
    const start = parameters.slice();
    moveTowards(start, inner.parameters, golden.outerRate);
    expect(largestDifference(start, golden.moved)).toBeLessThan(1e-12);
    expect([...parameters]).toEqual(golden.parameters);
  });

  it('one outer step is the inner loop on its draws, and a share of the way', () => {
    const settings = { innerSteps: 4, batchSize: 5, rate: 0.05 };
    const start = parameters.slice();
    reptileStep(network, start, task, 0.25, settings, new Random(3));
    const random = new Random(3);
    const inner = new InnerLoop(network, parameters, 0.05);
    for (let step = 0; step < 4; step++)
      inner.step(
        task,
        Uint32Array.from({ length: 5 }, () => random.below(task.labels.length)),
      );
    const expected = parameters.map((value, i) => value + 0.25 * (inner.parameters[i]! - value));
    expect(start).toEqual(expected);
  });

  it('adapts step by step on the whole support', () => {
    const walk = new Adaptation(network, parameters, task, 0.05);
    const [none, one, many] = [0, 1, 40].map((steps) => walk.advanceTo(steps));
    expect(none).toEqual(parameters);
    const losses = [none, one, many].map((each) => squaredErrors(network, each!, task));
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    expect(new Adaptation(network, parameters, task, 0.05).advanceTo(40)).toEqual(many);
    const nothing = { matrix: new Float32Array(0), labels: new Float64Array(0) };
    expect(new Adaptation(network, parameters, nothing, 0.05).advanceTo(9)).toEqual(parameters);
  });
});
