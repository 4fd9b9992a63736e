import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectFolder } from './inspectFolder.ts';
import { listSymbols } from './openSource.ts';
import { plainCsv, prepare, temporaryFolder, weekdays, writeFiles, writeParquet } from './testing/folders.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const symbols = ['AAA', 'BBB', 'CCC'];
const header = 'Date,Open,High,Low,Close,Volume,Mood';
/** [symbols][bars] lines without a header. */
const rows = symbols.map((_, i) =>
  plainCsv(150 - i, 7 * i)
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line, j) => `${line},${(j * 13 + i) % 9}`),
);
const csv = (lines: readonly string[], head = header): string => `${[head, ...lines].join('\n')}\n`;

type Files = Record<string, string | Uint8Array>;
function write(files: Files, directory = join(folder.path, 'market')): string {
  writeFiles(directory, files);
  return directory;
}
const eachSymbol = (files: (symbol: string, lines: readonly string[]) => Files): Files =>
  Object.assign({}, ...symbols.map((symbol, i) => files(symbol, rows[i]!)));
const named = (symbol: string, lines: readonly string[]) => lines.map((line) => `${line},${symbol}`);
const bySymbol = symbols.flatMap((symbol, i) => named(symbol, rows[i]!));
const byTime = bySymbol.toSorted((a, b) => a.slice(0, 10).localeCompare(b.slice(0, 10)));

const plain = eachSymbol((symbol, lines) => ({ [`${symbol}.csv`]: csv(lines) }));
const layouts: [what: string, files: Files][] = [
  ['a folder a symbol', eachSymbol((symbol, lines) => ({ [`${symbol}/all.csv`]: csv(lines) }))],
  [
    'a folder of pieces a symbol, one of them empty',
    eachSymbol((symbol, lines) => ({
      [`${symbol}/2020-1.csv`]: csv(lines.slice(0, 60)),
      [`${symbol}/2020-2.csv`]: csv(lines.slice(60)),
      [`${symbol}/2020-3.csv`]: csv([]),
    })),
  ],
  [
    'pieces that overlap and have their columns in another order',
    eachSymbol((symbol, lines) => ({
      [`${symbol}/a.csv`]: csv(lines.slice(0, 90)),
      [`${symbol}/b.csv`]: csv(
        lines.slice(80).map((line) => line.replace(/^([^,]*),(.*),([^,]*)$/, '$3,$2,$1')),
        'mood,open,high,low,close,volume,date',
      ),
    })),
  ],
  ['partitions', eachSymbol((symbol, lines) => ({ [`interval=1d/symbol=${symbol}/part-0.csv`]: csv(lines) }))],
  [
    'partitions of other keys, in which a column repeats the symbol',
    eachSymbol((symbol, lines) => ({
      [`exchange=XNAS/Ticker=${symbol}/year=2020/month=1/data.csv`]: csv(
        named(symbol, lines.slice(0, 23)),
        `${header},symbol`,
      ),
      [`exchange=XNAS/Ticker=${symbol}/year=2020/month=2/data.csv`]: csv(
        named(symbol, lines.slice(23)),
        `${header},symbol`,
      ),
    })),
  ],
  [
    'a file a symbol in partitions of time',
    eachSymbol((symbol, lines) => ({
      [`year=2020/${symbol}.csv`]: csv(lines.slice(0, 100)),
      [`year=2021/${symbol}.csv`]: csv(lines.slice(100)),
    })),
  ],
  ['one long file by time', { 'prices.csv': csv(byTime, `${header},Ticker`) }],
  ['one long file by symbol', { 'prices.csv': csv(bySymbol, `${header},Name`) }],
  [
    'long files, one a span, the symbol first',
    Object.fromEntries(
      [0, 1, 2].map((i) => [
        `prices-${i}.csv`,
        csv(
          byTime.slice(150 * i, 150 * (i + 1)).map((line) => line.replace(/^(.*),(\w+)$/, '$2,$1')),
          `CODE,${header}`,
        ),
      ]),
    ),
  ],
  [
    'files whose names say less than their column',
    eachSymbol((symbol, lines) => ({
      [`download of ${symbol}.csv`]: csv(named(symbol, lines), `${header},Instrument`),
    })),
  ],
  [
    'files that repeat their name in a column',
    eachSymbol((symbol, lines) => ({ [`${symbol}.csv`]: csv(named(symbol, lines), `${header},asset`) })),
  ],
  ['files that are compressed', eachSymbol((symbol, lines) => ({ [`${symbol}.csv.gz`]: gzipSync(csv(lines)) }))],
  [
    'files of tabs, one of them compressed',
    eachSymbol((symbol, lines) => {
      const text = csv(lines).replaceAll(',', '\t');
      return symbol === 'BBB' ? { 'BBB.tsv.gz': gzipSync(text) } : { [`${symbol}.tsv`]: text };
    }),
  ],
  [
    'columns of any name that dataset.json explains, one that is nothing, one that looks like a price and is none',
    {
      'all.csv': csv(
        bySymbol.map((line) => `x,1.5,${line}`),
        'Row,Close,Trade Dt,px_o,px_h,px_l,Px_Last,Qty,Mood,RIC',
      ),
      'dataset.json': JSON.stringify({
        columns: {
          time: 'Trade Dt',
          open: 'px_o',
          high: 'px_h',
          low: 'px_l',
          close: 'px_last',
          volume: 'Qty',
          symbol: 'RIC',
        },
        ignore: ['Row', 'Close'],
      }),
    },
  ],
  [
    'other spellings: semicolons, CRLF, a byte order mark, initials',
    eachSymbol((symbol, lines) => ({
      [`${symbol}.csv`]: `\uFEFF${csv(lines, 'DATE,O,H,L,C,Vol,mood').replaceAll(',', ';').replaceAll('\n', '\r\n')}`,
    })),
  ],
  [
    'other spellings: tabs, quotes, brackets, rows from the last to the first',
    eachSymbol((symbol, lines) => ({
      [`${symbol}.csv`]: csv(lines.toReversed(), '<DATE>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,mood')
        .trimEnd()
        .split('\n')
        .map((line) => `"${line.replaceAll(',', '"\t"')}"`)
        .join('\n'),
    })),
  ],
];

