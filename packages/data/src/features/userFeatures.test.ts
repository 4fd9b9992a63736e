import { featuresByName } from '@twostage/core/runs/featureExpressions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../database.ts';
import { type LoadedBars, loadBars } from '../loadBars.ts';
import { openSource } from '../openSource.ts';
import { plainCsv, temporaryFolder, writeFiles } from '../testing/folders.ts';
import { checkCausality } from './checkCausality.ts';
import { findFeatureFaults, planUserFeatures } from './userFeatures.ts';

const bars = 120;
let folder: ReturnType<typeof temporaryFolder>;
let db: Database;
let loaded: LoadedBars;
beforeAll(async () => {
  folder = temporaryFolder('user-features-');
  const header = 'Date,Open,High,Low,Close,Volume,Adj Close,Short Ratio,y_next';
  const withExtras = (phase: number) =>
    plainCsv(bars, phase, header).replace(/^(20.*)$/gm, (line) => `${line},${line.split(',')[4]},${line.length},0.5`);
  writeFiles(folder.path, { 'AAA.csv': withExtras(0), 'BBB.csv': withExtras(5) });
  db = await Database.open({ threads: 1 });
  loaded = await loadBars(db, await openSource(db, folder.path));
});
afterAll(() => {
  db.close();
  folder.remove();
});

const taken = new Set(['MA5']);
const plan = (expressions: Record<string, string>) => planUserFeatures(db, loaded, featuresByName(expressions), taken);

async function valuesOf(expressions: Record<string, string>): Promise<Record<string, (number | null)[]>> {
  const values: Record<string, (number | null)[]> = {};
  for (const { name, query } of await plan(expressions)) {
    const rows = await db.rows<{ value: number | null }>(`SELECT value FROM (${query}) WHERE symbol = 1 ORDER BY sn`);
    values[name] = rows.map(({ value }) => value);
  }
  return values;
}

