import type { Metrics } from '@twostage/core/runs/training';
import { percent, signed, significant } from '../../ui/format.ts';

/** Figures by which trainings are judged and compared, in the order in which they are shown. */
export const metricIds = [
  'ic',
  'rankIc',
  'icir',
  'icT',
  'r2',
  'mse',
  'mae',
  'hitRate',
  'crps',
  'pinball',
  'coverage',
  'intervalWidth',
  'nll',
  'netSharpe',
  'grossSharpe',
  'annualReturn',
  'maxDrawdown',
  'turnover',
  'policySharpe',
] as const;
export type MetricId = (typeof metricIds)[number];

export interface MetricLook {
  readonly label: string;
  readonly title: string;
  /** Those of a kind are shown where some training has them. */
  readonly kind: 'forecast' | 'distribution' | 'portfolio' | 'policy';
  readonly of: (metrics: Metrics) => number | null;
  /** The greater the better; null where better has no meaning. */
  readonly merit: ((metrics: Metrics) => number | null) | null;
  readonly text: (value: number | null) => string;
  /** How a difference of two is written. */
  readonly delta: (difference: number) => string;
}

const points = (difference: number) => `${signed(difference * 100, 1)} pp`;
const signedSignificant = (value: number) => (value > 0 ? `+${significant(value, 3)}` : significant(value, 3));

type Value = MetricLook['of'];
const high = (of: Value) => ({ of, merit: of });
const low = (of: Value) => ({
  of,
  merit: (metrics: Metrics) => {
    const value = of(metrics);
    return value === null ? null : -value;
  },
});

/** A position is not in the target's unit: its distance from the outcome says nothing. */
const asForecast =
  (of: Value): Value =>
  (metrics) =>
    metrics.policy ? null : of(metrics);

function meanPinball({ distribution }: Metrics): number | null {
  const losses = distribution?.pinball.map(({ loss }) => loss) ?? [];
  if (losses.length === 0 || losses.includes(null)) return null;
  return losses.reduce<number>((sum, loss) => sum + loss!, 0) / losses.length;
}

