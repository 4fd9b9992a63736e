import { DomainError } from '@twostage/core/errors';
import { realisedLabels } from '@twostage/core/evaluation/realisedLabels';
import { Random } from '@twostage/core/random';
import { figureSchema } from '@twostage/core/runs/figures';
import { describe, expect, it } from 'vitest';
import { fit, fitInput, roundTrip, temporaryFolder } from '../../test/fitting.ts';
import { askedOf, correlation, linearMarket, marketBlocks } from '../../test/simulatedMarket.ts';
import { largestDifference, type Simulated } from '../../test/simulatedPanel.ts';
import { fitRidge, predictRidge } from '../linear/ridge.ts';
import type { FitInput, PredictInput } from '../trainer.ts';
import type { ChangePointModel } from './model.ts';
import { trainer } from './trainer.ts';
import { fitWhitening, whiten } from './whitening.ts';

const features = 6;
const bars = 1000;
const breaks = [220, 430, 790];
const labelBars = 2;

/** Coefficients drawn anew at each break. */
function breaking(seed: number, at: readonly number[] = breaks): Simulated {
  const random = new Random(seed, 3);
  const held = [0, ...at].map(() => Float64Array.from({ length: features }, () => 0.003 * random.normal()));
  const coefficients = (bar: number) => held[at.filter((start) => start <= bar).length]!;
  return linearMarket({ symbols: 20, bars, features, seed, noise: 0.04, coefficients });
}

const known = ({ panel, target }: Simulated) => realisedLabels(panel, target, labelBars);
const input = (data: Simulated, given: Record<string, number> = {}, changed: Partial<FitInput> = {}) => {
  const { train, validation } = marketBlocks(data);
  const targets = [{ name: 'target', values: data.target, labelBars }];
  return fitInput('ChangePoint', data, given, { train, validation, targets, ...changed });
};

const data = breaking(2);
const { test } = marketBlocks(data);
const asked: PredictInput = { ...askedOf(data, test), realised: known(data) };

