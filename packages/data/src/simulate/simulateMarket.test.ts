import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mean } from '@twostage/core/evaluation/correlation';
import { evaluate } from '@twostage/core/evaluation/evaluate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectFolder } from '../inspectFolder.ts';
import { openDataset } from '../openDataset.ts';
import { contentsOf, prepare, temporaryFolder } from '../testing/folders.ts';
import { model, simulate, theoreticalIc } from './market.ts';
import { realisedIc, simulateMarket } from './simulateMarket.ts';
import { signalNames } from './signals.ts';

let folder: ReturnType<typeof temporaryFolder>;
let out: string;
beforeEach(() => {
  folder = temporaryFolder();
  out = join(folder.path, 'sample');
});
afterEach(() => folder.remove());

describe('simulateMarket', () => {
  it('writes fictitious symbols that every report calls simulated', async () => {
    expect(await simulateMarket({ outputDir: out, symbols: 6, bars: 400, seed: 3 })).toEqual({
      symbols: ['SIM01', 'SIM02', 'SIM03', 'SIM04', 'SIM05', 'SIM06'],
      bars: 400,
    });
    const found = await inspectFolder(out);
    expect(found).toMatchObject({ simulated: true, bars: 400, rows: 2400, interval: '1d' });
    expect(found.title).toBe('Simulated market (6 symbols, 400 days)');
    expect(found.quality.notes[0]).toBe('these data are simulated: no market made these prices');
    expect(found.quality.bySymbol.every((each) => each.missingBars + each.missingCells + each.highBelowLow === 0)).toBe(
      true,
    );
    const readme = readFileSync(join(out, 'README.md'), 'utf8');
    expect(readme).toMatch(/^# SIMULATED/);
    for (const name of signalNames) expect(readme).toContain(`| ${name} | ${model.strength[name]} |`);
    const prepared = await prepare(out, join(folder.path, 'dataset'));
    expect(prepared.quality.notes[0]).toMatch(/simulated/);
  });

  it('is the same for the same seed and another for another', async () => {
    const again = join(folder.path, 'again');
    const other = join(folder.path, 'other');
    await simulateMarket({ outputDir: out, symbols: 3, bars: 100, seed: 1 });
    await simulateMarket({ outputDir: again, symbols: 3, bars: 100, seed: 1 });
    await simulateMarket({ outputDir: other, symbols: 3, bars: 100, seed: 2 });
    expect(contentsOf(again)).toEqual(contentsOf(out));
    expect(contentsOf(other).get('SIM01.csv')).not.toEqual(contentsOf(out).get('SIM01.csv'));
  });

  it('refuses a folder with files in it and numbers out of bounds', async () => {
    writeFileSync(join(folder.path, 'mine.txt'), 'x');
    await expect(simulateMarket({ outputDir: folder.path })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(simulateMarket({ outputDir: out, symbols: 0 })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: 'symbols: expected a whole number from 1 to 500, got 0',
    });
    expect(readdirSync(folder.path)).toEqual(['mine.txt']);
  });
});

describe('the model', () => {
  it('has the planted signals in the strength that its formula states', () => {
    const theory = theoreticalIc();
    const seeds = [1, 2, 3, 4];
    const markets = seeds.map((seed) => simulate({ symbols: 40, bars: 1500, seed }));
    // An IC of 40 symbols over 1500 bars has a standard error of 1 / √39 / √1500 = 0.004; over four seeds 0.002.
    for (const name of signalNames) {
      const ic = mean(markets.map((market) => realisedIc(market, { [name]: 1 })));
      expect(Math.abs(ic / theory[name] - 1), `${name}: ${ic} against ${theory[name]}`).toBeLessThan(0.25);
    }
    const all = mean(markets.map((market) => realisedIc(market, model.strength)));
    expect(Math.abs(all / theory.all - 1)).toBeLessThan(0.2);
    expect(theory.all).toBeGreaterThan(0.1);
    expect(theory.all).toBeLessThan(0.15);
  });

  it('has volatility that comes in clusters and tails that are fat', () => {
    const { symbols } = simulate({ symbols: 20, bars: 1500, seed: 4 });
    const statistics = symbols.map(({ close }) => {
      const returns = Array.from({ length: close.length - 1 }, (_, i) => Math.log(close[i + 1]! / close[i]!));
      const absolute = returns.map(Math.abs);
      const center = mean(absolute);
      const product = (lag: number) =>
        mean(absolute.slice(lag).map((value, i) => (value - center) * (absolute[i]! - center)));
      const variance = mean(returns.map((value) => value ** 2));
      return {
        clustering: product(1) / product(0),
        kurtosis: mean(returns.map((value) => value ** 4)) / variance ** 2,
        daily: Math.sqrt(variance),
      };
    });
    expect(mean(statistics.map((each) => each.clustering))).toBeGreaterThan(0.08);
    expect(mean(statistics.map((each) => each.kurtosis))).toBeGreaterThan(3.5);
    expect(mean(statistics.map((each) => each.daily))).toBeGreaterThan(0.012);
    expect(mean(statistics.map((each) => each.daily))).toBeLessThan(0.03);
  });
});

it('the built-in features show the planted signals', async () => {
  await simulateMarket({ outputDir: out, symbols: 20, bars: 1500, seed: 7 });
  const dataset = join(folder.path, 'dataset');
  await prepare(out, dataset);
  const { panel, target } = openDataset(dataset);
  const feature = (name: string) => {
    const column = panel.featureNames.indexOf(name);
    return panel.features.subarray(column * panel.rows, (column + 1) * panel.rows);
  };
  const [roc5, vma20, vma5, ma20] = ['ROC5', 'VMA20', 'VMA5', 'MA20'].map(feature) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const order = Uint32Array.from({ length: panel.rows }, (_, i) => i).sort(
    (a, b) => panel.barOf[a]! - panel.barOf[b]! || a - b,
  );
  const icOf = (score: (row: number) => number) => {
    const metrics = evaluate({
      panel,
      target: target('fwd_ret_1d'),
      rows: order,
      predictions: Float64Array.from(order, score),
      trainMean: 0,
      labelBars: 2,
    });
    return { ic: metrics.ic!, t: metrics.icT! };
  };
  // ROC5 is close[t−5] / close[t], VMA20 is the mean volume over the row's: both fall when the signal rises.
  const interaction = icOf((row) => roc5[row]! * Math.sign(vma20[row]!));
  expect(interaction.ic).toBeGreaterThan(0.06);
  expect(interaction.t).toBeGreaterThan(6);
  const reversion = icOf((row) => ma20[row]!);
  expect(reversion.ic).toBeGreaterThan(0.03);
  expect(reversion.t).toBeGreaterThan(3);
  const attention = icOf((row) => -vma20[row]! - vma5[row]!);
  expect(attention.t).toBeGreaterThan(2);
  // Noise shows nothing: the canary of this test.
  const noise = icOf(
    (row) => Math.sin(row * 12.9898) * 43_758.5453 - Math.floor(Math.sin(row * 12.9898) * 43_758.5453),
  );
  expect(Math.abs(noise.t)).toBeLessThan(3.5);
});
