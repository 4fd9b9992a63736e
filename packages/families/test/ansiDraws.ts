import type { NetworkSpec } from '@twostage/engines/graph/network';
import type { Weights } from '@twostage/engines/graph/program';

/** Numbers in [-1, 1) from the linear congruential generator of ANSI C: the same bits as `ansi_draws.py`. */
export class AnsiDraws {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  array(length: number): Float32Array {
    return Float32Array.from({ length }, () => {
      this.#state = (Math.imul(this.#state, 1103515245) + 12345) & 0x7fffffff;
      return (this.#state >> 7) / 2 ** 23 - 1;
    });
  }

  /** Weights to start from: matrices within ±0.25, vectors within 1 ± 0.25; states at their initial values. */
  start(spec: NetworkSpec): Weights {
    const parameters = new Float32Array(spec.parameterCount);
    for (const { shape, offset } of spec.parameters) {
      const size = shape.reduce((product, length) => product * length, 1);
      const centre = shape.length === 1 ? 1 : 0;
      parameters.set(
        this.array(size).map((value) => value * 0.25 + centre),
        offset,
      );
    }
    const state = new Float32Array(spec.stateCount);
    for (const { shape, offset, initialValue } of spec.states) state.fill(initialValue, offset, offset + shape[0]!);
    return { parameters, state };
  }
}
