import { DomainError } from '@twostage/core/errors';
import { realisedLabels } from '@twostage/core/evaluation/realisedLabels';
import type { Uncertainty } from '@twostage/core/evaluation/uncertainty';
import type { FamilyDefinition } from '@twostage/core/families/family';
import { resolveParameters } from '@twostage/core/families/parameters';
import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import { figureSchema, maxFigures } from '@twostage/core/runs/figures';
import { describe, expect, it, onTestFinished } from 'vitest';
import { families } from '../src/catalogue.ts';
import type { FitInput, FitProgress, FittedModel, PredictInput, Prediction, Trainer } from '../src/trainer.ts';
import { trainers } from '../src/trainers.ts';
import { temporaryFolder } from './fitting.ts';
import { normals } from './simulatedPanel.ts';

const lookback = 4;

interface Market {
  readonly panel: Panel;
  readonly target: Float64Array;
  readonly second: Float64Array;
}

/**
 * Real data's bad habits in one panel: a constant feature, one that is always missing, one with holes, a symbol that misses
 * bars, labels that are missing at the end of each symbol and here and there.
 */
function awkwardMarket(symbols: number, bars: number): Market {
  const normal = normals(symbols * 1000 + bars);
  const kept: { symbol: number; bar: number }[] = [];
  for (let symbol = 0; symbol < symbols; symbol++)
    for (let bar = 0; bar < bars; bar++) if (!(symbol === 1 && bar >= 20 && bar < 30)) kept.push({ symbol, bar });
  const rows = kept.length;
  const featureNames = ['signal', 'other', 'constant', 'missing', 'holes'];
  const features = new Float32Array(featureNames.length * rows);
  const [target, second] = [new Float64Array(rows), new Float64Array(rows)];
  kept.forEach(({ bar }, row) => {
    const [signal, other] = [normal(), normal()];
    features[row] = signal;
    features[rows + row] = 100 + 5 * other;
    features[2 * rows + row] = 7;
    features[3 * rows + row] = Number.NaN;
    features[4 * rows + row] = row % 9 === 0 ? Number.NaN : normal();
    const known = bar < bars - 2 && row % 31 !== 5;
    target[row] = known ? 0.01 * (0.6 * signal + 0.3 * signal * other + 0.5 * normal()) : Number.NaN;
    second[row] = known ? 0.02 * (0.6 * signal + 0.5 * normal()) : Number.NaN;
  });
  const panel = {
    rows,
    symbols: Array.from({ length: symbols }, (_, i) => `S${i}`),
    featureNames,
    features,
    symbolOf: Uint32Array.from(kept, ({ symbol }) => symbol),
    barOf: Uint32Array.from(kept, ({ bar }) => bar),
    times: Float64Array.from({ length: bars }, (_, bar) => bar * 86_400_000),
    close: Float64Array.from(kept, ({ symbol, bar }) => 20 + symbol + Math.sin(bar * (1 + symbol))),
  };
  return { panel, target, second };
}

/** Rows with a label, of some bars, in time order. */
function rowsOf({ panel, target }: Market, start: number, end: number, labelled = true): RowIndices {
  const kept = [...panel.barOf.keys()].filter(
    (row) => panel.barOf[row]! >= start && panel.barOf[row]! < end && (!labelled || Number.isFinite(target[row]!)),
  );
  return Uint32Array.from(kept.sort((a, b) => panel.barOf[a]! - panel.barOf[b]! || a - b));
}

/** So few steps that a fit takes a moment: what is tested here does not depend on how good the model is. */
const quick: Record<string, number> = { rounds: 6, epochs: 2, passes: 2, batchSize: 64, minLeafRows: 5, draws: 20 };

function parametersOf(definition: FamilyDefinition): Record<string, number | boolean | string> {
  const given = Object.entries(quick).filter(([name]) => name in definition.parameters.shape);
  return resolveParameters(definition, Object.fromEntries(given));
}

