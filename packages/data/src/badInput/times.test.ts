import { type BadInput, csvOf, lines, refusesBadInput, timed, withLine } from '../testing/badInput.ts';

refusesBadInput('times', [
  {
    what: 'an unreadable time',
    files: { 'AAA.csv': withLine(9, '01/13/2020,100,101,99,100,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 9, column Date: expected a time such as 2020-01-31, .*, got "01\/13\/2020"$/,
  },
  {
    what: 'an empty time',
    files: { 'AAA.csv': withLine(9, ',100,101,99,100,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 9, column Date: expected a time .*, got nothing$/,
  },
  {
    what: 'a day that no calendar has',
    files: { 'AAA.csv': withLine(9, '2020-02-31,100,101,99,100,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 9, column Date: .*got "2020-02-31"$/,
  },
  ...(
    [
      ['a sentinel for never', '9999-12-31'],
      ['a time before any market', '1677-12-31'],
      ['a day of zeros', '0000-00-00'],
      ['a year of five digits', '20200-01-01'],
      ['a compact day of a month that is none', '20201301'],
      ['a count of digits that is no unit', '15778368000'],
      ['an hour that no day has', '2020-01-02 25:00:00'],
      ['a word', 'yesterday'],
      ['a count before 1970', '-86400'],
      ['an infinity', '-infinity'],
    ] as const
  ).map(
    ([what, cell]): BadInput => ({
      what: `${what} as a time`,
      files: { 'AAA.csv': withLine(9, `${cell},100,101,99,100,1000`) },
      code: 'BAD_FILE',
      message: new RegExp(
        `^AAA\\.csv, line 9, column Date: expected a time such as 2020-01-31, .*, from 1678 to 2261, got "${cell}"$`,
      ),
    }),
  ),
  {
    what: 'a time of day that is none',
    files: { 'AAA.csv': csvOf(['2020-01-02,09:30:00,1', '2020-01-02,noon,1'], 'Date,Time,Close') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 3, column Date and Time: expected a time .*, got "2020-01-02" and "noon"$/,
  },
  {
    what: 'one time on every row',
    files: { 'AAA.csv': csvOf(lines.slice(1).map((line) => line.replace(/^[^,]*/, '2020-01-01'))) },
    code: 'BAD_FILE',
    message: /^AAA\.csv, column Date: one time a bar is expected, got 2020-01-01 on all 150 rows$/,
  },
  {
    what: 'times with and without a zone',
    files: { 'AAA.csv': timed(['2020-01-02 09:30:00-05:00', '2020-01-02 09:31:00-05:00', '2020-01-02 09:32:00']) },
    code: 'BAD_FILE',
    message:
      /^AAA\.csv, line 4, column ts: a time without a zone, where a row before has the offset -05:00; one time zone a file is expected$/,
  },
  {
    what: 'days among times with a zone',
    files: { 'AAA.csv': timed(['2020-01-02', '2020-01-03T00:00:00Z']) },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 3, column ts: the offset \+00:00, where a row before has a time without a zone; one time/,
  },
  {
    what: 'zones far apart',
    files: { 'AAA.csv': timed(['2020-01-02T09:30:00-0500', '2020-06-02T09:30:00-04:00', '2020-06-02T09:30:00+09:00']) },
    code: 'BAD_FILE',
    message:
      /^AAA\.csv, line 4, column ts: the offset \+09:00, where a row before has the offset -05:00; one time zone a file is expected$/,
  },
  {
    what: 'a zone by name among offsets',
    files: { 'AAA.csv': timed(['2020-01-02 09:30:00 America/New_York', '2020-01-02 09:31:00 -05:00']) },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 3, column ts: the offset -05:00, where a row before has a zone by name; one time zone/,
  },
]);