describe('the same bars in another layout are the same dataset', () => {
  it.each(layouts)('%s', async (_, files) => {
    const expected = await prepare(write(plain), join(folder.path, 'expected'));
    const market = write(files, join(folder.path, 'other'));
    const { manifest } = await prepare(market, join(folder.path, 'out'));
    // The names of features are part of the identity; a feature is called as the files spell it.
    const spelled = { ...expected.manifest, featureNames: manifest.featureNames, id: manifest.id };
    expect(manifest).toEqual(spelled);
    if (manifest.featureNames.includes('Mood')) expect(manifest.id).toBe(expected.manifest.id);
    expect(await listSymbols(market, [])).toEqual(symbols);
  });

  it.each([
    ['a file a symbol', (symbol: string) => [`${symbol}.parquet`, '']],
    ['partitions', (symbol: string) => [`interval=1d/symbol=${symbol}/part-0.parquet`, '']],
    ['a long file', () => ['all.parquet', ', Symbol']],
  ] as const)('Parquet: %s', async (_, place) => {
    const expected = await prepare(write(plain), join(folder.path, 'expected'));
    const long = join(write({ 'long.csv': csv(byTime, `${header},Symbol`) }, folder.path), 'long.csv');
    for (const symbol of symbols) {
      const [name, column] = place(symbol);
      const path = join(folder.path, 'other', name);
      mkdirSync(dirname(path), { recursive: true });
      const where = column === '' ? `WHERE Symbol = '${symbol}'` : '';
      await writeParquet(path, `SELECT Date, Open, High, Low, Close, Volume, Mood${column} FROM '${long}' ${where}`);
    }
    const { manifest } = await prepare(join(folder.path, 'other'), join(folder.path, 'out'));
    expect(manifest).toEqual(expected.manifest);
  });

  it('also where some symbols are asked for', async () => {
    const wanted = { symbols: ['CCC', 'AAA'] };
    const expected = await prepare(write(plain), join(folder.path, 'expected'), wanted);
    expect(expected.manifest.symbols).toEqual(['AAA', 'CCC']);
    for (const [i, [, files]] of layouts.slice(0, -2).entries()) {
      const { manifest } = await prepare(
        write(files, join(folder.path, `other-${i}`)),
        join(folder.path, `out-${i}`),
        wanted,
      );
      expect({ i, id: expected.manifest.featureNames.includes('Mood') && manifest.rows }).toEqual({ i, id: 298 });
      if (manifest.featureNames.includes('Mood')) expect(manifest.id).toBe(expected.manifest.id);
    }
  });
});