function fitInputOf(definition: FamilyDefinition, market: Market, changed: Partial<FitInput> = {}): FitInput {
  const bars = market.panel.times.length;
  const [first, second] = [Math.floor(bars * 0.6), Math.floor(bars * 0.8)];
  const main = { name: 'fwd_ret_1d', values: market.target, labelBars: 2 };
  return {
    panel: market.panel,
    target: market.target,
    targets:
      definition.targets === 'together' ? [main, { name: 'fwd_ret_5d', values: market.second, labelBars: 2 }] : [main],
    train: rowsOf(market, 0, first),
    validation: rowsOf(market, first + 3, second),
    parameters: parametersOf(definition),
    lookback,
    seed: 9,
    threads: 1,
    device: 'cpu',
    report: async () => {},
    note: () => {},
    ...changed,
  };
}

const askedOf = (market: Market): PredictInput => ({
  panel: market.panel,
  rows: rowsOf(market, Math.floor(market.panel.times.length * 0.8) + 3, market.panel.times.length, false),
  lookback,
  threads: 1,
  device: 'cpu',
});

async function fitted(trainer: Trainer, input: FitInput): Promise<FittedModel> {
  const model = await trainer.fit(input);
  onTestFinished(() => model.close());
  return model;
}

/** Every number of a forecast, to compare bit by bit. */
function numbersOf({ values, uncertainty, byTarget }: Prediction): unknown {
  return { values, uncertainty, byTarget };
}

function expectSane(definition: FamilyDefinition, prediction: Prediction, rows: number): void {
  const { values, uncertainty, byTarget } = prediction;
  expect(values).toHaveLength(rows);
  const finite = [...values].every((value) => Number.isFinite(value) && Math.abs(value) < 10);
  expect(finite, 'every point forecast is a number of a sane size').toBe(true);
  if (definition.output === 'position') expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(1);
  expect(uncertainty !== undefined).toBe(definition.output === 'quantiles' || definition.output === 'distribution');
  if (uncertainty) expectSaneUncertainty(uncertainty, rows);
  expect(byTarget?.length).toBe(definition.targets === 'together' ? 2 : undefined);
  if (byTarget) expect(byTarget[0]).toEqual(values);
}

function expectSaneUncertainty(uncertainty: Uncertainty, rows: number): void {
  if (uncertainty.kind === 'normal') {
    expect(uncertainty.deviations).toHaveLength(rows);
    expect(uncertainty.deviations.every((value) => value > 0 && Number.isFinite(value))).toBe(true);
    return;
  }
  const numbers = uncertainty.kind === 'quantiles' ? uncertainty.values : uncertainty.draws;
  const width = uncertainty.kind === 'quantiles' ? uncertainty.levels.length : uncertainty.perRow;
  expect(numbers).toHaveLength(rows * width);
  const ascending = numbers.every(
    (value, i) => Number.isFinite(value) && (i % width === 0 || value >= numbers[i - 1]!),
  );
  expect(ascending, 'ascending within each row').toBe(true);
}

