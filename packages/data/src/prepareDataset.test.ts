import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { featuresByName } from '@twostage/core/runs/featureExpressions';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Alpha158, alphaBlock } from './features/alpha158/alpha158.ts';
import { alpha158Columns } from './features/alpha158/catalogue.ts';
import { longestWindowBars } from './features/basic.ts';
import { type OpenedDataset, openDataset } from './openDataset.ts';
import { simulateMarket } from './simulate/simulateMarket.ts';
import {
  contentsOf,
  plainCsv,
  prepare,
  temporaryFolder,
  weekdays,
  writeFiles,
  writeParquet,
} from './testing/folders.ts';

let folder: ReturnType<typeof temporaryFolder>;
let dataDir: string;
let out: string;
beforeEach(() => {
  folder = temporaryFolder();
  dataDir = join(folder.path, 'market');
  out = join(folder.path, 'out');
  mkdirSync(dataDir);
});
afterEach(() => folder.remove());

/** Values of one feature of one symbol, in bar order. */
function featureOf({ panel }: OpenedDataset, symbol: string, feature: string): number[] {
  const column = panel.featureNames.indexOf(feature);
  expect(column).toBeGreaterThanOrEqual(0);
  const index = panel.symbols.indexOf(symbol);
  return Array.from(panel.features.subarray(column * panel.rows, (column + 1) * panel.rows)).filter(
    (_, row) => panel.symbolOf[row] === index,
  );
}

