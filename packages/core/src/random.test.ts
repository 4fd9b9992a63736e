import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';

describe('Random', () => {
  it('is xoshiro128**: the first numbers of its authors’ C code from the state 1, 2, 3, 4', () => {
    const random = Random.fromState([1, 2, 3, 4]);
    const drawn = Array.from({ length: 8 }, () => random.uint32());
    expect(drawn).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849]);
  });

  it('repeats itself for a seed, and differs between seeds and streams', () => {
    const draw = (seed: number, stream?: number) => {
      const random = new Random(seed, stream);
      return Array.from({ length: 4 }, () => random.uint32());
    };
    expect(draw(7)).toEqual(draw(7));
    const others = [draw(7), draw(8), draw(7, 1), draw(7, 2), draw(8, 1)].map(String);
    expect(new Set(others).size).toBe(5);
  });

  it('is uniform and normal where it says so', () => {
    const random = new Random(3);
    const n = 200_000;
    const moments = (draw: () => number) => {
      const values = Array.from({ length: n }, draw);
      const mean = values.reduce((sum, value) => sum + value, 0) / n;
      return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n];
    };
    const [uniformMean, uniformVariance] = moments(() => random.uniform());
    expect(uniformMean).toBeCloseTo(1 / 2, 2);
    expect(uniformVariance).toBeCloseTo(1 / 12, 2);
    const [normalMean, normalVariance] = moments(() => random.normal());
    expect(Math.abs(normalMean!)).toBeLessThan(0.01);
    expect(Math.abs(normalVariance! - 1)).toBeLessThan(0.015);
  });

  it('shuffles every order equally often', () => {
    const random = new Random(11);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const values = Uint32Array.of(1, 2, 3);
      random.shuffle(values);
      counts.set(values.join(), (counts.get(values.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
