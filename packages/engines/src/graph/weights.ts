import { Random } from '@twostage/core/random';
import { sizeOf } from './ir.ts';
import type { Initializer, NetworkSpec } from './network.ts';
import type { Weights } from './program.ts';

/** The weights a network starts from; the same seed gives the same weights. */
export function initialWeights(spec: NetworkSpec, seed: number): Weights {
  const random = new Random(seed, 1);
  const parameters = new Float32Array(spec.parameterCount);
  for (const { shape, offset, initializer } of spec.parameters) {
    for (let i = 0; i < sizeOf(shape); i++) parameters[offset + i] = draw(initializer, random);
  }
  const state = new Float32Array(spec.stateCount);
  for (const { shape, offset, initialValue } of spec.states) state.fill(initialValue, offset, offset + sizeOf(shape));
  return { parameters, state };
}

function draw(initializer: Initializer, random: Random): number {
  return initializer.kind === 'constant' ? initializer.value : initializer.bound * (2 * random.uniform() - 1);
}

/** Fills with standard normal numbers, two a time (Box & Muller 1958). */
export function fillNormal(values: Float32Array, random: Random): void {
  for (let i = 0; i < values.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()));
    const angle = 2 * Math.PI * random.uniform();
    values[i] = radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle);
  }
}

/**
 * Fills a dropout mask: 0 with probability `rate` (to 1 / 65,536), else 1 / (1 − rate).
 */
export function fillDropoutMask(mask: Float32Array, rate: number, random: Random): void {
  const threshold = Math.round(rate * 65_536);
  const kept = 1 / (1 - threshold / 65_536);
  for (let i = 0; i < mask.length; i += 2) {
    const bits = random.uint32();
    mask[i] = (bits & 0xffff) < threshold ? 0 : kept;
    if (i + 1 < mask.length) mask[i + 1] = bits >>> 16 < threshold ? 0 : kept;
  }
}
