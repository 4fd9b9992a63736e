import { describe, expect, it } from 'vitest';
import { FtrlProximal } from './ftrl.ts';
import golden from './golden/golden.json' with { type: 'json' };

describe('FtrlProximal', () => {
  it('follows Algorithm 1 of the paper row by row', () => {
    const learner = new FtrlProximal(3, golden);
    for (const { x, y, prediction, weights } of golden.trace) {
      expect(learner.learn(Float64Array.from(x), 0, y)).toBeCloseTo(prediction, 13);
      weights.forEach((weight, at) => {
        expect(learner.weights[at]).toBeCloseTo(weight, 13);
      });
    }
    expect(golden.trace.some(({ weights }) => weights.slice(0, 3).some((weight) => weight === 0))).toBe(true);
  });

  it('gives the first step of a coordinate the hand-worked weight', () => {
    // x = 2, y = 1, p = 0: g = −2, n = 4, σ = 2/α, z = −2 (the weight was 0); w = (2 − λ1) / ((β + 2)/α + λ2).
    const learner = new FtrlProximal(1, { alpha: 0.5, beta: 1, l1: 0.5, l2: 2 });
    learner.learn(Float64Array.of(2), 0, 1);
    expect(learner.weights[0]).toBeCloseTo(1.5 / 8, 15);
    // The bias: g = −1, no penalty: w = 1 / ((1 + 1)/0.5).
    expect(learner.weights[1]).toBeCloseTo(0.25, 15);
  });

  it('holds every coordinate but the bias at exactly zero under a large L1', () => {
    const learner = new FtrlProximal(2, { alpha: 0.1, beta: 1, l1: 1e6, l2: 0 });
    for (let row = 0; row < 200; row++) learner.learn(Float64Array.of(1, row % 3), 0, 4);
    expect([...learner.weights.subarray(0, 2)]).toEqual([0, 0]);
    expect(learner.weights[2]).toBeGreaterThan(1);
  });
});