describe('a prepared dataset', () => {
  it('is what its manifest says, sorted by (symbol, bar)', async () => {
    writeFiles(dataDir, { 'BBB.csv': plainCsv(150, 3), 'AAA.csv': plainCsv(150), 'notes.txt': 'not data' });
    const { manifest, summary, foldSpans, quality } = await prepare(dataDir, out, {
      targets: ['fwd_ret_1d', 'fwd_ret_5b'],
    });
    const opened = openDataset(out);
    expect(opened.manifest).toEqual(manifest);
    expect(manifest).toMatchObject({
      rows: 300,
      bars: 150,
      symbols: ['AAA', 'BBB'],
      targets: [
        { name: 'fwd_ret_1d', labelBars: 2 },
        { name: 'fwd_ret_5b', labelBars: 6 },
      ],
    });
    expect(manifest.featureNames.length).toBeGreaterThanOrEqual(40);
    expect(summary).toMatchObject({ id: manifest.id, rows: 300, bars: 150, targets: ['fwd_ret_1d', 'fwd_ret_5b'] });
    const { panel } = opened;
    for (let row = 1; row < panel.rows; row++) {
      const symbols = panel.symbolOf[row]! - panel.symbolOf[row - 1]!;
      expect(symbols > 0 || (symbols === 0 && panel.barOf[row]! > panel.barOf[row - 1]!)).toBe(true);
    }
    expect(Array.from(panel.times)).toEqual(weekdays(150).map((day) => Date.parse(day)));
    expect(foldSpans).toHaveLength(2);
    expect(foldSpans[1]!.testEnd).toBe(panel.times[149]);
    expect(quality.rows).toBe(300);
    expect(readdirSync(folder.path).sort()).toEqual(['market', 'out']);
  });

  it('has forward returns on the symbol’s own bars, entered one bar after the signal', async () => {
    writeFiles(dataDir, { 'AAA.csv': plainCsv(150) });
    await prepare(dataDir, out, { targets: ['fwd_ret_1d', 'fwd_ret_3d'] });
    const { close, target } = openDataset(out);
    for (const [name, k] of [
      ['fwd_ret_1d', 1],
      ['fwd_ret_3d', 3],
    ] as const) {
      const values = target(name);
      for (let t = 0; t < 150; t++) {
        if (t + 1 + k < 150) expect(values[t]).toBe(close[t + 1 + k]! / close[t + 1]! - 1);
        else expect(values[t]).toBeNaN();
      }
    }
    expect(() => target('fwd_ret_2d')).toThrow(/no target "fwd_ret_2d"; it has fwd_ret_1d, fwd_ret_3d/);
  });

  it('keeps the warm-up rows, without values in the basic set’s windows that are not full', async () => {
    writeFiles(dataDir, { 'AAA.csv': plainCsv(150) });
    await prepare(dataDir, out, { features: 'basic' });
    const opened = openDataset(out);
    const ma60 = featureOf(opened, 'AAA', 'MA60');
    expect(ma60.slice(0, longestWindowBars - 1).every(Number.isNaN)).toBe(true);
    expect(ma60.slice(longestWindowBars - 1).every(Number.isFinite)).toBe(true);
    expect(featureOf(opened, 'AAA', 'KMID').every(Number.isFinite)).toBe(true);
    expect(Number.isNaN(featureOf(opened, 'AAA', 'ROC5')[4])).toBe(true);
    expect(Number.isFinite(featureOf(opened, 'AAA', 'ROC5')[5])).toBe(true);
  });

  it('takes other numeric columns as features and leaves text, row numbers and targets out', async () => {
    const extra = plainCsv(150, 0, ',Date,Open,High,Low,Close,Volume,Ticker,Mood,P/E ratio,MA5,y_next').replace(
      /^(20.*)$/gm,
      (line) => `7,${line},AAA,calm,${line.length},3.5,0.25`,
    );
    writeFiles(dataDir, { 'AAA.csv': extra });
    const { manifest, quality } = await prepare(dataDir, out, { targets: ['y_next'] });
    const own = manifest.featureNames.slice(-2);
    expect(own).toEqual(['MA5_file', 'P_E_ratio']);
    expect(manifest.targets).toEqual([{ name: 'y_next', labelBars: 1 }]);
    expect(quality.notes).toContainEqual(expect.stringContaining('the column "Mood" holds text (AAA.csv): no feature'));
    expect(quality.notes).toContainEqual(expect.stringContaining('the horizon of the target "y_next" is not known'));
    const opened = openDataset(out);
    expect(opened.target('y_next').every((value) => value === 0.25)).toBe(true);
    expect(featureOf(opened, 'AAA', 'MA5_file').every((value) => value === 3.5)).toBe(true);
  });

  it('lets a target column of the files go before the computed return, and reads its horizon from the name', async () => {
    const own = plainCsv(150, 0, 'Date,Open,High,Low,Close,Volume,FWD_RET_5D,target_x_10b').replace(
      /^(20.*)$/gm,
      (line) => `${line},0.5,NaN`,
    );
    writeFiles(dataDir, { 'AAA.csv': own });
    const { manifest } = await prepare(dataDir, out, { targets: ['fwd_ret_5d', 'target_x_10b'] });
    expect(manifest.targets).toEqual([
      { name: 'fwd_ret_5d', labelBars: 6 },
      { name: 'target_x_10b', labelBars: 11 },
    ]);
    expect(openDataset(out).target('fwd_ret_5d')[149]).toBe(0.5);
    expect(openDataset(out).target('target_x_10b').every(Number.isNaN)).toBe(true);
  });

  it('uses only rows with a close above 0, the last of duplicates, and invents nothing', async () => {
    const lines = plainCsv(150).trimEnd().split('\n');
    const [day5, day9, day12] = [5, 9, 12].map((i) => lines[i]!.slice(0, 10));
    lines[5] = `${day5},1,1,1,0,10`; // not positive: dropped
    lines[9] = `${day9},,101,99,100,10`; // no open
    lines[12] = `${day12},100,98,99,100,10`; // high < low
    lines.splice(20, 0, `${lines[20]!.slice(0, 10)},1,1,1,1,1`); // an earlier row of the same bar
    writeFiles(dataDir, { 'AAA.csv': `${lines.join('\n')}\n`, 'BBB.csv': plainCsv(150) });
    const { quality } = await prepare(dataDir, out);
    const opened = openDataset(out);
    const bars = Array.from(opened.panel.barOf).filter((_, row) => opened.panel.symbolOf[row] === 0);
    expect(bars).toHaveLength(149);
    expect(bars).not.toContain(4);
    const kmid = featureOf(opened, 'AAA', 'KMID');
    expect(kmid[7]).toBeNaN(); // bar 8 is row 7 of a symbol that lacks bar 4
    expect(featureOf(opened, 'AAA', 'KLEN')[10]).toBeNaN();
    expect(Number.isFinite(kmid[10]!)).toBe(true);
    expect(opened.close[18]).toBeGreaterThan(50);
    expect(quality.notes).toContain('1 rows are not used: their close is missing or not positive');
  });

  it('scales prices by the adjusted close where there is one', async () => {
    const split = plainCsv(150, 0, 'Date,Open,High,Low,Close,Volume,Adj Close')
      .trimEnd()
      .split('\n')
      .map((line, i) => (i === 0 ? line : `${line},${i <= 75 ? Number(line.split(',')[4]) / 2 : line.split(',')[4]}`));
    writeFiles(dataDir, { 'AAA.csv': split.join('\n') });
    const { quality } = await prepare(dataDir, out);
    const { close } = openDataset(out);
    expect(close[10]).toBeCloseTo(Number(split[11]!.split(',')[4]) / 2, 12);
    expect(close[100]).toBe(Number(split[101]!.split(',')[4]));
    expect(quality.notes).toContainEqual(expect.stringContaining('prices are scaled by adjusted close'));
  });

  it('scores each bar across symbols from five symbols on', async () => {
    const files = Object.fromEntries(['A', 'B', 'C', 'D', 'E'].map((name, i) => [`${name}.csv`, plainCsv(150, i * 7)]));
    writeFiles(dataDir, files);
    await prepare(dataDir, out);
    const five = ['A', 'B', 'C', 'D', 'E'].map((symbol) => featureOf(openDataset(out), symbol, 'KMID'));
    for (let bar = 0; bar < 150; bar++) {
      const sorted = five.map((values) => values[bar]!).sort((a, b) => a - b);
      expect(sorted[2]).toBe(0); // the median symbol's score
      expect(Math.max(...sorted.map(Math.abs))).toBeLessThanOrEqual(5);
    }
    await prepare(dataDir, out, { symbols: ['A', 'B', 'C', 'D'] });
    const raw = featureOf(openDataset(out), 'A', 'KMID');
    expect(raw[0]).toBeCloseTo(0.5 / (Number(files['A.csv']!.split('\n')[1]!.split(',')[4]) - 0.5), 6);
  });
});

