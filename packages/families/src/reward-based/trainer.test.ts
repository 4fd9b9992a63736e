import { DomainError } from '@twostage/core/errors';
import { evaluatePolicy } from '@twostage/core/evaluation/policy';
import type { Panel } from '@twostage/core/panel/panel';
import { figureSchema } from '@twostage/core/runs/figures';
import { describe, expect, it } from 'vitest';
import { fit, fitInput, roundTrip } from '../../test/fitting.ts';
import { ridgePredictions } from '../../test/leastSquares.ts';
import { normals, type Simulated } from '../../test/simulatedPanel.ts';
import type { FitInput, PredictInput } from '../trainer.ts';
import golden from './golden/golden.json' with { type: 'json' };
import { DifferentialSharpe, OnlineTrader } from './policy.ts';
import { trainer } from './trainer.ts';

/** Symbols whose return follows a signal that comes and goes within a few bars: following each turn costs more than it earns. */
function costly(symbols: number, bars: number, seed: number): Simulated {
  const normal = normals(seed);
  const rows = symbols * bars;
  const features = new Float32Array(3 * rows);
  const target = new Float64Array(rows);
  for (let symbol = 0; symbol < symbols; symbol++) {
    let slow = 0;
    for (let bar = 0; bar < bars; bar++) {
      const row = symbol * bars + bar;
      slow = 0.95 * slow + Math.sqrt(1 - 0.95 ** 2) * normal();
      const quick = normal();
      features.set([slow], row);
      features.set([quick], rows + row);
      features.set([normal()], 2 * rows + row);
      target[row] = 0.0015 * slow + 0.0015 * quick + 0.01 * normal();
    }
  }
  const panel: Panel = {
    rows,
    symbols: Array.from({ length: symbols }, (_, i) => `S${i}`),
    featureNames: ['slow', 'quick', 'noise'],
    features,
    symbolOf: Uint32Array.from({ length: rows }, (_, row) => Math.floor(row / bars)),
    barOf: Uint32Array.from({ length: rows }, (_, row) => row % bars),
    times: Float64Array.from({ length: bars }, (_, bar) => bar * 86_400_000),
    close: new Float64Array(rows).fill(1),
  };
  return { panel, target };
}

function blocks({ panel }: Simulated): { train: Uint32Array; validation: Uint32Array; test: Uint32Array } {
  const bars = panel.times.length;
  const between = (start: number, end: number) =>
    Uint32Array.from(
      [...panel.barOf.keys()]
        .filter((row) => panel.barOf[row]! >= start && panel.barOf[row]! < end)
        .sort((a, b) => panel.barOf[a]! - panel.barOf[b]! || a - b),
    );
  const [first, second] = [Math.floor(bars * 0.5), Math.floor(bars * 0.65)];
  return { train: between(0, first), validation: between(first, second), test: between(second, bars) };
}

const data = costly(10, 900, 1);
const { train, validation, test } = blocks(data);
const asked: PredictInput = { panel: data.panel, rows: test, lookback: 1, threads: 1, device: 'cpu' };
const input = (given: Record<string, number> = {}, changed: Partial<FitInput> = {}) =>
  fitInput(
    'RewardBased',
    data,
    { costBasisPoints: 20, ...given },
    {
      train,
      validation,
      targets: [{ name: 'target', values: data.target, labelBars: 2 }],
      ...changed,
    },
  );
const judge = (positions: Float64Array, costBasisPoints: number) =>
  evaluatePolicy({ ...data, rows: test, positions, labelBars: 2, costBasisPoints });

