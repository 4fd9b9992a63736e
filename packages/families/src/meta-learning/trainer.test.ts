import { DomainError } from '@twostage/core/errors';
import { Random } from '@twostage/core/random';
import { figureSchema } from '@twostage/core/runs/figures';
import { describe, expect, it } from 'vitest';
import { fit, fitInput, roundTrip } from '../../test/fitting.ts';
import { askedOf, correlation, linearMarket, marketBlocks } from '../../test/simulatedMarket.ts';
import { largestDifference, type Simulated } from '../../test/simulatedPanel.ts';
import { fitRidge, predictRidge } from '../linear/ridge.ts';
import type { FitInput } from '../trainer.ts';
import type { MetaModel } from './model.ts';
import { trainer } from './trainer.ts';

const features = 6;

/** Each symbol has coefficients of its own, around common ones. */
function individual(seed: number, own = 0.004, { symbols = 20, bars = 160 } = {}): Simulated {
  const random = new Random(seed, 11);
  const common = Float64Array.from({ length: features }, () => 0.004 * random.normal());
  const held = Array.from({ length: symbols }, () => common.map((value) => value + own * random.normal()));
  return linearMarket({ symbols, bars, features, seed, noise: 0.03, coefficients: (_, symbol) => held[symbol]! });
}

const blocksOf = (data: Simulated) => marketBlocks(data);
const input = (data: Simulated, given: Record<string, number> = {}, changed: Partial<FitInput> = {}) => {
  const { train, validation } = blocksOf(data);
  return fitInput('MetaLearning', data, given, { train, validation, ...changed });
};
const quick = { epochs: 2, tasksPerEpoch: 20, innerSteps: 3 };
const data = individual(1);
const { train, validation, test } = blocksOf(data);
const asked = askedOf(data, test);

/** One ridge regression a symbol, on nothing but its own rows. */
function ridgeBySymbol({ panel, target }: Simulated, rows: ReturnType<typeof blocksOf>): Float64Array {
  const values = new Float64Array(rows.test.length);
  panel.symbols.forEach((_, symbol) => {
    const own = (block: Uint32Array) => block.filter((row) => panel.symbolOf[row] === symbol);
    const ridge = fitRidge({ panel, target, train: own(rows.train), validation: own(rows.validation) });
    const predicted = predictRidge(ridge, panel, own(rows.test));
    let at = 0;
    rows.test.forEach((row, i) => {
      if (panel.symbolOf[row] === symbol) values[i] = predicted[at++]!;
    });
  });
  return values;
}

