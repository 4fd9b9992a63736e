import { describe, expect, it } from 'vitest';
import type { Panel } from '../panel/panel.ts';
import { annualisedSharpe, evaluatePolicy, keepBook } from './policy.ts';

/** Two symbols, three bars; the second symbol is not there at bar 0. Rows lie by symbol. */
const panel: Panel = {
  rows: 5,
  symbols: ['A', 'B'],
  featureNames: [],
  features: new Float32Array(0),
  symbolOf: Uint32Array.of(0, 0, 0, 1, 1),
  barOf: Uint32Array.of(0, 1, 2, 1, 2),
  times: Float64Array.of(0, 1, 2),
  close: new Float64Array(5).fill(1),
};
const input = {
  panel,
  target: Float64Array.of(0.01, -0.02, 0.03, 0.04, Number.NaN),
  rows: Uint32Array.of(0, 1, 3, 2, 4),
  positions: Float64Array.of(1, -0.5, 0.5, -0.5, 1),
  labelBars: 2,
  costBasisPoints: 10,
};

describe('a policy’s book', () => {
  it('is worked by hand: what is earned, what is paid for each change', () => {
    const book = keepBook(input);
    expect([...book.bars]).toEqual([0, 1, 2]);
    // Bar 0: A goes to 1. Bar 1: A from 1 to −0.5 earns 0.01, B from 0 to 0.5 earns 0.02. Bar 2: A stays; B has no return.
    const gross = [0.01, (0.01 + 0.02) / 2, -0.015];
    const net = [0.01 - 0.001, (0.03 - 0.0015 - 0.0005) / 2, -0.015];
    gross.forEach((value, i) => {
      expect(book.gross[i]).toBeCloseTo(value, 15);
    });
    net.forEach((value, i) => {
      expect(book.net[i]).toBeCloseTo(value, 15);
    });
    expect(book.turnover).toBeCloseTo((1 + 1.5 + 0.5 + 0) / 4, 15);
  });

  it('spreads a label of several bars over its length', () => {
    const daily = keepBook(input);
    const weekly = keepBook({ ...input, labelBars: 6 });
    weekly.gross.forEach((value, i) => {
      expect(value).toBeCloseTo(daily.gross[i]! / 5, 15);
    });
    expect(weekly.turnover).toBe(daily.turnover);
  });

  it('has a Sharpe ratio of sample mean over sample deviation', () => {
    // mean 0.02, deviation 0.01
    expect(annualisedSharpe(Float64Array.of(0.01, 0.02, 0.03))).toBeCloseTo(2 * Math.sqrt(252), 12);
    expect(annualisedSharpe(Float64Array.of(0.01))).toBeNull();
    expect(annualisedSharpe(Float64Array.of(0, 0))).toBeNull();
    const { netSharpe, grossSharpe, turnover, costBasisPoints } = evaluatePolicy(input);
    expect(netSharpe!).toBeLessThan(grossSharpe!);
    expect([turnover! > 0, costBasisPoints]).toEqual([true, 10]);
  });

  it('is empty without rows, and refuses lists of other lengths', () => {
    const none = { ...input, rows: new Uint32Array(0), positions: new Float64Array(0) };
    expect(evaluatePolicy(none)).toEqual({ netSharpe: null, grossSharpe: null, turnover: null, costBasisPoints: 10 });
    expect(() => keepBook({ ...input, positions: new Float64Array(2) })).toThrow(/expected 5 positions/);
  });
});
