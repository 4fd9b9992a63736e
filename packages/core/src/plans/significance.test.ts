import { describe, expect, test } from 'vitest';
import { Random } from '../random.ts';
import type { ProbeEvidence } from './evidence.ts';
import { benjaminiHochberg, selectTargets, simes } from './falseDiscoveries.ts';
import golden from './golden/significance.json' with { type: 'json' };
import { disjointWindows, drawShifts } from './shifts.ts';
import { significanceOf } from './significance.ts';
import { studentTail } from './studentT.ts';

const probe = (ic: number, shifted: readonly number[], id: ProbeEvidence['probe'] = 'Ridge'): ProbeEvidence => ({
  probe: id,
  ic: { value: ic, standardError: 0.01 },
  byFold: [ic],
  byPeriod: [ic],
  early: ic,
  recent: ic,
  r2: 0,
  shifted: [...shifted],
});

describe('significance', () => {
  test.each(golden.tails)("the tail of Student's t at $t with $degrees degrees is scipy's", ({ t, degrees, tail }) => {
    expect(studentTail(t, degrees)).toBeCloseTo(tail, 14);
  });

  test('of one probe is where a further shift would rarely be', () => {
    const { ic, shifts, deviation, p } = golden.one;
    const found = significanceOf([probe(ic, shifts)]);
    expect(found.chanceDeviation).toBeCloseTo(deviation, 14);
    expect(found.p).toBeCloseTo(p, 14);
    expect(found).toMatchObject({ shifts: 39, exceeding: shifts.filter((each) => each >= ic).length });
  });

  test('is never less than the share of shifts that were as high: fat tails count', () => {
    const shifts = [...Array.from({ length: 98 }, (_, i) => (i % 2 === 0 ? 0.001 : -0.001)), 0.2];
    expect(significanceOf([probe(0.15, shifts)]).p).toBeCloseTo(1 / 99, 14);
  });

  test('that the best of two probes was taken is accounted for', () => {
    const { ic, shifts, p } = golden.one;
    const both = significanceOf([probe(0, shifts, 'LightGBM'), probe(ic, shifts)]);
    expect(both.probe).toBe('Ridge');
    expect(both.p).toBeCloseTo(1 - (1 - p) ** 2, 14);
  });

  test('of a forecast that never varies is none', () => {
    expect(significanceOf([probe(0, [0, 0, 0])])).toMatchObject({ p: 1, strength: 0 });
  });
});

describe('false discoveries', () => {
  test.each(golden.families)("Benjamini's and Hochberg's are scipy's", ({ ps, adjusted }) => {
    for (const rate of [0.01, 0.05, 0.2]) {
      const threshold = benjaminiHochberg(ps, rate);
      expect(ps.map((p) => p <= threshold)).toEqual(adjusted.map((p) => p <= rate));
    }
    expect(simes(ps)).toBeCloseTo(Math.min(...adjusted), 14);
  });

  test('a target of noise passes at most at the rate, however many symbols it was tried on', () => {
    const random = new Random(3);
    const uniform = (n: number) => Array.from({ length: n }, () => random.uniform());
    let [passed, noise] = [0, 0];
    for (let trial = 0; trial < 500; trial++) {
      const signals = [1, 2].map(() => ({ pooled: 1e-6, symbols: uniform(30).map((p) => p * 1e-6) }));
      const empty = [1, 2, 3].map(() => ({ pooled: random.uniform(), symbols: uniform(30) }));
      const selected = selectTargets([...signals, ...empty], 0.05);
      expect(selected.slice(0, 2).every((each) => each.selected)).toBe(true);
      passed += selected.slice(2).filter((each) => each.selected).length;
      noise += 3;
    }
    expect(passed / noise).toBeLessThan(0.05);
    expect(passed).toBeGreaterThan(0);
  });

  test('a target that passes has a discovery within, and one that does not has none', () => {
    const random = new Random(4);
    for (let trial = 0; trial < 300; trial++) {
      const targets = Array.from({ length: 4 }, (_, i) => ({
        pooled: i === 3 ? null : random.uniform() ** 6,
        symbols: Array.from({ length: 5 }, () => random.uniform() ** 5),
      }));
      for (const [i, { selected, pooledThreshold, symbolThreshold }] of selectTargets(targets, 0.1).entries()) {
        const { pooled, symbols } = targets[i]!;
        const within = (pooled !== null && pooled <= pooledThreshold) || symbols.some((p) => p <= symbolThreshold);
        expect(within).toBe(selected);
      }
    }
  });

  test('what could not be tested counts for nothing', () => {
    const [only] = selectTargets([{ pooled: null, symbols: [null, 0.001, null] }], 0.05);
    expect(only).toMatchObject({ p: 0.001, selected: true, pooledThreshold: 0, symbolThreshold: 0.05 });
    expect(selectTargets([{ pooled: null, symbols: [] }], 0.05)[0]).toMatchObject({ p: 1, selected: false });
  });
});

describe('shifts', () => {
  test('keep their distance from no shift, either way round, and never repeat', () => {
    const shifts = drawShifts({ length: 500, leastSteps: 70, count: 199, seed: 1, stream: 2 });
    expect(new Set(shifts).size).toBe(199);
    expect(Math.min(...shifts)).toBeGreaterThanOrEqual(70);
    expect(Math.max(...shifts)).toBeLessThanOrEqual(430);
    expect(drawShifts({ length: 500, leastSteps: 70, count: 199, seed: 1, stream: 2 })).toEqual(shifts);
    expect(drawShifts({ length: 139, leastSteps: 70, count: 9, seed: 1, stream: 2 })).toEqual([]);
    expect(drawShifts({ length: 144, leastSteps: 70, count: 9, seed: 1, stream: 2 })).toHaveLength(5);
  });

  test('windows that share no bar are counted, over gaps too', () => {
    expect(disjointWindows([0, 1, 2, 3, 4, 5], 2)).toBe(3);
    expect(disjointWindows([0, 0, 1, 1, 50, 51, 52], 5)).toBe(2);
    expect(disjointWindows([], 5)).toBe(0);
  });
});