/** What every family of a framework promises, whatever it is: tested alike on all of them. */
export function everyFamilySuite(framework: FamilyDefinition['framework']): void {
  const market = awkwardMarket(4, 160);
  describe.each(families.filter((family) => family.framework === framework))('$id', (definition) => {
    const open = () => trainers[definition.id]();

    it('takes constant and missing features, holes, gaps and missing labels, and reports its way', async () => {
      const trainer = await open();
      const progress: FitProgress[] = [];
      const report = async (said: FitProgress) => void progress.push(said);
      const input = fitInputOf(definition, market, { report });
      const asked = askedOf(market);
      const model = await fitted(trainer, input);
      expectSane(definition, await model.predict(asked), asked.rows.length);
      expect(progress.length).toBeGreaterThan(0);
      expect(progress.every(({ step, totalSteps }) => step >= 1 && step <= totalSteps)).toBe(true);
      expect(progress.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThan(0);
      expect(await trainer.describe(1, 'cpu')).toMatch(/cpu/);
    });

    it('gives the same numbers to the bit twice, and once saved and loaded', async () => {
      const trainer = await open();
      const asked = askedOf(market);
      const model = await fitted(trainer, fitInputOf(definition, market));
      const again = await fitted(trainer, fitInputOf(definition, market));
      const expected = numbersOf(await model.predict(asked));
      expect(numbersOf(await again.predict(asked))).toEqual(expected);
      const folder = await temporaryFolder();
      await model.save(folder);
      const loaded = await trainer.load(folder, 1, 'cpu');
      onTestFinished(() => loaded.close());
      expect(numbersOf(await loaded.predict(asked))).toEqual(expected);
    });

    it('sees nothing of a later bar, in fitting or in predicting', async () => {
      const trainer = await open();
      const asked = askedOf(market);
      const start = market.panel.barOf[asked.rows[0]!]!;
      const perturbed = (from: number): Market => {
        const [features, close] = [market.panel.features.slice(), market.panel.close.slice()];
        const [target, second] = [market.target.slice(), market.second.slice()];
        for (let row = 0; row < market.panel.rows; row++) {
          if (market.panel.barOf[row]! < from) continue;
          for (let k = 0; k < 5; k++) features[k * market.panel.rows + row] = 1e3 + k;
          target[row] = second[row] = 99;
          close[row] = 1e4;
        }
        return { panel: { ...market.panel, features, close }, target, second };
      };
      const { train, validation } = fitInputOf(definition, market);
      const model = await fitted(trainer, fitInputOf(definition, market));
      const blind = await fitted(trainer, fitInputOf(definition, perturbed(start), { train, validation }));
      const expected = numbersOf(await model.predict(asked));
      expect(numbersOf(await blind.predict(asked))).toEqual(expected);
      const middle = start + 10;
      const { values } = await model.predict({ ...asked, panel: perturbed(middle).panel });
      const before = (_: number, i: number) => market.panel.barOf[asked.rows[i]!]! < middle;
      expect(values.filter(before)).toEqual((await model.predict(asked)).values.filter(before));
      // Outcomes as they become known: those of later bars are not among them.
      const told = (shown: Market) => ({
        ...asked,
        panel: shown.panel,
        realised: realisedLabels(shown.panel, shown.target, 2),
      });
      const [informed, misled] = [await model.predict(told(market)), await model.predict(told(perturbed(middle)))];
      expect(misled.values.filter(before)).toEqual(informed.values.filter(before));
    });

    it('draws itself in figures that the page can show', async () => {
      const trainer = await open();
      const input = fitInputOf(definition, market);
      const model = await fitted(trainer, input);
      const test = rowsOf(market, 131, 158);
      const { panel, target, train } = input;
      const context = { panel, target, train, test, lookback, threads: 1, device: 'cpu' } as const;
      const figures = (await model.figures?.(context)) ?? [];
      expect(figures.length).toBeLessThanOrEqual(maxFigures);
      for (const figure of figures) figureSchema.parse(figure);
      // Something to look at: of its own, or importances.
      expect(figures.length + (model.importances?.().length ?? 0)).toBeGreaterThan(0);
    });

    it('with one symbol, 50 rows or windows longer than the history either trains or says what is missing', async () => {
      const trainer = await open();
      const outcome = async (small: Market, changed: Partial<FitInput> = {}) => {
        try {
          const model = await fitted(trainer, fitInputOf(definition, small, changed));
          const asked = { ...askedOf(small), lookback: changed.lookback ?? lookback };
          const { values } = await model.predict(asked);
          expect(values.every((value) => Number.isFinite(value))).toBe(true);
          return 'trained';
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
          expect((error as DomainError).message).toMatch(/\d/);
          return (error as DomainError).code;
        }
      };
      const alone = await outcome(awkwardMarket(1, 160));
      expect(alone).toBe(definition.minimum.symbols > 1 ? 'INVALID_INPUT' : 'trained');
      expect(['trained', 'TOO_FEW_BARS', 'INVALID_INPUT']).toContain(await outcome(awkwardMarket(2, 25)));
      const endless = await outcome(market, { lookback: 200 });
      expect(endless).toBe(definition.input === 'tabular' ? 'trained' : 'TOO_FEW_BARS');
    });

    it('stops when it is cancelled', async () => {
      const trainer = await open();
      const cancelled = new DomainError('CANCELLED', 'the run was cancelled');
      const report = async () => {
        throw cancelled;
      };
      await expect(trainer.fit(fitInputOf(definition, market, { report }))).rejects.toBe(cancelled);
    });
  });
}