describe('the features of a dataset', () => {
  it('are Alpha158 as it is computed of each symbol alone, whatever the blocks of the stream', async () => {
    await simulateMarket({ outputDir: dataDir, symbols: 4, bars: 5000, seed: 3 });
    const { manifest } = await prepare(dataDir, out, { normalisation: 'none' });
    expect(manifest.featureNames).toEqual(alpha158Columns.map(({ name }) => name));
    const opened = openDataset(out);
    const alpha = new Alpha158(5000);
    const into = alphaBlock(5000);
    for (const symbol of manifest.symbols) {
      const lines = readFileSync(join(dataDir, `${symbol}.csv`), 'utf8')
        .trimEnd()
        .split('\n')
        .slice(1);
      alpha.begin();
      lines.forEach((line, row) => {
        const cells = line.split(',').slice(1).map(Number);
        (['open', 'high', 'low', 'close', 'volume'] as const).forEach((field, i) => {
          alpha.inputs[field][row] = cells[i]!;
        });
      });
      alpha.inputs.vwap.fill(Number.NaN);
      alpha.compute(5000, into, 0);
      for (const [i, name] of manifest.featureNames.entries())
        expect([name, featureOf(opened, symbol, name)]).toEqual([name, Array.from(Float32Array.from(into[i]!))]);
    }
  });

  it('take the files’ own vwap, scaled as the prices are', async () => {
    const lines = plainCsv(150, 0, 'Date,Open,High,Low,Close,Volume,Adj Close,VWAP')
      .trimEnd()
      .split('\n')
      .map((line, i) => {
        const close = Number(line.split(',')[4]);
        return i === 0 ? line : `${line},${close / 2},${close * 1.01}`;
      });
    writeFiles(dataDir, { 'AAA.csv': lines.join('\n') });
    await prepare(dataDir, out);
    for (const value of featureOf(openDataset(out), 'AAA', 'VWAP0')) expect(value).toBeCloseTo(1.01, 6);
  });

  it('leave out what the files have no column for', async () => {
    writeFiles(dataDir, { 'AAA.csv': plainCsv(150).replace(/^(.*?),.*?,.*?,.*?,(.*),.*$/gm, '$1,$2') });
    const { manifest } = await prepare(dataDir, out);
    expect(manifest.featureNames).toContain('QTLU30');
    for (const name of ['KMID', 'MAX5', 'VWAP0', 'CORR5', 'VMA5']) expect(manifest.featureNames).not.toContain(name);
    expect(manifest.featureNames).toHaveLength(15 * 5);
  });

  it('are ranked across symbols where that is asked for, the given ones too', async () => {
    const header = 'Date,Open,High,Low,Close,Volume,mood';
    const files = Object.fromEntries(
      ['A', 'B', 'C', 'D', 'E'].map((name, i) => [
        `${name}.csv`,
        plainCsv(150, i * 7, header).replace(/^(20.*)$/gm, `$1,${i * i}`),
      ]),
    );
    writeFiles(dataDir, files);
    const { manifest } = await prepare(dataDir, out, { features: 'given', normalisation: 'rank' });
    expect(manifest.featureNames).toEqual(['mood']);
    const opened = openDataset(out);
    ['A', 'B', 'C', 'D', 'E'].forEach((symbol, i) => {
      expect(featureOf(opened, symbol, 'mood')[9]).toBeCloseTo(((i + 0.5) / 5 - 0.5) * Math.sqrt(12), 6);
    });
    await prepare(dataDir, out, { features: 'given' });
    expect(featureOf(openDataset(out), 'D', 'mood')[9]).toBe(9);
  });

  it('end with the user’s own', async () => {
    writeFiles(dataDir, { 'AAA.csv': plainCsv(150) });
    const featureExpressions = featuresByName({
      _double: 'close * 2',
      ratio: '_double / (close + lag(close) OVER past)',
    });
    const { manifest } = await prepare(dataDir, out, { features: 'basic', featureExpressions });
    expect(manifest.featureNames.slice(-2)).toEqual(['WVMA20', 'ratio']);
    const opened = openDataset(out);
    const ratio = featureOf(opened, 'AAA', 'ratio');
    expect(ratio[0]).toBeNaN();
    expect(ratio[7]).toBeCloseTo((2 * opened.close[7]!) / (opened.close[7]! + opened.close[6]!), 6);
    await expect(
      prepare(dataDir, join(folder.path, 'again'), {
        featureExpressions: featuresByName({ late: 'CASE WHEN close > 0 THEN ln(high - 1e9) END' }),
      }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(/^feature "late": .*logarithm/) });
    expect(existsSync(join(folder.path, 'again'))).toBe(false);
  });
});

