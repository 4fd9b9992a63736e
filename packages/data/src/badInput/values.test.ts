import { csvOf, good, header, lines, named, refusesBadInput, withLine } from '../testing/badInput.ts';

refusesBadInput('values', [
  {
    what: 'text in a price',
    files: { 'AAA.csv': withLine(12, '2020-01-15,100,101,99,abc,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 12, column Close: expected a number, got "abc"$/,
  },
  {
    what: 'text in a price after empty lines',
    files: { 'AAA.csv': withLine(12, '\n\n2020-01-15,100,1O1,99,100,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 14, column High: expected a number, got "1O1"$/,
  },
  {
    what: 'text in the second of two like files',
    files: { 'AAA.csv': good, 'BBB.csv': withLine(7, '2020-01-08,100,101,99,100,"1,000"') },
    code: 'BAD_FILE',
    message: /^BBB\.csv, line 7, column Volume: expected a number, got "1,000"$/,
  },
  {
    what: 'an infinite price',
    files: { 'AAA.csv': withLine(3, '2020-01-02,inf,101,99,100,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 3, column Open: expected a number, got "inf"$/,
  },
  {
    what: 'a file without a usable close',
    files: { 'AAA.csv': good, 'BBB.csv': `${lines[0]}\n2020-01-01,1,1,1,0,5\n2020-01-02,1,1,1,,5\n` },
    code: 'BAD_FILE',
    message: /^BBB\.csv: no row has a close above 0$/,
  },
  {
    what: 'decimal commas',
    files: { 'AAA.csv': 'Date;Close\n2020-01-02;100,5\n2020-01-03;100,7\n' },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 2, column Close: expected a number, got "100,5"$/,
  },
  {
    what: 'units in the volume',
    files: { 'AAA.csv': withLine(5, '2020-01-06,100,101,99,100,1.2M') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 5, column Volume: expected a number, got "1\.2M"$/,
  },
  {
    what: 'a NaN that nobody knows',
    files: { 'AAA.csv': withLine(5, '2020-01-06,100,101,99,1.#QNAN,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 5, column Close: expected a number, got "1\.#QNAN"$/,
  },
  {
    what: 'closes that are missing, however that is spelled',
    files: {
      'AAA.csv': csvOf(
        ['', 'NaN', 'nan', 'NULL', 'n/a', '#N/A', 'None', '-', '-nan', '?']
          .map((cell, i) => `2020-01-0${i},1,1,1,${cell},1`)
          .slice(1),
      ),
    },
    code: 'BAD_FILE',
    message: /^AAA\.csv: no row has a close above 0$/,
  },
  {
    what: 'prices that are all negative',
    files: { 'AAA.csv': good.replace(/^(20[^,]*),(.*),(.*),(.*),(.*),/gm, '$1,-$2,-$3,-$4,-$5,') },
    code: 'BAD_FILE',
    message: /^AAA\.csv: no row has a close above 0$/,
  },
  {
    what: 'text in a long file, counted among rows that were not asked for',
    files: { 'prices.csv': csvOf([...named('AAA'), ...named('BBB'), '2020-01-01,1,x,1,1,1,BBB'], `${header},Ticker`) },
    input: { symbols: ['BBB'] },
    code: 'BAD_FILE',
    message: /^prices\.csv, line 302, column High: expected a number, got "x"$/,
  },
]);