/** Total by type, so that every figure has a column. */
export const metricLooks: Record<MetricId, MetricLook> = {
  ic: {
    label: 'IC',
    title: 'Mean per-bar Pearson correlation of forecast and outcome, test blocks pooled',
    kind: 'forecast',
    ...high(({ ic }) => ic),
    text: (value) => signed(value, 4),
    delta: (value) => signed(value, 4),
  },
  rankIc: {
    label: 'Rank IC',
    title: 'Mean per-bar Spearman correlation, test blocks pooled',
    kind: 'forecast',
    ...high(({ rankIc }) => rankIc),
    text: (value) => signed(value, 4),
    delta: (value) => signed(value, 4),
  },
  icir: {
    label: 'ICIR',
    title: 'Mean IC over its standard deviation between bars, not annualised',
    kind: 'forecast',
    ...high(({ icir }) => icir),
    text: (value) => signed(value, 3),
    delta: (value) => signed(value, 3),
  },
  icT: {
    label: 't',
    title: 'Newey–West t value of the mean IC',
    kind: 'forecast',
    ...high(({ icT }) => icT),
    text: (value) => signed(value, 2),
    delta: (value) => signed(value, 2),
  },
  r2: {
    label: 'R²',
    title: 'Against the training mean',
    kind: 'forecast',
    ...high(asForecast(({ r2 }) => r2)),
    text: (value) => signed(value, 4),
    delta: (value) => signed(value, 4),
  },
  mse: {
    label: 'MSE',
    title: 'Mean squared error',
    kind: 'forecast',
    ...low(asForecast(({ mse }) => mse)),
    text: (value) => significant(value),
    delta: signedSignificant,
  },
  mae: {
    label: 'MAE',
    title: 'Mean absolute error',
    kind: 'forecast',
    ...low(asForecast(({ mae }) => mae)),
    text: (value) => significant(value),
    delta: signedSignificant,
  },
  hitRate: {
    label: 'Hit rate',
    title: 'Share of rows whose sign was right',
    kind: 'forecast',
    ...high(({ hitRate }) => hitRate),
    text: (value) => percent(value),
    delta: points,
  },
  crps: {
    label: 'CRPS',
    title: 'Continuous ranked probability score of the forecast distribution, mean over rows',
    kind: 'distribution',
    ...low(({ distribution }) => distribution?.crps ?? null),
    text: (value) => significant(value),
    delta: signedSignificant,
  },
  pinball: {
    label: 'Pinball',
    title: 'Pinball loss of the forecast quantiles, mean over levels',
    kind: 'distribution',
    ...low(meanPinball),
    text: (value) => significant(value),
    delta: signedSignificant,
  },
  coverage: {
    label: 'Coverage',
    title: 'Share of outcomes inside the forecast interval; best where it is the nominal share',
    kind: 'distribution',
    of: ({ distribution }) => distribution?.interval?.coverage ?? null,
    merit: ({ distribution }) => {
      const interval = distribution?.interval;
      return interval?.coverage == null ? null : -Math.abs(interval.coverage - interval.nominal);
    },
    text: (value) => percent(value),
    delta: points,
  },
  intervalWidth: {
    label: 'Width',
    title: 'Mean width of the forecast interval; narrower is better only at the same coverage',
    kind: 'distribution',
    of: ({ distribution }) => distribution?.interval?.meanWidth ?? null,
    merit: null,
    text: (value) => significant(value),
    delta: signedSignificant,
  },
  nll: {
    label: 'NLL',
    title: 'Mean negative log likelihood of the outcomes',
    kind: 'distribution',
    ...low(({ distribution }) => distribution?.nll ?? null),
    text: (value) => signed(value, 3),
    delta: (value) => signed(value, 3),
  },
  netSharpe: {
    label: 'Net Sharpe',
    title: 'Of holding the highest forecasts against the lowest, after costs, annualised; test blocks pooled',
    kind: 'portfolio',
    ...high(({ portfolio }) => portfolio?.netSharpe ?? null),
    text: (value) => signed(value, 2),
    delta: (value) => signed(value, 2),
  },
  grossSharpe: {
    label: 'Gross Sharpe',
    title: 'Of the same portfolio before costs, annualised',
    kind: 'portfolio',
    ...high(({ portfolio }) => portfolio?.grossSharpe ?? null),
    text: (value) => signed(value, 2),
    delta: (value) => signed(value, 2),
  },
  annualReturn: {
    label: 'Net return',
    title: 'Of the same portfolio after costs, compounded, a year',
    kind: 'portfolio',
    ...high(({ portfolio }) => portfolio?.annualReturn ?? null),
    text: (value) => percent(value),
    delta: points,
  },
  maxDrawdown: {
    label: 'Max drawdown',
    title: 'Deepest fall of the same portfolio below a peak, after costs',
    kind: 'portfolio',
    ...low(({ portfolio }) => (portfolio ? (portfolio.maxDrawdown?.depth ?? 0) : null)),
    text: (value) => percent(value),
    delta: points,
  },
  turnover: {
    label: 'Turnover',
    title: 'Bought and sold by the same portfolio on a mean bar, of the capital',
    kind: 'portfolio',
    of: ({ portfolio }) => portfolio?.turnover ?? null,
    merit: null,
    text: (value) => percent(value),
    delta: points,
  },
  policySharpe: {
    label: 'Policy Sharpe',
    title:
      'Of the equal-weighted book of a family that gives positions, after the costs it learnt with, annualised over 252 bars',
    kind: 'policy',
    ...high(({ policy }) => policy?.netSharpe ?? null),
    text: (value) => signed(value, 2),
    delta: (value) => signed(value, 2),
  },
};

/** The metrics that some of these have; those of every forecast are always among them. */
export function shownMetrics(all: Iterable<Metrics>): MetricId[] {
  const known = [...all];
  return metricIds.filter((id) => {
    const { kind, of } = metricLooks[id];
    return kind === 'forecast' || known.some((metrics) => of(metrics) !== null);
  });
}