describe('the same input gives the same bytes', () => {
  beforeEach(async () => {
    await simulateMarket({ outputDir: dataDir, symbols: 6, bars: 300, seed: 5 });
  });

  it('whatever the threads, the order of the symbols asked for and the memory limit', async () => {
    const first = await prepare(dataDir, out, { threads: 1 });
    const before = contentsOf(out);
    const second = await prepare(dataDir, join(folder.path, 'again'), {
      threads: 2,
      memoryLimitMb: 200,
      symbols: ['SIM03', 'SIM01', 'SIM02', 'SIM06', 'SIM05', 'SIM04'],
    });
    expect(second.manifest.id).toBe(first.manifest.id);
    expect(contentsOf(join(folder.path, 'again'))).toEqual(before);
  });

  it('and other content, targets, features or symbols another id', async () => {
    const ids = new Set([(await prepare(dataDir, out)).manifest.id]);
    ids.add((await prepare(dataDir, out, { targets: ['fwd_ret_2d'] })).manifest.id);
    ids.add((await prepare(dataDir, out, { targetLagBars: 2 })).manifest.id);
    ids.add((await prepare(dataDir, out, { features: 'basic' })).manifest.id);
    ids.add((await prepare(dataDir, out, { normalisation: 'rank' })).manifest.id);
    ids.add((await prepare(dataDir, out, { symbols: ['SIM01', 'SIM02'] })).manifest.id);
    const path = join(dataDir, 'SIM02.csv');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/\d\n$/, '77\n'));
    ids.add((await prepare(dataDir, out)).manifest.id);
    expect(ids.size).toBe(7);
  });

  it('and from Parquet as from CSV', async () => {
    const { manifest } = await prepare(dataDir, out);
    const parquetDir = join(folder.path, 'parquet');
    mkdirSync(parquetDir);
    for (const name of readdirSync(dataDir).filter((each) => each.endsWith('.csv'))) {
      await writeParquet(
        join(parquetDir, name.replace('.csv', '.parquet')),
        `SELECT Date::DATE AS date, Open, High, Low, Close, Volume FROM read_csv('${join(dataDir, name)}')`,
      );
    }
    expect((await prepare(parquetDir, join(folder.path, 'again'))).manifest.id).toBe(manifest.id);
  });
});

