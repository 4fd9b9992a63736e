const golden = 0x9e3779b9;

/**
 * Seeded random numbers: xoshiro128** (Blackman & Vigna 2018), started by splitmix32. The same seed gives the same
 * numbers on every machine. Not for secrets.
 */
export class Random {
  readonly #state = new Uint32Array(4);

  /** @param seed 32 bits of it count; @param stream gives independent sequences of one seed */
  constructor(seed: number, stream = 0) {
    let x = (Math.imul(stream, 0x85ebca6b) ^ seed) >>> 0;
    for (let i = 0; i < 4; i++) {
      x = (x + golden) >>> 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      this.#state[i] = z ^ (z >>> 15);
    }
  }

  /** A generator in a given state. @param state [4], not all zero */
  static fromState(state: ArrayLike<number>): Random {
    const random = new Random(0);
    random.#state.set(state);
    return random;
  }

  /** Uniform over the integers of 32 bits. */
  uint32(): number {
    const s = this.#state;
    const s1 = s[1]!;
    const product = Math.imul(s1, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    s[2]! ^= s[0]!;
    s[3]! ^= s1;
    s[1] = s1 ^ s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= s1 << 9;
    const s3 = s[3]!;
    s[3] = (s3 << 11) | (s3 >>> 21);
    return result;
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /** Uniform over 0 … bound − 1. @param bound 1 … 2³² */
  below(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** Standard normal, by Box and Muller. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Fisher and Yates, in place. */
  shuffle(values: Uint32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const value = values[i]!;
      values[i] = values[j]!;
      values[j] = value;
    }
  }
}
