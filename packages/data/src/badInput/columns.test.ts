import { csvOf, good, header, lines, refusesBadInput, withLine } from '../testing/badInput.ts';

refusesBadInput('columns', [
  {
    what: 'no time column',
    files: { 'AAA.csv': good.replace('Date', 'When') },
    code: 'BAD_FILE',
    message:
      /^AAA\.csv, line 1: no time column; one named date, datetime, time, timestamp, ts \(any case\) is expected, the columns are When, Open, High, Low, Close, Volume$/,
  },
  {
    what: 'no header',
    files: { 'AAA.csv': lines.slice(1).join('\n') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: no time column/,
  },
  {
    what: 'no close column',
    files: { 'AAA.csv': good.replace('Close', 'Last') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: no close column/,
  },
  {
    what: 'a record with too few fields',
    files: { 'AAA.csv': withLine(20, '2020-01-27,100') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 20: expected 6 columns as in the header, got 2$/,
  },
  {
    what: 'a record with too many fields',
    files: { 'AAA.csv': good, 'BBB.csv': withLine(20, '2020-01-27,100,1,1,1,1,1,1') },
    code: 'BAD_FILE',
    message: /^BBB\.csv, line 20: expected 6 columns as in the header, got more$/,
  },
  {
    what: 'two columns of one name',
    files: { 'AAA.csv': good.replace('Open', 'close') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: two columns are named close$/,
  },
  {
    what: 'thousands of columns',
    files: { 'AAA.csv': `Date,Close,${Array.from({ length: 5000 }, (_, i) => `f${i}`).join(',')}\n` },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: at most 4096 columns are expected, got 5002$/,
  },
  {
    what: 'a blank line before the header',
    files: { 'AAA.csv': `\n${good}` },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: is blank; a header line is expected$/,
  },
  {
    what: 'a feature that is called as a symbol is',
    files: {
      'AAA.csv': csvOf(
        lines.slice(1).map((line, i) => `${line},${i}`),
        `${header},Code`,
      ),
    },
    code: 'BAD_FILE',
    message: /^AAA\.csv, column Code: names another symbol on every bar; call it otherwise if it is a feature$/,
  },
  {
    what: 'two spellings of one column',
    files: { 'AAA.csv': good.replace('Open,High', 'Adj Close,adj_close') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: Adj Close and adj_close name one column twice$/,
  },
  {
    what: 'two features that differ by case',
    files: { 'AAA.csv': good.replace('Open,High', 'mood,Mood') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: two columns are named mood$/,
  },
]);
