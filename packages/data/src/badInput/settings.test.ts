import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { good, lines, refusesBadInput } from '../testing/badInput.ts';

refusesBadInput('settings', [
  {
    what: 'features that are said to be given and are not there',
    files: { 'AAA.csv': good, 'dataset.json': '{"features":"given"}' },
    code: 'BAD_FILE',
    message: /^dataset\.json says that the features are given, but no file has a numeric column beside prices/,
  },
  {
    what: 'an unknown symbol',
    files: { 'AAA.csv': good, 'BBB.csv': good },
    input: { symbols: ['AAA', 'ZZZ'] },
    code: 'UNKNOWN_SYMBOL',
    message: /^no symbol "ZZZ"; there are AAA, BBB$/,
    field: 'symbols.1',
  },
  {
    what: 'a return over no bars',
    files: { 'AAA.csv': good },
    input: { targets: ['fwd_ret_1d', 'fwd_ret_0d'] },
    code: 'UNKNOWN_TARGET',
    message:
      /^target "fwd_ret_0d": neither a column of the files \(they have no target columns\) nor a forward return fwd_ret_\{k\}d or fwd_ret_\{k\}b \(or fwd_excess_, fwd_volret_, fwd_dir_\) with k from 1 to 9999$/,
    field: 'targets.1',
  },
  {
    what: 'a target column that no file has',
    files: {
      'AAA.csv': good.replace('Volume', 'Volume,y_one,target_two').replaceAll(/(\d)\n/g, '$1,1,2\n'),
    },
    input: { targets: ['y_missing'] },
    code: 'UNKNOWN_TARGET',
    message: /^target "y_missing": neither a column of the files \(they have target_two, y_one\) nor a forward return/,
    field: 'targets.0',
  },
  {
    what: 'a target in days on bars of minutes',
    files: {
      'AAA.csv': `time,close\n${Array.from({ length: 150 }, (_, i) => `${1_600_000_000 + 300 * i},${100 + (i % 7)}`).join('\n')}\n`,
    },
    input: { targets: ['fwd_ret_3d'] },
    code: 'UNKNOWN_TARGET',
    message: /^target "fwd_ret_3d": counts days, but the bars are 5m; use fwd_ret_3b to count bars$/,
  },
  {
    what: 'too few bars',
    files: { 'AAA.csv': `${lines.slice(0, 61).join('\n')}\n` },
    code: 'TOO_FEW_BARS',
    message:
      /^2 folds with lookback 5, a label 2 bars ahead and an embargo of 2 bars need at least \d+ bars; there are 60$/,
  },
  {
    what: 'an output folder that holds something else',
    files: { 'AAA.csv': good },
    setUp: async (dataDir) => writeFileSync(join(dataDir, '..', 'taken.txt'), 'mine'),
    input: { outputDir: '..' },
    code: 'CONFLICT',
    message: /: holds other files; choose a new or an empty folder$/,
  },
  {
    what: 'a mapping to a column that is not there',
    files: { 'AAA.csv': good, 'dataset.json': '{"columns":{"close":"Px_Last"}}' },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: dataset\.json maps close to "Px_Last"; the columns are /,
  },
  {
    what: 'a mapping of a role there is not',
    files: { 'AAA.csv': good, 'dataset.json': '{"columns":{"mid":"close"}}' },
    code: 'BAD_FILE',
    message: /^dataset\.json, columns: .*"mid"/,
  },
  {
    what: 'a mapping of two roles to one column',
    files: { 'AAA.csv': good, 'dataset.json': '{"columns":{"open":"close","close":"close"}}' },
    code: 'BAD_FILE',
    message: /^AAA\.csv: dataset\.json maps two roles to the column close$/i,
  },
  {
    what: 'a column to ignore that is not there',
    files: { 'AAA.csv': good, 'dataset.json': '{"ignore":["Mood"]}' },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: dataset\.json ignores "Mood"; the columns are /,
  },
  {
    what: 'a description that is no JSON',
    files: { 'AAA.csv': good, 'dataset.json': '{timeZone: UTC}' },
    code: 'BAD_FILE',
    message: /^dataset\.json: is not JSON$/,
  },
  {
    what: 'a time zone that is none',
    files: { 'AAA.csv': good, 'dataset.json': '{"timeZone":"Mars/Olympus"}' },
    code: 'BAD_FILE',
    message: /^dataset\.json, timeZone: expected the name of a time zone such as "America\/New_York"$/,
  },
  {
    what: 'a description that says something else',
    files: { 'AAA.csv': good, 'dataset.json': '{"features":"mine"}' },
    code: 'BAD_FILE',
    message: /^dataset\.json, features: .*"builtIn"\|"given"/,
  },
]);
