import { DomainError } from '@twostage/core/errors';
import { figureSchema } from '@twostage/core/runs/figures';
import { Random } from '@twostage/core/random';
import { describe, expect, it } from 'vitest';
import { fit, fitInput, roundTrip } from '../../test/fitting.ts';
import { askedOf, correlation, linearMarket, marketBlocks } from '../../test/simulatedMarket.ts';
import { largestDifference, type Simulated } from '../../test/simulatedPanel.ts';
import { fitRidge, predictRidge } from '../linear/ridge.ts';
import type { FitInput } from '../trainer.ts';
import { MarketSeries } from './marketState.ts';
import type { RegimeModel } from './model.ts';
import { trainer } from './trainer.ts';

const features = 6;

/** Coefficients that turn with a regime which volatility shows; each lasts 50 bars on average. */
function switching(seed: number, { symbols = 20, bars = 900 } = {}): Simulated & { regime: Uint8Array } {
  const random = new Random(seed, 7);
  const regime = new Uint8Array(bars);
  for (let bar = 1; bar < bars; bar++)
    regime[bar] = random.uniform() < 1 / 50 ? 1 - regime[bar - 1]! : regime[bar - 1]!;
  const held = [0, 1].map(() => Float64Array.from({ length: features }, () => 0.004 * random.normal()));
  const market = linearMarket({
    symbols,
    bars,
    features,
    seed,
    noise: 0.04,
    coefficients: (bar) => held[regime[bar]!]!,
    volatility: (bar) => (regime[bar] === 1 ? 0.022 : 0.01),
  });
  return { ...market, regime };
}

const data = switching(1);
const blocks = marketBlocks(data);
const asked = askedOf(data, blocks.test);
const input = (given: Record<string, number | string> = {}, changed: Partial<FitInput> = {}) =>
  fitInput('GMMRegime', data, given, { train: blocks.train, validation: blocks.validation, ...changed });