describe('the policy’s gradient', () => {
  const { bars, symbols, theta, cost, rate } = golden;
  const rows = bars * symbols;
  // The golden rows lie by bar; a panel's lie by symbol.
  const row = (bar: number, symbol: number) => symbol * bars + bar;
  const matrix = new Float32Array(rows * 4);
  const returns = new Float64Array(rows);
  const symbolOf = Uint32Array.from({ length: rows }, (_, i) => Math.floor(i / bars));
  golden.features.forEach((values, i) => {
    matrix.set(values, 4 * row(Math.floor(i / symbols), i % symbols));
  });
  golden.returns.forEach((value, i) => {
    returns[row(Math.floor(i / symbols), i % symbols)] = value;
  });
  const panel = { ...data.panel, rows, symbols: ['A', 'B', 'C'], symbolOf };

  it('is PyTorch’s through time, and so is the slope of the differential Sharpe ratio', () => {
    const trader = new OnlineTrader({ panel, matrix, returns, cost }, Float64Array.from(theta));
    const sharpe = new DifferentialSharpe(rate);
    for (let bar = 0; bar < bars; bar++) {
      const reward = trader.trade(Uint32Array.from([0, 1, 2], (symbol) => row(bar, symbol)));
      expect(reward).toBeCloseTo(golden.rewards[bar]!, 14);
      golden.gradients[bar]!.forEach((value, k) => {
        expect(trader.gradient[k]).toBeCloseTo(value, 14);
      });
      const slope = golden.slopes[bar]!;
      expect(sharpe.ready).toBe(slope !== null);
      if (slope !== null) expect(sharpe.slope(reward) / slope).toBeCloseTo(1, 10);
      sharpe.add(reward);
    }
  });
});