describe('layouts', () => {
  it('name file and line of what is found in them', async () => {
    const lines = rows[0]!.slice();
    lines[40] = lines[40]!.replace(/^([^,]*),[^,]*,/, '$1,,');
    const day = lines[40]!.slice(0, 10);
    const pieces = write({ 'AAA/1.csv': csv(lines.slice(0, 30)), 'AAA/2.csv': csv(lines.slice(30)) });
    const piece = await inspectFolder(pieces);
    expect(piece.quality.bySymbol).toMatchObject([
      { symbol: 'AAA', file: 'AAA/1.csv and 1 more', rows: 150, missingCells: 1 },
    ]);
    expect(piece.quality.findings).toContainEqual(
      expect.objectContaining({ kind: 'missingCell', symbol: 'AAA', file: 'AAA/2.csv', line: 12, at: day }),
    );
    // The rows of the symbols that were not asked for are counted all the same.
    const all = [...named('BBB', rows[1]!), '', ...named('AAA', lines)];
    const long = write({ 'prices.csv': csv(all, `${header},ticker`) }, join(folder.path, 'long'));
    for (const wanted of [[], ['AAA']]) {
      const { quality } = await inspectFolder(long, { symbols: wanted });
      expect(quality.notes).toEqual(['the symbols are those of the column ticker (prices.csv)']);
      expect(quality.findings.filter(({ kind }) => kind === 'missingCell')).toEqual([
        {
          kind: 'missingCell',
          symbol: 'AAA',
          file: 'prices.csv',
          line: 1 + 149 + 1 + 41,
          at: day,
          message: '1 cell missing',
        },
      ]);
    }
  });

  it('need not have the same columns in each piece', async () => {
    const bare = rows[0]!.slice(0, 60).map((line) => line.replace(/,[^,]*$/, ''));
    const market = write({ 'AAA/1.csv': csv(bare, header.replace(',Mood', '')), 'AAA/2.csv': csv(rows[0]!.slice(60)) });
    const { quality, featureColumns } = await inspectFolder(market);
    expect(featureColumns.fromFiles).toEqual(['Mood']);
    // a column that a piece lacks is no missing cell
    expect(quality.bySymbol[0]).toMatchObject({ rows: 150, missingCells: 0 });
  });

  it('scale by an adjusted close the pieces that have one', async () => {
    const adjusted = rows[0]!.slice(75).map((line) => {
      const [day, open, high, low, close, volume] = line.split(',');
      return [day, open, high, low, close, Number(close) / 2, volume].join(',');
    });
    for (const spelling of ['Adj Close', 'adj_close', 'adjclose', 'Adjusted Close', 'Adj. Close', 'AdjClose']) {
      const market = write({
        'AAA/1.csv': csv(rows[0]!.slice(0, 75)),
        'AAA/2.csv': csv(adjusted, `Date,Open,High,Low,Close,${spelling},Volume`),
      });
      const { quality, featureColumns } = await inspectFolder(market);
      expect(featureColumns.fromFiles).toEqual(['Mood']);
      expect(quality.notes).toEqual([expect.stringMatching(/^prices are scaled by adjusted close/)]);
      // the price halves where the pieces meet
      const halved = quality.findings.find(({ kind }) => kind === 'outlierReturn');
      expect(halved).toMatchObject({ file: 'AAA/2.csv', line: 2 });
    }
  });

  it('keep the last of what two pieces say about a bar', async () => {
    const market = write({ 'AAA/1.csv': csv(rows[0]!), 'AAA/2.csv': csv(rows[0]!.slice(100)) });
    const { quality } = await inspectFolder(market);
    expect(quality.bySymbol[0]).toMatchObject({ rows: 200, duplicateBars: 50 });
    expect(quality.findings.find(({ kind }) => kind === 'duplicateBar')).toMatchObject({ file: 'AAA/2.csv', line: 2 });
  });

  it('may be of symbols that look like partitions, numbers or other folders', async () => {
    const market = write({
      'EUR=X/a.csv': csv(rows[0]!),
      'GC=F/a.csv': csv(rows[1]!),
      '7203/a.csv': csv(rows[2]!),
      '.cache/a.csv': csv(rows[2]!),
      '_tmp/a.csv': csv(rows[2]!),
    });
    expect(await listSymbols(market, [])).toEqual(['7203', 'EUR=X', 'GC=F']);
    const encoded = write({ 'symbol=BRK%20B/a.csv': csv(rows[0]!) }, join(folder.path, 'encoded'));
    expect(await listSymbols(encoded, [])).toEqual(['BRK B']);
  });

  it('may be a file a bar', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [
        `${i}.csv`,
        csv(
          symbols.map((symbol, j) => `${rows[j]![i]},${symbol}`),
          `${header},ticker`,
        ),
      ]),
    );
    expect(await inspectFolder(write(files))).toMatchObject({ symbols, rows: 90, bars: 30 });
  });

  it('keep leading zeros of codes', async () => {
    const lines = [...named('000001', rows[0]!), ...named('600519', rows[1]!)];
    expect(await listSymbols(write({ 'a.csv': csv(lines, `${header},code`) }), [])).toEqual(['000001', '600519']);
  });

  it('may hold links to their own files', async () => {
    const market = write({ 'AAA.csv': csv(rows[0]!) });
    symlinkSync('AAA.csv', join(market, 'ZZZ.csv'));
    expect(await listSymbols(market, [])).toEqual(['AAA', 'ZZZ']);
  });

  it('are not those of the runs whose output lies beside the data', async () => {
    const market = write({ 'AAA.csv': csv(rows[0]!), 'results/one/events.ndjson': '', 'results/one/a/b/c.csv': 'x' });
    expect(await listSymbols(market, [])).toEqual(['AAA']);
  });

  it('read only the files of the symbols asked for, where each has its own', async () => {
    const market = write({ 'AAA.csv': csv(rows[0]!), 'BBB.csv': 'no bars at all' });
    expect(await inspectFolder(market, { symbols: ['AAA'] })).toMatchObject({ symbols: ['AAA'], rows: 150 });
    expect(await listSymbols(market, ['AAA'])).toEqual(['AAA', 'BBB']);
  });

  it('take a file named after its symbol as that, whatever the company is called later', async () => {
    const lines = rows[0]!.map((line, i) => `${line},${i < 70 ? 'FB' : 'META'}`);
    expect(await listSymbols(write({ 'FB.csv': csv(lines, `${header},Symbol`) }), [])).toEqual(['FB']);
    const other = write({ 'x.csv': csv(lines, `${header},Symbol`) }, join(folder.path, 'other'));
    expect(await listSymbols(other, [])).toEqual(['FB', 'META']);
  });

  it('say nothing of a zone where bars are days', async () => {
    const days = weekdays(150).map((day, i) => `${day} 00:00:00,${100 + (i % 7)}`);
    const market = write({ 'AAA.csv': csv(days, 'Date,Close'), 'dataset.json': '{"timeZone":"America/New_York"}' });
    const { quality, start } = await inspectFolder(market);
    expect({ notes: quality.notes, start }).toEqual({ notes: [], start: '2020-01-01T00:00:00.000Z' });
  });
});
