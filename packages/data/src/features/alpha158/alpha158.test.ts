import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Random } from '@twostage/core/random';
import { describe, expect, it } from 'vitest';
import { Alpha158, alphaBlock } from './alpha158.ts';
import { alpha158Columns, windows } from './catalogue.ts';

const fields = ['open', 'high', 'low', 'close', 'volume'] as const;
type Bars = Readonly<Record<(typeof fields)[number], readonly (number | null)[]>>;
const golden = JSON.parse(
  gunzipSync(readFileSync(new URL('../../golden/alpha158.json.gz', import.meta.url))).toString(),
) as { series: { name: string; bars: Bars; rows: number[]; features: Record<string, (number | null)[]> }[] };

/** All 158 features of the bars, which come in blocks of so many rows. */
function computed(bars: Bars, blockRows = bars.close.length): Float64Array[] {
  const alpha = new Alpha158(blockRows);
  const rows = bars.close.length;
  const into = alphaBlock(rows);
  alpha.begin();
  for (let first = 0; first < rows; first += blockRows) {
    const count = Math.min(blockRows, rows - first);
    for (const field of fields)
      for (let r = 0; r < count; r++) alpha.inputs[field][r] = bars[field][first + r] ?? Number.NaN;
    alpha.inputs.vwap.fill(Number.NaN);
    alpha.compute(count, into, first);
  }
  return into;
}

/** Worst difference, relative to 1 or to the expected value where that is larger; a hole on one side only is infinite. */
function worstDifference(actual: readonly number[], expected: readonly (number | null)[]): number {
  return Math.max(
    ...expected.map((value, i) => {
      const got = actual[i]!;
      if (value === null) return Number.isNaN(got) ? 0 : Number.POSITIVE_INFINITY;
      const apart = Math.abs(got - value) / Math.max(1, Math.abs(value));
      return Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
    }),
  );
}

it('are 158, named as Qlib names them', () => {
  const names = alpha158Columns.map(({ name }) => name);
  expect(new Set(names).size).toBe(158);
  expect(names.slice(0, 14).join(' ')).toBe(
    'KMID KLEN KMID2 KUP KUP2 KLOW KLOW2 KSFT KSFT2 OPEN0 HIGH0 LOW0 VWAP0 ROC5',
  );
  expect(names.at(-1)).toBe('VSUMD60');
});

describe.each(golden.series)('on $name', ({ bars, rows, features }) => {
  const columns = computed(bars);
  it.each(alpha158Columns.map(({ name }, i) => [name, i] as const))('%s is what numpy computes', (name, i) => {
    const expected = features[name]!;
    expect(expected.filter((value) => value !== null).length).toBeGreaterThan(rows.length / 3);
    const actual = rows.map((row) => columns[i]![row]!);
    expect(worstDifference(actual, expected)).toBeLessThanOrEqual(1e-9);
  });
});

const { bars: oddities } = golden.series.find(({ name }) => name === 'MADE')!;

it.each([1, 7, 60, 61, 128])('blocks of %i rows give the same bits as one block', (blockRows) => {
  const [whole, pieces] = [computed(oddities), computed(oddities, blockRows)];
  for (const [i, { name }] of alpha158Columns.entries()) expect([name, pieces[i]]).toEqual([name, whole[i]]);
});

it.each([0, 4, 59, 130, 215, 330])('no feature at or before row %i moves when every later bar does', (last) => {
  const random = new Random(last);
  const later = Object.fromEntries(
    fields.map((field) => [
      field,
      oddities[field].map((value, row) => (row > last ? (value ?? 70) * (0.2 + 3 * random.uniform()) : value)),
    ]),
  ) as unknown as Bars;
  const [before, after] = [computed(oddities), computed(later)];
  for (const [i, { name }] of alpha158Columns.entries()) {
    expect([name, after[i]!.subarray(0, last + 1)]).toEqual([name, before[i]!.subarray(0, last + 1)]);
    // The perturbation did reach the rows after it.
    expect([name, after[i]]).not.toEqual([name, before[i]]);
  }
});

it('VWAP0 is the files’ own vwap where they have one', () => {
  const alpha = new Alpha158(2);
  const into = alphaBlock(2);
  const set = { open: 10, high: 12, low: 8, close: 10, volume: 5 };
  for (const field of fields) alpha.inputs[field].fill(set[field]);
  alpha.inputs.vwap.set([9, Number.NaN]);
  alpha.begin();
  alpha.compute(2, into, 0);
  const column = alpha158Columns.findIndex(({ name }) => name === 'VWAP0');
  expect([...into[column]!]).toEqual([0.9, 1]);
});

it('another symbol begins without the bars of the one before', () => {
  const alpha = new Alpha158(400);
  const [first, second] = [alphaBlock(400), alphaBlock(400)];
  for (const into of [first, second]) {
    alpha.begin();
    for (const field of fields) for (let r = 0; r < 400; r++) alpha.inputs[field][r] = oddities[field][r] ?? Number.NaN;
    alpha.inputs.vwap.fill(Number.NaN);
    alpha.compute(400, into, 0);
  }
  expect(second).toEqual(first);
  expect(windows.length * 29 + 13).toBe(first.length);
});
