import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type QualityReport, qualityReportSchema } from '@twostage/core/runs/events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectFolder } from './inspectFolder.ts';
import { plainCsv, realMarketDir, temporaryFolder, writeFiles, writeParquet } from './testing/folders.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const findingsOf = (quality: QualityReport, kind: QualityReport['findings'][number]['kind']) =>
  quality.findings.filter((finding) => finding.kind === kind);

/** 40 bars of two symbols; AAA has one of everything that can be odd. */
function oddFolder(): void {
  const good = plainCsv(40).trimEnd().split('\n');
  const odd = good.slice();
  const day = (line: number) => odd[line - 1]!.slice(0, 10);
  odd[4] = `${day(5)},,,99,100,1000`; // line 5: open and high missing
  odd[6] = `${day(7)},100,98,99,100,1000`; // line 7: high < low
  odd[8] = `${day(9)},100,101,0,100,1000`; // line 9: low is 0
  for (let line = 15; line <= 20; line++) odd[line - 1] = `${day(line)},100,101,99,100,1000`; // lines 15–20: stale
  odd[29] = `${day(30)},100,301,99,300,-5`; // line 30: an outlier, and a negative volume
  odd[34] = `${day(35)},100,101,99,,1000`; // line 35: no close
  odd.splice(24, 3); // lines 25–27: a hole of three bars
  odd.splice(10, 0, odd[10]!); // line 11 twice
  odd.splice(2, 0, ''); // an empty line moves every later line down by one
  writeFiles(folder.path, { 'AAA.csv': `${odd.join('\r\n')}\r\n`, 'BBB.csv': plainCsv(40) });
}

