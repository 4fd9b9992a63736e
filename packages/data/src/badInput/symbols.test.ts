import { type BadInput, csvOf, good, header, lines, named, refusesBadInput } from '../testing/badInput.ts';

refusesBadInput('symbols', [
  {
    what: 'a file named after one of the several symbols that it holds',
    files: {
      'AAA.csv': csvOf(
        [0, 1, 0].flatMap((symbol) => lines.slice(1, 40).map((line) => `${line},${['AAA', 'BBB'][symbol]}`)),
        `${header},Symbol`,
      ),
    },
    code: 'BAD_FILE',
    message:
      /^AAA\.csv: its column Symbol holds several symbols \(AAA and BBB\) though the file is named after one; name it otherwise, or keep one file a symbol$/,
  },
  ...(
    [
      ['a path', '../x'],
      ['a slash', 'BTC/USD'],
      ['a backslash', 'A\\B'],
      ['a folder above', '..'],
      ['a control character', 'A\tB'],
    ] as const
  ).map(
    ([what, symbol]): BadInput => ({
      what: `${what} as a symbol`,
      files: { 'prices.csv': csvOf([...named('AAA'), ...named(symbol)], `${header},Ticker`) },
      code: 'BAD_FILE',
      message:
        /^prices\.csv, column Ticker: a symbol without slashes and control characters is expected \(BTC-USD, not BTC\/USD\), got "/,
    }),
  ),
  {
    what: 'a path as a partition',
    files: { 'symbol=..%2Fx/a.csv': good },
    code: 'BAD_FILE',
    message: /^symbol=\.\.%2Fx\/a\.csv: a symbol without slashes .* is expected .*, got "\.\.\/x"$/,
  },
  {
    what: 'a partition without a symbol',
    files: { 'symbol=__HIVE_DEFAULT_PARTITION__/a.csv': good },
    code: 'BAD_FILE',
    message: /^symbol=__HIVE_DEFAULT_PARTITION__\/a\.csv: a symbol is expected, got nothing$/,
  },
  {
    what: 'a symbol of hundreds of characters',
    files: { 'prices.csv': csvOf([...named('A'.repeat(300)), ...named('BBB')], `${header},Ticker`) },
    code: 'BAD_FILE',
    message: /^prices\.csv, column Ticker: a symbol of at most 100 characters is expected, got 300$/,
  },
  {
    what: 'a row without a symbol',
    files: {
      'prices.csv': csvOf([...named('AAA'), '', ...named(' ').slice(0, 1), ...named('BBB')], `${header},Ticker`),
    },
    code: 'BAD_FILE',
    message: /^prices\.csv, line 153, column Ticker: a symbol is expected, got nothing$/,
  },
  {
    what: 'two spellings of one symbol, as files',
    files: { 'aapl.csv': good, 'AAPL.csv': good },
    code: 'BAD_FILE',
    message: /^AAPL \(AAPL\.csv\) and aapl \(aapl\.csv\) are two spellings of one symbol; keep one$/,
  },
  {
    what: 'two spellings of one symbol, as cells',
    files: { 'prices.csv': csvOf([...named('AAPL'), ...named('aapl')], `${header},Ticker`) },
    code: 'BAD_FILE',
    message: /^(AAPL|aapl) \(prices\.csv\) and (AAPL|aapl) \(prices\.csv\) are two spellings of one symbol; keep one$/,
  },
  {
    what: 'a symbol of a long file without a close',
    files: { 'prices.csv': csvOf([...named('AAA'), '2020-01-01,1,1,1,0,1,BBB'], `${header},Ticker`) },
    code: 'BAD_FILE',
    message: /^prices\.csv: no row of BBB has a close above 0$/,
  },
  {
    what: 'an unknown symbol of a long file',
    files: { 'prices.csv': csvOf([...named('AAA'), ...named('BBB')], `${header},Ticker`) },
    input: { symbols: ['BBB', 'bbb'] },
    code: 'UNKNOWN_SYMBOL',
    message: /^no symbol "bbb"; there are AAA, BBB$/,
    field: 'symbols.1',
  },
  {
    what: 'an unknown symbol of partitions',
    files: { 'symbol=AAA/a.csv': good },
    input: { symbols: ['BBB'] },
    code: 'UNKNOWN_SYMBOL',
    message: /^no symbol "BBB"; there are AAA$/,
  },
]);