describe.each(['alpha158', 'basic'] as const)(
  'no feature of %s at or before a bar moves when every later row does',
  (features) => {
    const bars = 260;
    let base: ReturnType<typeof temporaryFolder>;
    beforeAll(async () => {
      base = temporaryFolder();
      await simulateMarket({ outputDir: join(base.path, 'market'), symbols: 6, bars, seed: 9 });
      await prepare(join(base.path, 'market'), join(base.path, 'out'), { features });
    });
    afterAll(() => base.remove());

    it.each([64, 130, 200, 258])('after bar %i', async (last) => {
      for (const name of readdirSync(join(base.path, 'market')).filter((each) => each.endsWith('.csv'))) {
        const lines = readFileSync(join(base.path, 'market', name), 'utf8')
          .trimEnd()
          .split('\n');
        const moved = lines.map((line, i) => {
          if (i <= last + 1) return line;
          const [date, ...numbers] = line.split(',');
          return [date, ...numbers.map((text, j) => Number(text) * (0.3 + ((i * 7 + j * 3) % 11) / 4))].join(',');
        });
        // A later hole, too, must not be seen before it.
        if (name === 'SIM02.csv') moved.splice(last + 2, 1);
        writeFileSync(join(dataDir, name), `${moved.join('\n')}\n`);
      }
      await prepare(dataDir, out, { features });
      const [before, after] = [openDataset(join(base.path, 'out')), openDataset(out)];
      let compared = 0;
      let movedLater = 0;
      for (const feature of before.panel.featureNames) {
        for (const symbol of before.panel.symbols) {
          const [was, is] = [featureOf(before, symbol, feature), featureOf(after, symbol, feature)];
          for (let bar = 0; bar <= last; bar++) {
            if (!Object.is(was[bar], is[bar])) throw new Error(`${feature} of ${symbol} moved at bar ${bar}`);
            compared++;
          }
          if (was.slice(last + 1).some((value, i) => !Object.is(value, is[last + 1 + i]))) movedLater++;
        }
      }
      expect(compared).toBe(before.panel.featureNames.length * 6 * (last + 1));
      // The perturbation did reach the features after it.
      expect(movedLater).toBeGreaterThan(before.panel.featureNames.length);
    });
  },
);

describe('writing', () => {
  it('replaces an older dataset, and stops without a trace when cancelled', async () => {
    writeFiles(dataDir, { 'AAA.csv': plainCsv(150) });
    const first = await prepare(dataDir, out);
    await prepare(dataDir, out, { targets: ['fwd_ret_2d'] });
    expect(openDataset(out).manifest.id).not.toBe(first.manifest.id);
    const before = contentsOf(out);
    const stopped = AbortSignal.abort();
    await expect(prepare(dataDir, out, { signal: stopped })).rejects.toMatchObject({ code: 'CANCELLED' });
    const controller = new AbortController();
    const started = prepare(dataDir, out, { signal: controller.signal, targets: ['fwd_ret_3d'] });
    setTimeout(() => controller.abort(), 5);
    await expect(started).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(contentsOf(out)).toEqual(before);
    expect(readdirSync(folder.path).sort()).toEqual(['market', 'out']);
  });

  it('makes the folders above the output', async () => {
    writeFiles(dataDir, { 'AAA.csv': plainCsv(150) });
    await prepare(dataDir, join(folder.path, 'a', 'b', 'out'));
    expect(statSync(join(folder.path, 'a', 'b', 'out')).mode & 0o777).toBe(0o777 & ~process.umask());
    expect(existsSync(join(folder.path, 'a', 'b', 'out', 'manifest.json'))).toBe(true);
  });
});

describe('openDataset', () => {
  it('refuses columns that are not as long as the manifest says, missing ones, and a broken manifest', async () => {
    writeFiles(dataDir, { 'AAA.csv': plainCsv(150) });
    await prepare(dataDir, out);
    const corrupt = (message: RegExp) =>
      expect.objectContaining({ code: 'CORRUPT_DATASET', message: expect.stringMatching(message) });
    truncateSync(join(out, 'target.fwd_ret_1d.f64'), 100);
    expect(() => openDataset(out)).toThrow(corrupt(/f64: expected 1200 bytes, got 100$/));
    truncateSync(join(out, 'features.f32'), 8);
    expect(() => openDataset(out)).toThrow(corrupt(/features\.f32: expected \d+ bytes, got 8$/));
    rmSync(join(out, 'features.f32'));
    expect(() => openDataset(out)).toThrow(corrupt(/features\.f32: is missing$/));
    writeFileSync(join(out, 'manifest.json'), '{"version":1');
    expect(() => openDataset(out)).toThrow(corrupt(/manifest\.json: not a dataset manifest/));
    expect(() => openDataset(join(folder.path, 'nothing'))).toThrow(corrupt(/not a dataset manifest/));
  });

  it('loads no native library', () => {
    const source = readFileSync(new URL('./openDataset.ts', import.meta.url), 'utf8');
    expect(source.match(/from '([^']+)'/g)).toEqual([
      "from 'node:fs'",
      "from 'node:path'",
      "from '@twostage/core/errors'",
      "from '@twostage/core/panel/panel'",
    ]);
  });
});
