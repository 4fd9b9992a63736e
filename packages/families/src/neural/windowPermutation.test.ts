import { Random } from '@twostage/core/random';
import { expect, it } from 'vitest';
import { windowPermutationFigures, windowsToAsk } from './windowPermutation.ts';

const [count, lookback, features] = [900, 4, 3] as const;
const length = lookback * features;

/** Reads feature 1 two bars ago twice, and feature 2 now once. */
const network = {
  batchSize: 128,
  inputs: [{ name: 'window', shape: [lookback, features] }],
  outputShape: [128, 1],
  predict: async ({ window }: Readonly<Record<string, Float32Array>>) =>
    Float32Array.from({ length: 128 }, (_, i) => 2 * window![i * length + 4]! - window![i * length + 11]!),
};

it('finds the features and the bars a network looks at, by how much its error grows without them', async () => {
  const random = new Random(8);
  const windows = Float32Array.from({ length: count * length }, () => random.normal());
  const labels = Float64Array.from(
    { length: count },
    (_, i) => 2 * windows[i * length + 4]! - windows[i * length + 11]! + random.normal(),
  );
  const asked = { windows, labels, lookback, featureNames: ['a', 'b', 'c'] };
  const before = windows.slice();
  const [byFeature, byLag] = await windowPermutationFigures(network, asked);
  expect(windows).toEqual(before);
  if (byFeature?.kind !== 'bars' || byLag?.kind !== 'lines') throw new Error('expected bars and lines');
  expect(byFeature.items.map(({ label }) => label)).toEqual(['b', 'c', 'a']);
  // Dealing a value out anew adds twice its variance times its weight squared to an error of 1.
  const [first, second, third] = byFeature.items.map(({ value }) => value);
  expect(Math.abs(first! - 8)).toBeLessThan(1.2);
  expect(Math.abs(second! - 2)).toBeLessThan(0.5);
  expect(third).toBe(0);
  const { x, y } = byLag.series[0]!;
  expect(x).toEqual([0, 1, 2, 3]);
  expect(Math.abs(y[2]! - 8)).toBeLessThan(1.2);
  expect(Math.abs(y[0]! - 2)).toBeLessThan(0.5);
  expect([y[1], y[3]]).toEqual([0, 0]);
});

it('draws nothing without windows, and asks fewer where there is more to deal out', async () => {
  const none = { windows: new Float32Array(0), labels: [], lookback, featureNames: ['a', 'b', 'c'] };
  expect(await windowPermutationFigures(network, none)).toEqual([]);
  expect(windowsToAsk(4, 3)).toBe(1000);
  expect(windowsToAsk(20, 229)).toBe(200);
  expect(windowsToAsk(1200, 158)).toBeLessThan(100);
});
