import type { Match, NullMatch } from './match.ts';
import { measures } from './scores.ts';

const yes = (passed: boolean) => (passed ? 'yes' : 'NO');

/** A line for each family, measure and rival. */
export function homeTable(matches: readonly Match[]): string {
  const lines = matches.flatMap(({ family, scenario, bouts, checks, seconds, peakMb }) => [
    ...bouts.map(({ measure, rival, own, theirs, oracle, difference, won }, i) => {
      const { title, factor } = measures[measure];
      const shown = (value: number) => (Number.isFinite(value) ? (value * factor).toFixed(2) : '–');
      const error = difference.error === null ? '' : ` ± ${shown(difference.error)}`;
      const first = i === 0 ? [family, scenario] : ['', ''];
      const cost = i === 0 ? [seconds.toFixed(1), peakMb.toFixed(0)] : ['', ''];
      const numbers = [shown(own), shown(theirs), shown(oracle), shown(difference.mean) + error];
      return [...first, title, rival, ...numbers, yes(won), ...cost];
    }),
    ...checks.map(({ title, value, passed }) => ['', '', title, '', value.toFixed(2), '', '', '', yes(passed), '', '']),
  ]);
  const head = [
    'family',
    'scenario',
    'measure',
    'rival',
    'its',
    "rival's",
    "oracle's",
    'better by',
    'beats',
    's',
    'MB',
  ];
  return table([head, ...lines], 4);
}

export function nullTable(matches: readonly NullMatch[]): string {
  const lines = matches.map(({ family, ic, error, passed }) => [
    family,
    (100 * ic).toFixed(2),
    (100 * error).toFixed(2),
    yes(passed),
  ]);
  return table([['family', 'IC %', 'SE %', 'within 3 SE'], ...lines], 1);
}

/** @param left how many columns are text */
function table(rows: readonly (readonly string[])[], left: number): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i < left ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}
