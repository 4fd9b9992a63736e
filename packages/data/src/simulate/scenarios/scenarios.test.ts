import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mean, pearson } from '@twostage/core/evaluation/correlation';
import { scoreUncertainty } from '@twostage/core/evaluation/scoreUncertainty';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataset } from '../../openDataset.ts';
import { contentsOf, prepare, temporaryFolder } from '../../testing/folders.ts';
import { scenarioNames, scenarios } from './catalogue.ts';
import { unit } from './scenario.ts';
import { writeScenario } from './writeScenario.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const small = { symbols: 6, bars: 400, seed: 3 };

/** How many numbers are not the same bits; counted, because a comparison of long lists by the test runner takes seconds. */
function differences(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let count = Math.abs(a.length - b.length);
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) count++;
  return count;
}

/** Share of the target's variance that the oracle explains, and what its mistakes are like. */
function judged(name: keyof typeof scenarios, settings = small) {
  const { panel, targets, oracle } = scenarios[name].make(settings);
  const { values } = targets[0]!;
  const rows = Uint32Array.from([...values.keys()].filter((row) => Number.isFinite(values[row]!)));
  const known = Float64Array.from(rows, (row) => values[row]! / unit);
  const truth = oracle(rows);
  const forecast = truth.values.map((value) => value / unit);
  const errors = known.map((value, i) => value - forecast[i]!);
  const variance = (numbers: Float64Array) => mean(numbers.map((value) => value ** 2)) - mean(numbers) ** 2;
  const feature = (j: number) => Float64Array.from(rows, (row) => panel.features[j * panel.rows + row]!);
  return { rows, known, truth, forecast, errors, share: 1 - variance(errors) / variance(known), feature, targets };
}

describe('every scenario', () => {
  it.each(scenarioNames)('%s is read from its files as it was made, to the bit', async (name) => {
    const few = { symbols: 2, bars: 200, seed: 3 };
    const made = scenarios[name].make(few);
    const written = await writeScenario({ ...few, scenario: name, outputDir: join(folder.path, 'files') });
    expect(written.targets).toEqual(made.targets.map((target) => target.name));
    const dataset = join(folder.path, 'dataset');
    await prepare(join(folder.path, 'files'), dataset, { targets: written.targets });
    const opened = openDataset(dataset);
    const { features, close, ...rest } = made.panel;
    expect(opened.panel).toMatchObject(rest);
    expect(differences(opened.panel.features, features)).toBe(0);
    expect(differences(opened.panel.close, close)).toBe(0);
    for (const { name: target, values, labelBars } of made.targets) {
      expect(differences(opened.target(target), values)).toBe(0);
      expect(opened.manifest.targets.find((each) => each.name === target)!.labelBars).toBe(labelBars);
    }
  });

  it.each(scenarioNames)('%s gives the same with the same seed and another with another', (name) => {
    const { make } = scenarios[name];
    const [first, again, other] = [make(small), make(small), make({ ...small, seed: 4 })];
    expect(differences(again.panel.features, first.panel.features)).toBe(0);
    expect(differences(again.panel.close, first.panel.close)).toBe(0);
    for (const [i, { values }] of first.targets.entries()) {
      expect(differences(again.targets[i]!.values, values)).toBe(0);
      expect(differences(other.targets[i]!.values, values)).toBeGreaterThan(0);
    }
  });

  it.each(scenarioNames)("%s: the oracle's mistakes are noise of the deviation that the scenario states", (name) => {
    // The side of a signal of 0.06 deviations: correlated by 0.05 with what comes, which takes rows to see.
    const { errors, share, forecast, known } = judged(name, name === 'costs' ? { ...small, symbols: 60 } : small);
    if (name === 'costs') return expect(pearson(forecast, known)).toBeGreaterThan(0.025);
    if (name === 'future-leak') return expect(share).toBe(1);
    const noise = {
      interaction: 2,
      mixed: 2.5,
      'linear-sparse': 4,
      regime: 2,
      break: 2,
      'per-symbol': 4,
      manifold: 0.5,
      'multi-horizon': 2.5,
      motif: 0.7,
      memory: 0.7,
      retrieval: 0.5,
      'memory+context': 0.7,
      null: 1,
      predictability: 1,
      heteroscedastic: Math.sqrt(Math.exp(2 * (0.6 ** 2 + 0.4 ** 2))),
      bimodal: null,
    }[name];
    if (noise !== null) expect(Math.sqrt(mean(errors.map((error) => error ** 2))) / noise).toBeCloseTo(1, 1);
    if (name !== 'null' && name !== 'predictability') expect(share).toBeGreaterThan(0.03);
  });
});

describe('what is planted', () => {
  it('is hidden from a line in interaction, and not in mixed', () => {
    const hidden = judged('interaction');
    for (const j of [0, 1, 2, 3]) expect(Math.abs(pearson(hidden.feature(j), hidden.known))).toBeLessThan(0.08);
    const shown = judged('mixed');
    const signs = Array.from({ length: 30 }, (_, j) => (j % 2 === 0 ? 1 : -1));
    const columns = signs.map((_, j) => shown.feature(j));
    const line = Float64Array.from(shown.known, (_, i) =>
      signs.reduce((sum, sign, j) => sum + sign * columns[j]![i]!, 0),
    );
    expect(pearson(line, shown.known)).toBeGreaterThan(0.4);
  });

  it('is uncertain as stated: the oracle of heteroscedastic and of bimodal is calibrated', () => {
    for (const name of ['heteroscedastic', 'bimodal'] as const) {
      const { rows, truth, targets } = judged(name);
      const target = Float64Array.from(rows, (row) => targets[0]!.values[row]!);
      const metrics = scoreUncertainty({ target, values: truth.values, uncertainty: truth.uncertainty! });
      expect(metrics.interval!.coverage).toBeGreaterThan(0.76);
      expect(metrics.interval!.coverage).toBeLessThan(0.84);
    }
  });

  it('has labels for few rows of manifold, and for all of its last third', () => {
    const { panel, targets } = scenarios.manifold.make(small);
    const labelled = (from: number, to: number) => {
      const rows = [...panel.barOf.keys()].filter((row) => panel.barOf[row]! >= from && panel.barOf[row]! < to);
      return rows.filter((row) => Number.isFinite(targets[0]!.values[row]!)).length / rows.length;
    };
    expect(labelled(0, 266)).toBeGreaterThan(0.02);
    expect(labelled(0, 266)).toBeLessThan(0.07);
    expect(labelled(266, 398)).toBe(1);
  });
});

it('names the scenarios there are, and leaves nothing after bad input', async () => {
  const outputDir = join(folder.path, 'out');
  await expect(writeScenario({ scenario: 'nope', outputDir })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('there are interaction, heteroscedastic, costs'),
  });
  await expect(writeScenario({ scenario: 'memory', outputDir, bars: 10 })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: 'bars: expected a whole number from 200 to 20000, got 10',
  });
  expect(readdirSync(folder.path)).toEqual([]);
  const first = await writeScenario({ scenario: 'memory', outputDir, symbols: 2, bars: 200 });
  expect(first).toMatchObject({ symbols: 2, bars: 200, targets: ['target_1d'], lookback: 24 });
  const again = join(folder.path, 'again');
  await writeScenario({ scenario: 'memory', outputDir: again, symbols: 2, bars: 200 });
  expect(contentsOf(again)).toEqual(contentsOf(outputDir));
});
