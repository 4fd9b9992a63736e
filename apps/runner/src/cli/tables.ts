import type { Metrics, PathFigure } from '@twostage/core/runs/training';
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

/** `0.35 ± 0.12`, or what is known of it. */
export const withError = (value: number | null | undefined, error: number | null | undefined, digits = 2): string =>
  value == null ? '' : `${value.toFixed(digits)}${error == null ? '' : ` ± ${error.toFixed(digits)}`}`;

/** Mean and its error, and the share of the paths below 0. */
export const pathText = (of: PathFigure | undefined, digits: number): string =>
  of?.mean == null ? '' : `${withError(of.mean, of.standardError, digits)}, ${(100 * of.belowZero!).toFixed(0)} % < 0`;

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
  {
    column: { title: '' },
    text: ({ training: { spec } }) => (spec.plan?.experimental ? pc.yellow('experimental') : ''),
    shown: (rows) => rows.some(({ training: { spec } }) => spec.plan?.experimental),
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
    'AUC',
    ({ direction }) => direction?.auc?.toFixed(3) ?? '',
    ({ direction }) => direction,
  ),
  metric(
    'log loss (base)',
    ({ direction }) =>
      direction?.logLoss == null ? '' : `${direction.logLoss.toFixed(4)} (${direction.baseLogLoss?.toFixed(4) ?? '–'})`,
    ({ direction }) => direction,
  ),
  metric(
    'net Sharpe',
    ({ portfolio }) => withError(portfolio?.netSharpe, portfolio?.netSharpeError),
    ({ portfolio }) => portfolio,
  ),
  metric(
    'IC of paths',
    ({ paths }) => pathText(paths?.ic, 4),
    ({ paths }) => paths,
  ),
  metric(
    'net Sharpe of paths',
    ({ paths }) => pathText(paths?.netSharpe, 2),
    ({ paths }) => paths,
  ),
  metric(
    'holdout IC',
    ({ holdout }) => withError(holdout?.ic, holdout?.standardErrors?.ic, 4),
    ({ holdout }) => holdout,
  ),
  metric(
    'holdout net Sharpe',
    ({ holdout }) => withError(holdout?.portfolio?.netSharpe, holdout?.portfolio?.netSharpeError),
    ({ holdout }) => holdout?.portfolio,
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
