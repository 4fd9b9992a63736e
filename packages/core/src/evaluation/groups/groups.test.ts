import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { evaluate } from '../evaluate.ts';
import { valuesAt } from '../pairs.ts';
import { performanceOf } from '../portfolio/performance.ts';
import { expectClose } from '../testing/expectClose.ts';
import { panelOf, rowsInTime } from '../testing/panelOf.ts';
import { barsOf, breakDown, byMonth, byRegime, bySymbol, evaluateGroups } from './groups.ts';
import { marketReturns, volatilityRegimes } from './volatilityRegimes.ts';

const golden = JSON.parse(readFileSync(new URL('../golden/regimes.json', import.meta.url), 'utf8')) as {
  closes: (number | null)[][];
  market: (number | null)[];
  cases: { windowBars: number; historyBars: number; expected: number[] }[];
};
const market = marketReturns(panelOf(golden.closes));

describe('volatility regimes', () => {
  it('see the market as pandas does, bars without any symbol left out', () => {
    golden.market.forEach((expected, bar) => {
      if (expected === null) expect(market[bar]).toBeNaN();
      else expectClose(market[bar], expected);
    });
  });

  it.each(golden.cases)('are those of pandas: $windowBars bars, $historyBars before', ({ expected, ...settings }) => {
    expect([...volatilityRegimes(market, settings).of]).toEqual(expected);
  });

  it('know nothing of the future', () => {
    const { of, names } = volatilityRegimes(market);
    expect(names).toEqual(['calm', 'normal', 'turbulent']);
    const random = new Random(1);
    for (const last of [150, 300, 301, 550]) {
      const changed = market.map((value, bar) => (bar > last ? 3 * random.normal() : value));
      expect([...volatilityRegimes(changed).of.slice(0, last + 1)]).toEqual([...of.slice(0, last + 1)]);
    }
  });

  it('are not known before there is a history', () => {
    expect([...volatilityRegimes(market.slice(0, 100)).of]).toEqual(Array.from({ length: 100 }, () => -1));
    expect(volatilityRegimes(new Float64Array(0)).of).toHaveLength(0);
  });
});

describe('break-downs', () => {
  const random = new Random(3);
  const bars = 90;
  // From 15 January 2024 on, a bar a day; the second symbol has no row at all.
  const times = Array.from({ length: bars }, (_, bar) => Date.UTC(2024, 0, 15) + bar * 86_400_000);
  const panel = panelOf(
    Array.from({ length: bars }, () => [1, null, 1, 1]),
    times,
  );
  const rows = rowsInTime(panel);
  const target = Float64Array.from(rows, () => random.normal());
  const predictions = Float64Array.from(rows, () => random.normal());
  const input = { panel, rows, target, predictions, trainMean: Float64Array.from(rows, () => 0.1), labelBars: 2 };

  it('by symbol are what each symbol alone would get', () => {
    const found = evaluateGroups(input, bySymbol(panel, rows));
    expect(found.map(({ label }) => label)).toEqual(['S0', 'S2', 'S3']);
    const own = rows.map((_, i) => i).filter((i) => panel.symbolOf[rows[i]!] === 2);
    const alone = evaluate({
      ...input,
      rows: own.map((i) => rows[i]!),
      predictions: valuesAt(predictions, own),
      trainMean: 0.1,
    });
    expect(found[1]!.value).toEqual(alone);
    expect(alone).toMatchObject({ rows: bars, icKind: 'timeSeries' });
  });

  it('by month follow the calendar, and add up to the whole', () => {
    const months = byMonth(panel.times, barsOf(panel, rows));
    expect(months.map(({ label, positions }) => [label, positions.length])).toEqual([
      ['2024-01', 3 * 17],
      ['2024-02', 3 * 29],
      ['2024-03', 3 * 31],
      ['2024-04', 3 * 13],
    ]);
    const whole = evaluate(input);
    const parts = evaluateGroups(input, months).map(({ value }) => value);
    const total = parts.reduce((sum, { rows: count, mse }) => sum + count * mse!, 0);
    expectClose(total / whole.rows, whole.mse);
  });

  it('by regime take any series of bars, and leave out bars whose regime is not known', () => {
    const regimes = {
      names: ['low', 'none', 'high'],
      of: Int8Array.from(times, (_, bar) => (bar < 10 ? -1 : (bar % 2) * 2)),
    };
    const returns = Float64Array.from(times, () => 0.01 * random.normal());
    const calendar = Uint32Array.from(times.keys());
    const found = breakDown(byRegime(regimes, calendar), (places) => performanceOf(valuesAt(returns, places)));
    expect(found.map(({ label, value }) => [label, value.bars])).toEqual([
      ['low', 40],
      ['high', 40],
    ]);
    expect(found[0]!.value).toEqual(performanceOf(returns.filter((_, bar) => bar >= 10 && bar % 2 === 0)));
  });
});