describe('ChangePoint', () => {
  it('beats the pooled ridge where coefficients break, within the test block too', async () => {
    const gains = [];
    for (const seed of [1, 2, 3]) {
      const market = breaking(seed);
      const blocks = marketBlocks(market);
      const { model } = await fit(trainer, input(market));
      const { values } = await model.predict({ ...askedOf(market, blocks.test), realised: known(market) });
      const pooled = predictRidge(fitRidge({ ...market, ...blocks }), market.panel, blocks.test);
      gains.push(correlation(values, market.target, blocks.test) - correlation(pooled, market.target, blocks.test));
    }
    expect(Math.min(...gains)).toBeGreaterThan(0.03);
  });

  it('finds the breaks of the training bars, and the one of the test bars soon after', async () => {
    const { model, notes, progress } = await fit(trainer, input(data));
    const { data: learnt } = model as ChangePointModel;
    const found = learnt.segments.slice(1).map(({ start }) => start / 86_400_000);
    expect(found).toHaveLength(2);
    expect(largestDifference(found, breaks.slice(0, 2))).toBeLessThan(12);
    expect(notes[0]).toMatch(/ChangePoint: 2 breaks in the training bars: 1970-/);
    const last = progress.at(-1)!;
    expect(last.step).toBe(last.totalSteps);
    expect(last.bestValidationLoss).toBe(Math.min(...progress.map(({ validationLoss }) => validationLoss!)));
    const context = { ...data, ...marketBlocks(data), lookback: 1, threads: 1, device: 'cpu' } as const;
    const figures = (await model.figures!(context)).map((figure) => figureSchema.parse(figure));
    expect(figures.map(({ kind }) => kind)).toEqual(['breaks', 'heatmap', 'table']);
    const [drawn] = figures;
    const inTest =
      drawn!.kind === 'breaks' ? drawn!.breaks.map(({ time }) => time / 86_400_000).filter((at) => at > 752) : [];
    expect(inTest).toHaveLength(1);
    expect(Math.abs(inTest[0]! - 790)).toBeLessThan(12);
  });

  it('is as good as the pooled ridge where nothing breaks, and finds no break', async () => {
    const market = breaking(5, []);
    const blocks = marketBlocks(market);
    const { model, notes } = await fit(trainer, input(market));
    expect(notes[0]).toMatch(/ 0 breaks/);
    const pooled = predictRidge(fitRidge({ ...market, ...blocks }), market.panel, blocks.test);
    const { values } = await model.predict({ ...askedOf(market, blocks.test), realised: known(market) });
    const [ours, theirs] = [values, pooled].map((each) => correlation(each, market.target, blocks.test));
    expect(ours).toBeGreaterThan(theirs! - 0.005);
  });

  it('uses an outcome once it is realised and not a bar before', async () => {
    const { model } = await fit(trainer, input(data));
    const { values } = await model.predict(asked);
    const from = 850;
    const target = data.target.map((value, row) => (data.panel.barOf[row]! >= from ? 5 - value : value));
    const changed = await model.predict({ ...asked, realised: realisedLabels(data.panel, target, labelBars) });
    const at = (bar: number) => [...test.keys()].filter((i) => data.panel.barOf[test[i]!]! === bar);
    const same = (bar: number) => at(bar).every((i) => changed.values[i] === values[i]);
    expect([from - 1, from, from + 1, from + 2].map(same)).toEqual([true, true, true, false]);
    // Which rows are asked for makes no difference.
    const some = test.filter((_, i) => i % 3 === 0);
    expect((await model.predict({ ...asked, rows: some })).values).toEqual(values.filter((_, i) => i % 3 === 0));
  });

  it('predicts from its training alone where no outcome is given: the segment that held at its end', async () => {
    const market = breaking(2, [400]);
    const blocks = marketBlocks(market);
    const { model } = await fit(trainer, input(market));
    const { values } = await model.predict(askedOf(market, blocks.test));
    const pooled = predictRidge(fitRidge({ ...market, ...blocks }), market.panel, blocks.test);
    expect(correlation(values, market.target, blocks.test)).toBeGreaterThan(
      correlation(pooled, market.target, blocks.test) + 0.02,
    );
  });

  it('counts overlapping labels once', async () => {
    const market = linearMarket({
      symbols: 15,
      bars: 800,
      features: 3,
      seed: 9,
      noise: 0.02,
      coefficients: () => [0, 0, 0],
    });
    const { panel } = market;
    // A slow feature and sums of five bars' noise: as pure noise as can be, but each bar's score is like the one before.
    for (let row = 1; row < panel.rows; row++)
      if (panel.barOf[row]! > 0) panel.features[row] = 0.98 * panel.features[row - 1]! + 0.2 * panel.features[row]!;
    const target = market.target.map((_, row) => {
      let sum = 0;
      for (let k = 2; k < 7; k++) sum += panel.barOf[row]! + k < 800 ? market.target[row + k]! : Number.NaN;
      return sum;
    });
    const blocks = marketBlocks(market, 6);
    const targets = [{ name: 'target', values: target, labelBars: 6 }];
    const { notes } = await fit(trainer, fitInput('ChangePoint', market, {}, { ...blocks, target, targets }));
    expect(notes[0]).toMatch(/ 0 breaks/);
  });

  it('is the same to the bit twice and once loaded, with outcomes and without', async () => {
    const { model } = await fit(trainer, input(data));
    const again = await fit(trainer, input(data));
    for (const each of [asked, askedOf(data, test)]) {
      const { values } = await model.predict(each);
      expect((await again.model.predict(each)).values).toEqual(values);
      expect(await roundTrip(trainer, model, each)).toEqual(values);
    }
    const folder = await temporaryFolder();
    await model.save(folder);
    expect((await trainer.load(folder, 1, 'cpu')).importances!()).toEqual(model.importances!());
  });

  it('passes a cancel on, trains without a validation block, and refuses other features and empty folders', async () => {
    const cancelled = new DomainError('CANCELLED', 'the run was cancelled');
    const report = async () => {
      throw cancelled;
    };
    await expect(trainer.fit(input(data, {}, { report }))).rejects.toBe(cancelled);
    const { model, progress } = await fit(trainer, input(data, {}, { validation: new Uint32Array(0) }));
    expect(progress.at(-1)).toMatchObject({ validationLoss: null, bestValidationLoss: null });
    const panel = { ...data.panel, featureNames: data.panel.featureNames.map((name) => `${name}?`) };
    for (const each of [asked, askedOf(data, test)])
      await expect(model.predict({ ...each, panel })).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    await expect(trainer.load('/nowhere', 1, 'cpu')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

it('whitening makes features uncorrelated and leaves out the one that others say', () => {
  const covariance = Float64Array.of(1, 0, 0, 0.5, 1, 0, 1.5, 1.5, 3);
  const whitening = fitWhitening(covariance, 3, 9);
  expect(whitening.columns).toHaveLength(2);
  const factor = Float64Array.from(whitening.factor);
  const of = (i: number, j: number) => covariance[Math.max(i, j) * 3 + Math.min(i, j)]!;
  whitening.columns.forEach((column, i) => {
    for (let j = 0; j <= i; j++) {
      let product = 0;
      for (let k = 0; k < 2; k++) product += factor[i * 2 + k]! * factor[j * 2 + k]!;
      expect(product).toBeCloseTo(of(column, whitening.columns[j]!), 12);
    }
  });
  const out = new Float64Array(2);
  whiten(whitening, Float32Array.of(1, 2, 3), 0, out);
  whitening.columns.forEach((column, i) => {
    expect(factor[i * 2]! * out[0]! + factor[i * 2 + 1]! * out[1]!).toBeCloseTo(column + 1, 6);
  });
});