describe('MetaLearning', () => {
  it('beats the pooled ridge and a ridge for each symbol where symbols differ around a common mean', async () => {
    const gains: number[] = [];
    for (const seed of [1, 2, 3]) {
      const market = individual(seed);
      const blocks = blocksOf(market);
      const { model } = await fit(trainer, input(market));
      const score = (values: Float64Array) => correlation(values, market.target, blocks.test);
      const ours = score((await model.predict(askedOf(market, blocks.test))).values);
      const pooled = score(predictRidge(fitRidge({ ...market, ...blocks }), market.panel, blocks.test));
      gains.push(ours - Math.max(pooled, score(ridgeBySymbol(market, blocks))));
    }
    expect(Math.min(...gains)).toBeGreaterThan(0.01);
  });

  it('does not adapt where all symbols are alike, and says what adaptation is worth', async () => {
    const alike = individual(2, 0);
    const different = individual(2, 0.008);
    const [none, much] = [await fit(trainer, input(alike)), await fit(trainer, input(different))];
    expect((none.model as MetaModel).state.steps).toBeLessThan((much.model as MetaModel).state.steps);
    expect(much.notes[0]).toMatch(/MetaLearning: \d+ steps adapt to a symbol, which takes \d+\.\d+ % off/);
    const { values } = await none.model.predict(askedOf(alike, test));
    const pooled = predictRidge(fitRidge({ ...alike, train, validation }), alike.panel, test);
    expect(correlation(values, alike.target, test)).toBeGreaterThan(correlation(pooled, alike.target, test) - 0.01);
  });

  it('keeps the epoch and the steps with the least validation loss, in the label’s unit', async () => {
    const { model, progress } = await fit(trainer, input(data, { epochs: 6, patience: 0 }));
    const losses = progress.map(({ validationLoss }) => validationLoss!);
    const last = progress.at(-1)!;
    expect(last.bestStep).toBe(losses.indexOf(Math.min(...losses)) + 1);
    const { values } = await model.predict({ ...asked, rows: validation });
    const squares = values.reduce((sum, value, i) => sum + (value - data.target[validation[i]!]!) ** 2, 0);
    expect(squares / validation.length / last.bestValidationLoss!).toBeCloseTo(1, 6);
  });

  it('draws what adaptation gains a symbol, and the inner loop', async () => {
    const { model } = await fit(trainer, input(data));
    const context = { ...data, ...blocksOf(data), lookback: 1, threads: 1, device: 'cpu' } as const;
    const figures = (await model.figures!(context)).map((figure) => figureSchema.parse(figure));
    expect(figures.map(({ kind }) => kind)).toEqual(['bars', 'lines', 'heatmap']);
    const [gains] = figures;
    const values = gains!.kind === 'bars' ? gains!.items.map(({ value }) => value) : [];
    expect(values).toHaveLength(20);
    expect(values.reduce((sum, value) => sum + value, 0)).toBeGreaterThan(0);
    expect(model.importances!()).toHaveLength(features);
  });

  it('leaves a symbol that it never saw at the starting point, wherever it stands in the panel', async () => {
    const { model } = await fit(trainer, input(data, quick));
    const { values } = await model.predict(asked);
    const shuffled = { ...data.panel, symbols: ['NEW', ...data.panel.symbols.slice(1)] };
    const renamed = (await model.predict({ ...asked, panel: shuffled })).values;
    const start = (model as MetaModel).predictFromStart(asked);
    const isFirst = (_: number, i: number) => data.panel.symbolOf[test[i]!] === 0;
    expect(renamed.filter(isFirst)).toEqual(start.filter(isFirst));
    const isOther = (_: number, i: number) => data.panel.symbolOf[test[i]!] !== 0;
    expect(renamed.filter(isOther)).toEqual(values.filter(isOther));
    expect(largestDifference(values.filter(isFirst), start.filter(isFirst))).toBeGreaterThan(0);
  });

  it('is the same to the bit twice and once loaded, and another with another seed', async () => {
    const { model } = await fit(trainer, input(data, quick));
    const again = await fit(trainer, input(data, quick));
    const other = await fit(trainer, input(data, quick, { seed: 6 }));
    const { values } = await model.predict(asked);
    expect((await again.model.predict(asked)).values).toEqual(values);
    expect((await other.model.predict(asked)).values).not.toEqual(values);
    expect(await roundTrip(trainer, model, asked)).toEqual(values);
  });

  it('refuses one symbol before it trains, says what it expected, and passes a cancel on', async () => {
    const one = train.filter((row) => data.panel.symbolOf[row] === 3);
    const report = async () => {
      throw new Error('it has begun to train');
    };
    await expect(trainer.fit(input(data, {}, { train: one, report }))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/at least 2 with training rows, got 1/),
    });
    const cancelled = new DomainError('CANCELLED', 'the run was cancelled');
    const cancel = async () => {
      throw cancelled;
    };
    await expect(trainer.fit(input(data, quick, { report: cancel }))).rejects.toBe(cancelled);
  });

  it('trains without a validation block or hidden units, and refuses other features and empty folders', async () => {
    const { model, progress } = await fit(
      trainer,
      input(data, { ...quick, hiddenUnits: 0 }, { validation: new Uint32Array(0) }),
    );
    expect(progress.at(-1)).toMatchObject({ validationLoss: null, bestValidationLoss: null, bestStep: 2 });
    expect((await model.predict(asked)).values.every(Number.isFinite)).toBe(true);
    const panel = { ...data.panel, featureNames: data.panel.featureNames.map((name) => `${name}?`) };
    await expect(model.predict({ ...asked, panel })).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    await expect(trainer.load('/nowhere', 1, 'cpu')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
