import type { QualityReport } from '@twostage/core/runs/events';
import type { TrainingView } from '@twostage/core/runs/view';
import Table from 'cli-table3';
import pc from 'picocolors';
import { meanBestValidationLoss, rankByIc, resultOf } from '../orchestrator/leaderboard.ts';
import { bytes, duration, figure, significant } from './terminal.ts';

/** Rules without boxes: reads well in a log too. */
const plain = {
  chars: {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '  ',
  },
  style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
};

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({
    ...plain,
    head: columns.map(({ title }) => pc.dim(title)),
    colAligns: columns.map(({ align }) => align ?? 'left'),
  });
  for (const row of rows) drawn.push([...row]);
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const right = (title: string): Column => ({ title, align: 'right' });

/** Best IC first. */
export function leaderboardTable(trainings: Iterable<TrainingView>): string {
  const ranked = rankByIc(trainings);
  const targets = new Set(ranked.map(({ spec }) => spec.target));
  const rows = ranked.map((training, index) => {
    const { spec, state, outcome, seconds, peakRssBytes } = training;
    const result = resultOf(training);
    const metrics = result?.metrics;
    const name = targets.size > 1 ? [spec.family, spec.target] : [spec.family];
    const why = outcome && 'message' in outcome ? `${state}: ${shorten(outcome.message, 90)}` : state;
    return [
      result ? String(index + 1) : '–',
      ...name,
      figure(metrics?.ic),
      figure(metrics?.rankIc),
      figure(metrics?.icir, 3),
      figure(metrics?.r2),
      significant(result ? meanBestValidationLoss(training) : null),
      duration(seconds === null ? null : seconds * 1000),
      bytes(peakRssBytes),
      result ? '' : pc.red(why),
    ];
  });
  return table(
    [
      right('#'),
      { title: 'family' },
      ...(targets.size > 1 ? [{ title: 'target' }] : []),
      right('IC'),
      right('Rank IC'),
      right('ICIR'),
      right('R²'),
      right('best val loss'),
      right('time'),
      right('peak memory'),
      { title: '' },
    ],
    rows,
  );
}

export const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;

/** What was read, and what is wrong with it, in a few lines. */
export function qualityLines(quality: QualityReport): string[] {
  const total = (key: keyof QualityReport['bySymbol'][number]) =>
    quality.bySymbol.reduce((sum, symbol) => sum + (symbol[key] as number), 0);
  const count = (value: number) => value.toLocaleString('en-US');
  const found = [
    ['gap', 'gaps', total('gaps')],
    ['missing bar', 'missing bars', total('missingBars')],
    ['duplicate bar', 'duplicate bars', total('duplicateBars')],
    ['missing cell', 'missing cells', total('missingCells')],
    ['price ≤ 0', 'prices ≤ 0', total('nonPositivePrices')],
    ['high < low', 'highs < low', total('highBelowLow')],
    ['stale run', 'stale runs', total('staleRuns')],
    ['outlier return', 'outlier returns', total('outlierReturns')],
  ] as const;
  const said = found.filter(([, , n]) => n > 0).map(([one, many, n]) => `${count(n)} ${n === 1 ? one : many}`);
  return [
    `📈 Data: ${count(quality.rows)} rows, ${count(quality.symbols)} ${quality.symbols === 1 ? 'symbol' : 'symbols'}, ${count(quality.bars)} bars of ${quality.interval}, ${quality.start.slice(0, 10)} – ${quality.end.slice(0, 10)}`,
    `🔎 Quality: ${said.length > 0 ? `${said.join(', ')} (details in quality.json)` : 'nothing to report'}`,
    ...quality.notes.map((note) => `   ${note}`),
  ];
}
