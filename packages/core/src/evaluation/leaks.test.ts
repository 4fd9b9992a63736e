import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { describeLeak, findLeaks, type LeakTarget } from './leaks.ts';

/** Rows of (symbol, bar) with independent normal outcomes of one bar each. */
function market(symbols: number, bars: number, seed = 1) {
  const random = new Random(seed);
  const rows = symbols * bars;
  const outcomes = Float64Array.from({ length: rows }, () => 0.01 * random.normal());
  const panel = {
    rows,
    symbols: Array.from({ length: symbols }, (_, i) => `S${i}`),
    times: Float64Array.from({ length: bars }, (_, bar) => bar * 86_400_000),
    symbolOf: Uint32Array.from({ length: rows }, (_, row) => Math.floor(row / bars)),
    barOf: Uint32Array.from({ length: rows }, (_, row) => row % bars),
  };
  const noise = (share: number) =>
    Float32Array.from(outcomes, (value) => Math.sqrt(share) * value + Math.sqrt(1 - share) * 0.01 * random.normal());
  return { panel, outcomes, noise, random };
}

const target = (values: Float64Array, labelBars = 1): LeakTarget => ({ name: 'fwd_ret_1d', values, labelBars });

function leaksOf(
  { panel }: ReturnType<typeof market>,
  features: Readonly<Record<string, Float32Array>>,
  targets: readonly LeakTarget[],
) {
  const columns = Object.values(features);
  return findLeaks({
    panel: { ...panel, featureNames: Object.keys(features) },
    feature: (index) => columns[index]!,
    targets,
  });
}

describe('findLeaks', () => {
  it.each([1, 8])('names a copy of the target among honest features, of %i symbols', (symbols) => {
    const data = market(symbols, 300);
    const features = { honest: data.noise(0.05), copy: Float32Array.from(data.outcomes, (value) => 3 * value - 1) };
    const [leak, ...others] = leaksOf(data, features, [target(data.outcomes)]);
    expect(others).toEqual([]);
    expect(leak).toMatchObject({ feature: 'copy', target: 'fwd_ret_1d' });
    expect(leak!.correlation).toBeCloseTo(1, 6);
    expect(describeLeak(leak!)).toMatch(/^feature copy has a rank correlation of 1\.00 with fwd_ret_1d/);
  });

  it('finds a disguised one, whichever way it points, and puts the worst first', () => {
    const data = market(8, 300);
    const noisy = data.noise(0.8);
    const features = { noisy, reversed: Float32Array.from(data.outcomes, (value) => -Math.exp(100 * value)) };
    const leaks = leaksOf(data, features, [target(data.outcomes)]);
    expect(leaks.map(({ feature }) => feature)).toEqual(['reversed', 'noisy']);
    expect(leaks[0]!.correlation).toBeLessThan(-0.99);
  });

  it('lets the strongest signal pass that a bar could honestly have', () => {
    const data = market(8, 300);
    expect(leaksOf(data, { strong: data.noise(0.4) }, [target(data.outcomes)])).toEqual([]);
  });

  it('says nothing of persistent series whose labels overlap so far that there are few of them', () => {
    const data = market(1, 200);
    const cumulative = data.outcomes.map(
      (
        (sum) => (value: number) =>
          (sum += value)
      )(0),
    );
    const same = Float32Array.from(cumulative);
    expect(leaksOf(data, { same }, [target(cumulative, 20)])).toEqual([]);
    expect(leaksOf(data, { same }, [target(cumulative, 1)])).toHaveLength(1);
  });

  it('passes over rows that miss a value, and features without any', () => {
    const data = market(4, 200);
    const holes = data.outcomes.map((value, row) => (row % 3 === 0 ? Number.NaN : value));
    const copy = Float32Array.from(data.outcomes, (value, row) => (row % 5 === 0 ? Number.NaN : value));
    const empty = new Float32Array(data.panel.rows).fill(Number.NaN);
    const leaks = leaksOf(data, { copy, empty }, [target(holes)]);
    expect(leaks.map(({ feature }) => feature)).toEqual(['copy']);
  });

  it('finds it on a sample of many rows', () => {
    const data = market(40, 4000);
    const copy = Float32Array.from(data.outcomes);
    expect(leaksOf(data, { copy, honest: data.noise(0.1) }, [target(data.outcomes)])).toHaveLength(1);
  });
});
