import type { QualityReport } from '@twostage/core/runs/events';
import type { Metrics } from '@twostage/core/runs/training';
import type { TrainingView } from '@twostage/core/runs/view';
import Table from 'cli-table3';
import pc from 'picocolors';
import {
  type LeaderboardRow,
  meanBestValidationLoss,
  rankByIc,
  resultOf,
  scopeName,
} from '../orchestrator/leaderboard.ts';
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

interface LeaderboardColumn {
  readonly column: Column;
  readonly text: (row: LeaderboardRow) => string;
  /** Shown only where it says something. */
  readonly shown?: (rows: readonly LeaderboardRow[]) => boolean;
}

const metric = (
  title: string,
  text: (metrics: Metrics) => string,
  shown?: (metrics: Metrics) => unknown,
): LeaderboardColumn => ({
  column: right(title),
  text: ({ metrics }) => (metrics ? text(metrics) : ''),
  ...(shown && { shown: (rows) => rows.some(({ metrics }) => metrics && shown(metrics)) }),
});

const several = (of: (row: LeaderboardRow) => string) => (rows: readonly LeaderboardRow[]) =>
  new Set(rows.map(of)).size > 1;

const leaderboardColumns: readonly LeaderboardColumn[] = [
  { column: { title: 'family' }, text: ({ training }) => training.spec.family },
  { column: { title: 'target' }, text: ({ target }) => target, shown: several(({ target }) => target) },
  {
    column: { title: 'scope' },
    text: ({ training }) => scopeName(training),
    shown: several(({ training }) => scopeName(training)),
  },
  metric('IC', ({ ic }) => figure(ic)),
  metric('Rank IC', ({ rankIc }) => figure(rankIc)),
  metric('ICIR', ({ icir }) => figure(icir, 3)),
  metric('R²', ({ r2 }) => figure(r2)),
  metric(
    'CRPS',
    ({ distribution }) => significant(distribution?.crps ?? null),
    ({ distribution }) => distribution,
  ),
  metric(
    'net Sharpe',
    ({ portfolio }) => portfolio?.netSharpe?.toFixed(2) ?? '',
    ({ portfolio }) => portfolio,
  ),
  {
    column: right('best val loss'),
    text: ({ training }) => significant(resultOf(training) ? meanBestValidationLoss(training) : null),
  },
  {
    column: right('time'),
    text: ({ training: { seconds } }) => duration(seconds === null ? null : seconds * 1000),
  },
  { column: right('peak memory'), text: ({ training }) => bytes(training.peakRssBytes) },
  { column: { title: '' }, text: ({ training }) => (resultOf(training) ? '' : pc.red(whyNot(training))) },
];

const whyNot = ({ state, outcome }: TrainingView): string =>
  outcome && 'message' in outcome ? `${state}: ${shorten(outcome.message, 90)}` : state;

/** Best IC first. */
export function leaderboardTable(trainings: Iterable<TrainingView>): string {
  const rows = rankByIc(trainings);
  const columns = leaderboardColumns.filter(({ shown }) => shown?.(rows) ?? true);
  return table(
    [right('#'), ...columns.map(({ column }) => column)],
    rows.map((row, index) => [row.metrics ? String(index + 1) : '–', ...columns.map(({ text }) => text(row))]),
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