describe('RewardBased', () => {
  it('earns more after costs than the sign of a ridge forecast, by trading less', async () => {
    const { model, progress, notes } = await fit(trainer, input());
    const { values } = await model.predict(asked);
    const ours = judge(values, 20);
    const ridge = judge(ridgePredictions(data, train, test).map(Math.sign), 20);
    expect(ours.netSharpe!).toBeGreaterThan(ridge.netSharpe! + 1);
    expect(ours.netSharpe!).toBeGreaterThan(1);
    expect(ours.turnover!).toBeLessThan(ridge.turnover! / 3);
    expect(values.every((value) => value >= -1 && value <= 1)).toBe(true);
    expect(progress.at(-1)!.scalars!.turnover).toBeGreaterThan(0);
    expect(notes[0]).toMatch(/turnover 0\.\d+ a bar/);
    expect(model.importances!()[0]!.feature).toBe('slow');
    const context = { ...data, close: data.target, train, test, lookback: 1, threads: 1, device: 'cpu' } as const;
    const figures = await model.figures!(context);
    expect(figures.map((figure) => figureSchema.parse(figure).title)).toContain('Reward on the test bars');
  });

  it('is caught in one position on no panel: of ten, it earns more than the sign of ridge on each', async () => {
    for (let seed = 31; seed <= 40; seed++) {
      const own = costly(20, 500, seed);
      const cut = blocks(own);
      const targets = [{ name: 'target', values: own.target, labelBars: 2 }];
      const changed = { train: cut.train, validation: cut.validation, targets };
      const { model } = await fit(trainer, fitInput('RewardBased', own, { costBasisPoints: 20 }, changed));
      const { values } = await model.predict({ ...asked, panel: own.panel, rows: cut.test });
      const netSharpe = (positions: Float64Array) =>
        evaluatePolicy({ ...own, rows: cut.test, positions, labelBars: 2, costBasisPoints: 20 }).netSharpe!;
      const ridge = netSharpe(ridgePredictions(own, cut.train, cut.test).map(Math.sign));
      expect(netSharpe(values), `seed ${seed}`).toBeGreaterThan(ridge + 0.5);
    }
  });

  it('trades more where trading is free', async () => {
    const free = await (await fit(trainer, input({ costBasisPoints: 0 }))).model.predict(asked);
    const dear = await (await fit(trainer, input({ costBasisPoints: 50 }))).model.predict(asked);
    expect(judge(free.values, 0).turnover!).toBeGreaterThan(3 * judge(dear.values, 0).turnover!);
  });

  it('keeps the epoch with the best validation ratio and stops `patience` epochs after it', async () => {
    const { model, progress } = await fit(trainer, input({ learningRate: 0.05, patience: 3, epochs: 200 }));
    const losses = progress.map(({ validationLoss }) => validationLoss!);
    const last = progress.at(-1)!;
    expect(last.bestStep).toBe(losses.indexOf(Math.min(...losses)) + 1);
    expect(last.step - last.bestStep!).toBe(3);
    const { values } = await model.predict({ ...asked, rows: validation });
    const book = { ...data, rows: validation, positions: values, labelBars: 2, costBasisPoints: 20 };
    expect(-evaluatePolicy(book).netSharpe!).toBeCloseTo(last.bestValidationLoss!, 10);
  });

  it('holds what it holds whatever rows are asked for, and sees no later bar', async () => {
    const { model } = await fit(trainer, input({ epochs: 5 }));
    const { values } = await model.predict(asked);
    const some = test.filter((_, i) => i % 7 === 0);
    expect((await model.predict({ ...asked, rows: some })).values).toEqual(values.filter((_, i) => i % 7 === 0));
    const features = data.panel.features.slice();
    const middle = data.panel.barOf[test[Math.floor(test.length / 2)]!]!;
    for (let row = 0; row < data.panel.rows; row++)
      if (data.panel.barOf[row]! > middle) for (let k = 0; k < 3; k++) features[k * data.panel.rows + row] = 99;
    const perturbed = await model.predict({ ...asked, panel: { ...data.panel, features } });
    const before = (_: number, i: number) => data.panel.barOf[test[i]!]! <= middle;
    expect(perturbed.values.filter(before)).toEqual(values.filter(before));
    expect(perturbed.values).not.toEqual(values);
  });

  it('is the same to the bit twice, once saved and loaded, and another with another seed', async () => {
    const { model } = await fit(trainer, input({ epochs: 4 }));
    const again = await fit(trainer, input({ epochs: 4 }));
    const other = await fit(trainer, input({ epochs: 4 }, { seed: 6 }));
    const { values } = await model.predict(asked);
    expect((await again.model.predict(asked)).values).toEqual(values);
    expect((await other.model.predict(asked)).values).not.toEqual(values);
    expect(await roundTrip(trainer, model, asked)).toEqual(values);
  });

  it('takes constant and missing features, a return that never varies, and no validation block', async () => {
    const features = data.panel.features.slice();
    features.fill(3, 0, data.panel.rows);
    features.fill(Number.NaN, data.panel.rows, 2 * data.panel.rows);
    const panel = { ...data.panel, features };
    for (const target of [data.target, new Float64Array(data.panel.rows).fill(0.001)]) {
      const targets = [{ name: 'target', values: target, labelBars: 2 }];
      const changed = { panel, target, targets, validation: new Uint32Array(0) };
      const { model, progress } = await fit(trainer, input({ epochs: 5 }, changed));
      const { values } = await model.predict({ ...asked, panel });
      expect(values.every(Number.isFinite)).toBe(true);
      expect(progress.at(-1)).toMatchObject({ step: 5, validationLoss: null, bestStep: null });
    }
  });

  it('passes a cancel on, and refuses other features, empty folders and nothing to learn from', async () => {
    const cancelled = new DomainError('CANCELLED', 'the run was cancelled');
    const report = async () => {
      throw cancelled;
    };
    await expect(trainer.fit(input({}, { report }))).rejects.toBe(cancelled);
    await expect(trainer.fit(input({}, { train: new Uint32Array(0) }))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    const { model } = await fit(trainer, input({ epochs: 1 }));
    const panel = { ...data.panel, featureNames: ['slow', 'quick', 'other'] };
    await expect(model.predict({ ...asked, panel })).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    await expect(trainer.load('/nowhere', 1, 'cpu')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