describe('the user’s features', () => {
  it('are computed by symbol over the bars up to each', async () => {
    const values = await valuesOf({
      ratio: 'avg(close) OVER w20 / close',
      since: 'lag(close, 5) OVER past / close',
      wide: '"Short Ratio" * 2',
      up: 'Close > open',
      framed: 'max(high) OVER (PARTITION BY symbol ORDER BY time ROWS BETWEEN 9 PRECEDING AND 5 PRECEDING)',
      adjusted: 'adj_close - close',
      weekday: 'dayofweek(time)',
    });
    const close = (await db.rows<{ c: number }>('SELECT c FROM bars WHERE symbol = 1 ORDER BY sn')).map(({ c }) => c);
    const mean = (from: number, end: number) => close.slice(from, end).reduce((sum, c) => sum + c, 0) / (end - from);
    expect(values.ratio![0]).toBe(1);
    expect(values.ratio![50]).toBeCloseTo(mean(31, 51) / close[50]!, 12);
    expect(values.ratio![9]).toBeCloseTo(mean(0, 10) / close[9]!, 12);
    expect(values.since!.slice(0, 6)).toEqual([null, null, null, null, null, close[0]! / close[5]!]);
    expect(values.wide![3]).toBeGreaterThan(60);
    expect(new Set(values.up)).toEqual(new Set([1]));
    expect(values.framed!.slice(0, 5)).toEqual(Array(5).fill(null));
    expect(values.framed![30]).toBeCloseTo(Math.max(...close.slice(21, 26)) + 1, 3);
    expect(new Set(values.adjusted)).toEqual(new Set([0]));
    expect(values.weekday!.slice(0, 4)).toEqual([3, 4, 5, 1]);
  });

  it('may be made of earlier ones, of which those that begin with _ are steps only', async () => {
    const values = await valuesOf({
      _move: 'close / lag(close) OVER past - 1',
      volatility: 'stddev_samp(_move) OVER w10',
      calm: '1 / volatility',
    });
    expect(Object.keys(values)).toEqual(['volatility', 'calm']);
    expect(values.volatility![1]).toBeNull();
    expect(values.calm![60]).toBeCloseTo(1 / values.volatility![60]!, 9);
  });

  it('have no value where the result is not finite', async () => {
    const { flat } = await valuesOf({ flat: 'close / (close - adj_close)' });
    expect(new Set(flat)).toEqual(new Set([null]));
  });

  it.each<[what: string, expression: string, message: RegExp]>([
    [
      'a parse error',
      'avg(close OVER w20',
      /^feature "x": syntax error at or near "OVER" at character 11: "avg\(close ▸OVER w20"$/,
    ],
    ['an end too early', 'close / ', /^feature "x": syntax error at or near "\)", at the end of "close \/ "$/],
    [
      'an unknown column',
      'clse + 1',
      /^feature "x": there is no column "clse"; there are adj_close, close, high, low, open, short ratio, time, volume$/,
    ],
    ['a column of a table', 'bars.close', /^feature "x": there is no column "bars\.close"/],
    ['the symbol', 'symbol', /^feature "x": there is no column "symbol"/],
    ['a target', 'y_next', /^feature "x": "y_next" is a target, which looks at later bars$/],
    [
      'an aggregate without a window',
      'avg(close) / close',
      /^feature "x": avg\(\) needs a window, e\.g\. avg\(close\) OVER w20 for the last 20 bars$/,
    ],
    [
      'a window that is none',
      'avg(close) OVER month',
      /^feature "x": there is no window "month"; there are past .* and w1, w2, w3/,
    ],
    ['a window of no bar', 'avg(close) OVER w0', /^feature "x": a window holds 1 to 100000 bars, w0 does not$/],
    ['lead', 'lead(close, 2) OVER past / close', /^feature "x": lead\(\) looks at later bars; lag\(\) looks back$/],
    [
      'lag forwards',
      'lag(close, -2) OVER past',
      /^feature "x": how far lag\(\) looks back is to be a whole number, 0 or more$/,
    ],
    ['a lag by a column', 'lag(close, volume) OVER past', /^feature "x": how far lag\(\) looks back/],
    [
      'a frame that follows',
      'avg(close) OVER (PARTITION BY symbol ORDER BY time ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING)',
      /^feature "x": the window reaches FOLLOWING bars; a feature may use bars up to its own$/,
    ],
    [
      'a frame without end',
      'avg(close) OVER (PARTITION BY symbol ORDER BY time ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)',
      /^feature "x": the window reaches FOLLOWING bars/,
    ],
    [
      'a frame turned round',
      'avg(close) OVER (PARTITION BY symbol ORDER BY time ROWS BETWEEN -5 PRECEDING AND CURRENT ROW)',
      /^feature "x": a window’s frame is to be a whole number of PRECEDING rows$/,
    ],
    [
      'time backwards',
      'avg(close) OVER (PARTITION BY symbol ORDER BY time DESC)',
      /^feature "x": the window of avg\(\) is to be PARTITION BY symbol ORDER BY time/,
    ],
    [
      'the whole series',
      'avg(close) OVER ()',
      /^feature "x": the window of avg\(\) is to be PARTITION BY symbol ORDER BY time/,
    ],
    [
      'all symbols in one',
      'avg(close) OVER (ORDER BY time)',
      /^feature "x": the window of avg\(\) is to be PARTITION BY symbol/,
    ],
    [
      'a share of the series',
      'percent_rank() OVER past',
      /^feature "x": percent_rank\(\) looks at the whole series, later bars too$/,
    ],
    ['tiles of the series', 'ntile(4) OVER past', /^feature "x": ntile\(\) looks at the whole series/],
    [
      'a look ahead inside a filter',
      'sum(close) FILTER (lead(close) OVER past > close) OVER w5',
      /^feature "x": lead\(\) looks at later bars/,
    ],
    [
      'text',
      "CASE WHEN close > open THEN 'up' ELSE 'down' END",
      /^feature "x": a number is expected, it is of the type VARCHAR$/,
    ],
    ['a time', 'time', /^feature "x": a number is expected, it is of the type TIMESTAMP$/],
    ['a query', '(SELECT max(close) FROM bars)', /^feature "x": subquery is not something that a feature is made of$/],
    [
      'the end of the expression',
      'close) FROM bars UNION SELECT (1',
      /^feature "x": one expression is expected, not a query$/,
    ],
    ['two columns', '1), (2', /^feature "x": one expression is expected, not a query$/],
    ['two statements', '1) FROM bars; SELECT (2', /^feature "x": one expression is expected, not a query$/],
    ['chance', 'close * random()', /^feature "x": there is no function random\(\) for features$/],
    [
      'a setting of the machine',
      "length(current_setting('temp_directory'))",
      /^feature "x": there is no function length\(\) for features$/,
    ],
    ['every column', 'COLUMNS(*)', /^feature "x": .* is not something that a feature is made of$/],
    ['a number added to a time', 'time + close', /^feature "x": .*No function matches.*$/i],
    ['a root of what is negative', 'sqrt(low - high)', /^feature "x": .*(square root|negative).*$/i],
  ])('refuse %s', async (_, x, message) => {
    await expect(plan({ x })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'featureExpressions.x',
      message: expect.stringMatching(message),
    });
  });

  it('have their faults found all at once, each with its own', async () => {
    const faults = await findFeatureFaults(
      db,
      loaded,
      featuresByName({
        fine: 'close / avg(close) OVER w20 - 1',
        ahead: 'lead(close) OVER past',
        typo: 'avg(close OVER w20',
        _step: 'clse / open',
        upon: '1 / _step',
        further: 'upon + fine',
        MA5: 'close',
        close: 'open',
        last: 'close * fine',
      }),
      taken,
    );
    expect(Object.fromEntries(faults)).toEqual({
      ahead: 'lead() looks at later bars; lag() looks back',
      typo: 'syntax error at or near "OVER" at character 11: "avg(close ▸OVER w20"',
      _step: expect.stringMatching(/^there is no column "clse"; there are adj_close, close, fine, /),
      upon: 'it names _step, which has a fault of its own',
      further: 'it names upon, which has a fault of its own',
      MA5: 'a column or feature of this name exists already',
      close: 'a column or feature of this name exists already',
    });
  });

  it.each(['close', 'MA5', 'Time', 'sn'])('refuse the name %s, which is taken', async (name) => {
    await expect(plan({ [name]: 'open' })).rejects.toThrow(
      `feature "${name}": a column or feature of this name exists already`,
    );
  });
});

it.each([
  ['the next bar', 'lead(c) OVER (PARTITION BY symbol ORDER BY sn)'],
  ['the length of the series', 'count(*) OVER (PARTITION BY symbol)'],
  ['a share of the series', 'percent_rank() OVER (PARTITION BY symbol ORDER BY sn)'],
  [
    'the last price',
    'last_value(c) OVER (PARTITION BY symbol ORDER BY sn ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)',
  ],
])('a feature that sees %s is caught by its values', async (_, sql) => {
  const seen = (source: string) => `SELECT *, ${sql} AS x FROM ${source}`;
  await expect(checkCausality(db, 'x', seen)).rejects.toThrow(
    /^feature "x": looks ahead: its value at a symbol’s bar \d+/,
  );
  await expect(checkCausality(db, 'x', (source) => `SELECT *, c AS x FROM ${source}`)).resolves.toBeUndefined();
});