describe('GMMRegime', () => {
  it('beats the pooled ridge where coefficients switch with the regime', async () => {
    const gains = [];
    for (const seed of [1, 2, 3]) {
      const market = switching(seed);
      const { train, validation, test } = marketBlocks(market);
      const { model } = await fit(trainer, fitInput('GMMRegime', market, {}, { train, validation }));
      const { values } = await model.predict(askedOf(market, test));
      const pooled = predictRidge(fitRidge({ ...market, train, validation }), market.panel, test);
      gains.push(correlation(values, market.target, test) - correlation(pooled, market.target, test));
    }
    expect(Math.min(...gains)).toBeGreaterThan(0.03);
  });

  it('finds the regimes that were simulated, and draws them', async () => {
    const { model, notes, progress } = await fit(trainer, input());
    expect(notes[0]).toMatch(/GMMRegime: \d regimes by volatility/);
    const regimeModel = model as RegimeModel;
    const posteriors = regimeModel.posteriors(data.panel);
    const components = regimeModel.data.mixture.components;
    // Regimes are in order of volatility: the first is the calm one.
    const calm = data.regime.map((_, bar) => (posteriors[bar * components]! > 0.5 ? 0 : 1));
    const hits = calm.filter((state, bar) => state === data.regime[bar]).length / calm.length;
    expect(hits).toBeGreaterThan(0.93);
    const last = progress.at(-1)!;
    expect(last.step).toBe(last.totalSteps);
    expect(last.bestValidationLoss).toBe(Math.min(...progress.map(({ validationLoss }) => validationLoss!)));
    expect(last.scalars!.regimes).toBeGreaterThanOrEqual(2);
    const context = { ...data, ...blocks, lookback: 1, threads: 1, device: 'cpu' } as const;
    const figures = (await model.figures!(context)).map((figure) => figureSchema.parse(figure));
    expect(figures.map(({ kind }) => kind)).toEqual(['regimes', 'table', 'heatmap']);
    expect(model.importances!()).toHaveLength(features);
  });

  it('is no worse than the pooled ridge where nothing switches', async () => {
    const held = Float64Array.of(0.004, -0.004, 0.002, 0, 0, 0);
    const market = linearMarket({ symbols: 20, bars: 600, features, seed: 4, noise: 0.04, coefficients: () => held });
    const { train, validation, test } = marketBlocks(market);
    const { model } = await fit(trainer, fitInput('GMMRegime', market, {}, { train, validation }));
    const { values } = await model.predict(askedOf(market, test));
    const pooled = predictRidge(fitRidge({ ...market, train, validation }), market.panel, test);
    const [ours, theirs] = [values, pooled].map((forecast) => correlation(forecast, market.target, test));
    expect(ours).toBeGreaterThan(theirs! - 0.01);
  });

  it('knows at a bar only what its close shows: later closes and features change nothing', async () => {
    const { model } = await fit(trainer, input({ mostRegimes: 3, restarts: 1 }));
    const middle = 800;
    const { panel } = data;
    const later = (values: Float32Array | Float64Array) => {
      const changed = values.slice();
      for (let at = 0; at < changed.length; at++)
        if (panel.barOf[at % panel.rows]! > middle) changed[at] = changed[at]! * 3 + 1;
      return changed;
    };
    const changed = { ...panel, features: later(panel.features), close: later(panel.close) } as typeof panel;
    const before = (_: number, i: number) => panel.barOf[blocks.test[i]!]! <= middle;
    const [{ values }, perturbed] = [await model.predict(asked), await model.predict({ ...asked, panel: changed })];
    expect(perturbed.values.filter(before)).toEqual(values.filter(before));
    expect(perturbed.values).not.toEqual(values);
  });

  it('is the same to the bit twice and once loaded, with both kinds of covariance', async () => {
    for (const covariance of ['full', 'diag']) {
      const given = { covariance, windowBars: 5 };
      const { model } = await fit(trainer, input(given));
      const again = await fit(trainer, input(given));
      const { values } = await model.predict(asked);
      expect((await again.model.predict(asked)).values).toEqual(values);
      expect(await roundTrip(trainer, model, asked)).toEqual(values);
    }
  });

  it('finds regimes in features where prices say nothing, and says so where nothing varies', async () => {
    const market = switching(1);
    const { panel } = market;
    panel.close.fill(10);
    // Feature 0 spreads out in one of the regimes.
    for (let row = 0; row < panel.rows; row++) if (market.regime[panel.barOf[row]!] === 1) panel.features[row]! *= 3;
    const { train, validation, test } = marketBlocks(market);
    const { model, notes } = await fit(trainer, fitInput('GMMRegime', market, {}, { train, validation }));
    expect(notes[0]).toMatch(/spread of feature 0/);
    const { values } = await model.predict(askedOf(market, test));
    expect(correlation(values, market.target, test)).toBeGreaterThan(0.05);
    panel.features.fill(1);
    await expect(trainer.fit(fitInput('GMMRegime', market, {}, { train, validation }))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/540 training bars/),
    });
  });

  it('passes a cancel on, and refuses too few bars, other features and empty folders', async () => {
    const cancelled = new DomainError('CANCELLED', 'the run was cancelled');
    const report = async () => {
      throw cancelled;
    };
    const quick = { windowBars: 5, mostRegimes: 2, restarts: 1 };
    await expect(trainer.fit(input(quick, { report }))).rejects.toBe(cancelled);
    await expect(trainer.fit(input(quick, { train: blocks.train.slice(0, 200) }))).rejects.toMatchObject({
      code: 'TOO_FEW_BARS',
    });
    const { model } = await fit(trainer, input(quick, { validation: new Uint32Array(0) }));
    const panel = { ...data.panel, featureNames: data.panel.featureNames.map((name) => `${name}?`) };
    await expect(model.predict({ ...asked, panel })).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    await expect(trainer.load('/nowhere', 1, 'cpu')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('MarketSeries', () => {
  it('measures volatility, dispersion and trend over trailing windows', () => {
    const closes = [
      [100, 110, 99, 99],
      [100, 100, 120, 90],
    ];
    const { panel } = linearMarket({ symbols: 2, bars: 4, features: 1, seed: 1, noise: 1, coefficients: () => [0] });
    const series = new MarketSeries({ ...panel, close: Float64Array.from(closes.flat()) });
    const returns = closes.map((line) => line.slice(1).map((close, i) => Math.log(close / line[i]!)));
    const atLast = (kind: 'volatility' | 'dispersion', window: number) => Math.exp(series.values({ kind }, window)[3]!);
    const squares = [1, 2].flatMap((i) => returns.map((line) => line[i]! ** 2));
    expect(atLast('volatility', 2)).toBeCloseTo(Math.sqrt(squares.reduce((a, b) => a + b) / 4), 12);
    expect(atLast('dispersion', 1)).toBeCloseTo(Math.abs(returns[0]![2]! - returns[1]![2]!) / Math.sqrt(2), 12);
    const market = [0, 1, 2].map((i) => (returns[0]![i]! + returns[1]![i]!) / 2);
    const usual = Math.sqrt(market.reduce((sum, value) => sum + value ** 2, 0) / 3);
    const trend = (market[1]! + market[2]!) / (usual * Math.sqrt(2));
    expect(series.values({ kind: 'trend' }, 2)[3]).toBeCloseTo(trend, 12);
    expect(series.values({ kind: 'volatility' }, 2)[0]).toBeNaN();
    const level = series.values({ kind: 'level', feature: 'feature 0' }, 1);
    const mean = Array.from({ length: 4 }, (_, bar) => (panel.features[bar]! + panel.features[4 + bar]!) / 2);
    expect(largestDifference(level, mean)).toBeLessThan(1e-6);
  });
});