describe('the quality report', () => {
  it('says which part of the calendar each symbol has', async () => {
    const whole = plainCsv(240).trimEnd().split('\n');
    // Bars 61 to 180 are missing, and half of the next four.
    const holed = whole.filter((_, line) => line === 0 || line <= 60 || line > 182);
    writeFiles(folder.path, { 'AAA.csv': `${holed.join('\n')}\n`, 'BBB.csv': `${whole.join('\n')}\n` });
    const { quality } = await inspectFolder(folder.path);
    const { starts, bySymbol } = quality.coverage!;
    expect(starts).toHaveLength(60);
    expect(new Date(starts[1]!).toISOString().slice(0, 10)).toBe(whole[5]!.slice(0, 10));
    expect(bySymbol.map(({ symbol }) => symbol)).toEqual(['AAA', 'BBB']);
    expect(bySymbol[1]!.shares).toEqual(new Array(60).fill(1));
    const expected = starts.map((_, stretch) => (stretch < 15 || stretch > 45 ? 1 : stretch === 45 ? 0.5 : 0));
    expect(bySymbol[0]!.shares).toEqual(expected);
  });

  it('shows of many symbols those that miss most', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 125 }, (_, i) => [
        `S${String(i).padStart(3, '0')}.csv`,
        plainCsv(i < 5 ? 80 : 30 + (i % 7)),
      ]),
    );
    writeFiles(folder.path, files);
    const { bySymbol } = (await inspectFolder(folder.path)).quality.coverage!;
    expect(bySymbol).toHaveLength(120);
    expect(bySymbol.some(({ symbol }) => symbol < 'S005')).toBe(false);
    expect(bySymbol[0]!.shares.filter((share) => share > 0).length).toBeLessThan(30);
  });

  it('counts every kind by symbol, and says on which line of the file it is', async () => {
    oddFolder();
    const { quality } = await inspectFolder(folder.path);
    expect(qualityReportSchema.parse(quality)).toEqual(quality);
    expect(quality).toMatchObject({ rows: 78, bars: 40, symbols: 2, interval: '1d' });
    expect(quality.start).toBe('2020-01-01T00:00:00.000Z');
    const [odd, plain] = quality.bySymbol;
    expect(odd).toMatchObject({
      symbol: 'AAA',
      file: 'AAA.csv',
      rows: 38,
      // the bar whose close is missing is not used, so it is a hole as well
      gaps: 2,
      missingBars: 4,
      duplicateBars: 1,
      missingCells: 3,
      nonPositivePrices: 1,
      highBelowLow: 1,
      staleRuns: 1,
    });
    // into 300 and back; in and out of the stale stretch are ordinary moves here
    expect(odd!.outlierReturns).toBe(2);
    expect(plain).toMatchObject({ rows: 40, gaps: 0, missingBars: 0, duplicateBars: 0, missingCells: 0, staleRuns: 0 });
    const lineOf = (kind: Parameters<typeof findingsOf>[1]) =>
      findingsOf(quality, kind).map(({ symbol, line }) => [symbol, line]);
    expect(lineOf('missingCell')).toEqual([
      ['AAA', 6],
      ['AAA', 34],
    ]);
    expect(lineOf('highBelowLow')).toEqual([['AAA', 8]]);
    expect(lineOf('nonPositivePrice')).toEqual([['AAA', 10]]);
    expect(lineOf('duplicateBar')).toEqual([['AAA', 13]]);
    expect(lineOf('staleRun')).toEqual([['AAA', 17]]);
    expect(lineOf('gap')[0]).toEqual(['AAA', 27]);
    expect(findingsOf(quality, 'gap')[0]!.message).toBe('3 bars missing before this one');
    expect(findingsOf(quality, 'staleRun')[0]!.message).toBe('close stays at 100 for 6 bars');
    expect(findingsOf(quality, 'outlierReturn')[0]!.message).toMatch(/^return of 197 %, /);
    expect(quality.notes).toEqual([
      '1 rows are not used: their close is missing or not positive',
      '1 negative volumes count as missing',
    ]);
  });

  it('counts rows in a Parquet file, which has no lines', async () => {
    await writeParquet(
      join(folder.path, 'AAA.parquet'),
      "SELECT '2020-01-01'::DATE + i::INTEGER AS date, CASE WHEN i <> 7 THEN 1.0 END AS open, 2.0 + i AS close FROM range(40) t(i)",
    );
    const { quality, featureColumns } = await inspectFolder(folder.path);
    expect(findingsOf(quality, 'missingCell')).toEqual([
      expect.objectContaining({ file: 'AAA.parquet', line: null, row: 8, at: '2020-01-08', message: '1 cell missing' }),
    ]);
    // without high, low and volume the features that need them are not there
    expect(featureColumns.builtIn).toContain('KMID');
    expect(featureColumns.builtIn).not.toContain('KLEN');
    expect(featureColumns.builtIn).not.toContain('VMA5');
  });

  it('names no computed feature where the features are given', async () => {
    writeFiles(folder.path, {
      'AAA.csv': plainCsv(60).replaceAll('\n', ',1.5\n').replace(',1.5', ',mood'),
      'dataset.json': '{"features":"given"}',
    });
    const { featureColumns } = await inspectFolder(folder.path);
    expect(featureColumns).toEqual({ builtIn: [], fromFiles: ['mood'] });
  });

  it('says so where no symbol has a bar for more than a week', async () => {
    const lines = plainCsv(60).trimEnd().split('\n');
    lines.splice(20, 10);
    writeFiles(folder.path, { 'AAA.csv': lines.join('\n') });
    const { quality } = await inspectFolder(folder.path);
    expect(quality.notes).toEqual(['no symbol has a bar between 2020-01-27 and 2020-02-11']);
  });

  it('shows the worst forty of a kind, worst first, and counts them all', async () => {
    const lines = plainCsv(120).trimEnd().split('\n');
    const holed = lines.map((line, i) =>
      i > 0 && i % 2 === 0 ? line.replace(/,[^,]*,[^,]*,/, i % 4 ? ',,1,' : ',,,') : line,
    );
    writeFiles(folder.path, { 'AAA.csv': holed.join('\n') });
    const { quality } = await inspectFolder(folder.path);
    expect(quality.bySymbol[0]!.missingCells).toBe(90);
    const cells = findingsOf(quality, 'missingCell');
    expect(cells).toHaveLength(40);
    expect(cells[0]!.message).toBe('2 cells missing');
    expect(cells[39]!.message).toBe('1 cell missing');
  });
});

describe.runIf(existsSync(realMarketDir))('31 real symbols', () => {
  it('have the holes that they have', async () => {
    const { quality, symbols, rows, bars, interval } = await inspectFolder(realMarketDir);
    expect({ symbols: symbols.length, rows, bars, interval }).toEqual({
      symbols: 31,
      rows: 93_612,
      bars: 3020,
      interval: '1d',
    });
    const cells = findingsOf(quality, 'missingCell');
    const at = (symbol: string, day: string) => cells.find((each) => each.symbol === symbol && each.at === day);
    expect(at('BA', '2017-07-31')).toMatchObject({ line: 2915, file: 'BA.csv', message: '3 cells missing' });
    expect(at('DIS', '2012-08-01')).toMatchObject({ line: 1659, message: '3 cells missing' });
    expect(at('AXP', '2017-07-31')).toMatchObject({ message: '2 cells missing' });
    expect(findingsOf(quality, 'nonPositivePrice')).toEqual([
      expect.objectContaining({ symbol: 'HD', at: '2009-04-17', line: 829 }),
    ]);
    expect(findingsOf(quality, 'gap').map(({ symbol, at }) => `${symbol} before ${at}`)).toEqual(
      ['AABA', 'AAPL', 'AMZN', 'CSCO', 'GOOGL', 'INTC']
        .map((symbol) => `${symbol} before 2010-04-05`)
        .concat(['MRK before 2009-08-12', 'MSFT before 2010-04-05']),
    );
  });
});
