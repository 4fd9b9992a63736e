import type { Metrics } from '@twostage/core/runs/training';
import { decimal, percent, signed, significant } from '../format.ts';

/** Figures by which trainings are judged and compared, in the order in which they are shown. */
export const metricIds = [
  'ic',
  'rankIc',
  'icir',
  'icT',
  'netSharpe',
  'holdoutIc',
  'holdoutRankIc',
  'holdoutSharpe',
  'pathsIc',
  'pathsIcLow',
  'pathsSharpe',
  'pathsSharpeBelow',
  'auc',
  'logLoss',
  'logLossGain',
  'calibrationError',
  'holdoutAuc',
  'holdoutLogLoss',
  'r2',
  'mse',
  'mae',
  'hitRate',
  'crps',
  'pinball',
  'coverage',
  'intervalWidth',
  'nll',
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
  readonly kind: 'forecast' | 'distribution' | 'portfolio' | 'policy' | 'direction' | 'paths' | 'holdout';
  readonly of: (metrics: Metrics) => number | null;
  /** The greater the better; null where better has no meaning. */
  readonly merit: ((metrics: Metrics) => number | null) | null;
  readonly text: (value: number | null) => string;
  /** Standard error, where it is worth a place beside the value. */
  readonly error?: (metrics: Metrics) => number | null;
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

/** A portfolio that never traded lost nothing either: that is nothing to be best by. */
const ofTrading = (look: Pick<MetricLook, 'of' | 'merit'>) => ({
  of: look.of,
  merit: (metrics: Metrics) => (metrics.portfolio?.turnover === 0 ? null : look.merit!(metrics)),
});

/** A position is not in the target's unit: its distance from the outcome says nothing. */
const asForecast =
  (of: Value): Value =>
  (metrics) =>
    metrics.policy ? null : of(metrics);

/** Losses of other levels are smaller or greater whatever the forecast: only at the same ones are they compared. */
const pinballLevels: readonly number[] = [0.1, 0.5, 0.9];
function meanPinball({ distribution }: Metrics): number | null {
  const losses = pinballLevels.map(
    (wanted) => distribution?.pinball.find(({ level }) => level === wanted)?.loss ?? null,
  );
  if (losses.includes(null)) return null;
  return losses.reduce<number>((sum, loss) => sum + loss!, 0) / losses.length;
}

/** Total by type, so that every figure has a column. */
export const metricLooks: Record<MetricId, MetricLook> = {
  ic: {
    label: 'IC',
    title: 'Mean per-bar Pearson correlation of forecast and outcome, test blocks pooled',
    kind: 'forecast',
    ...high(({ ic }) => ic),
    error: ({ standardErrors }) => standardErrors?.ic ?? null,
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
    title: `Pinball loss, mean over the quantiles ${pinballLevels.join(', ')}`,
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
    error: ({ portfolio }) => portfolio?.netSharpeError ?? null,
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
    ...ofTrading(high(({ portfolio }) => portfolio?.annualReturn ?? null)),
    text: (value) => percent(value),
    delta: points,
  },
  maxDrawdown: {
    label: 'Max drawdown',
    title: 'Deepest fall of the same portfolio below a peak, after costs',
    kind: 'portfolio',
    ...ofTrading(low(({ portfolio }) => (portfolio ? (portfolio.maxDrawdown?.depth ?? 0) : null))),
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
  auc: {
    label: 'AUC',
    title:
      'Of a direction: how often a row that rose was scored above one that did not, by the same model; 0.5 is a coin',
    kind: 'direction',
    ...high(({ direction }) => direction?.auc ?? null),
    error: ({ direction }) => direction?.aucError ?? null,
    text: (value) => decimal(value, 3),
    delta: (value) => signed(value, 3),
  },
  logLoss: {
    label: 'Log loss',
    title: 'Of a direction: mean −ln of the probability given to what came',
    kind: 'direction',
    ...low(({ direction }) => direction?.logLoss ?? null),
    error: ({ direction }) => direction?.logLossError ?? null,
    text: (value) => decimal(value, 4),
    delta: (value) => signed(value, 4),
  },
  logLossGain: {
    label: 'vs base',
    title:
      'Log loss of always saying the training rows’ share of rises, less the forecast’s: above 0 something was learnt',
    kind: 'direction',
    ...high(({ direction }) =>
      direction?.logLoss == null || direction.baseLogLoss === null ? null : direction.baseLogLoss - direction.logLoss,
    ),
    text: (value) => signed(value, 4),
    delta: (value) => signed(value, 4),
  },
  calibrationError: {
    label: 'Calib. error',
    title: 'Of a direction: mean distance of the probability from the share that rose, over bins of probability',
    kind: 'direction',
    ...low(({ direction }) => direction?.calibrationError ?? null),
    text: (value) => decimal(value, 3),
    delta: (value) => signed(value, 3),
  },
  pathsIc: {
    label: 'Paths’ IC',
    title: 'Mean IC of the backtest paths of combinatorial cross-validation',
    kind: 'paths',
    ...high(({ paths }) => paths?.ic.mean ?? null),
    error: ({ paths }) => paths?.ic.standardError ?? null,
    text: (value) => signed(value, 4),
    delta: (value) => signed(value, 4),
  },
  pathsIcLow: {
    label: 'Paths’ IC, 5 %',
    title: '5 % quantile of the backtest paths’ IC',
    kind: 'paths',
    ...high(({ paths }) => paths?.ic.low ?? null),
    text: (value) => signed(value, 4),
    delta: (value) => signed(value, 4),
  },
  pathsSharpe: {
    label: 'Paths’ Sharpe',
    title: 'Mean net Sharpe ratio of the backtest paths',
    kind: 'paths',
    ...high(({ paths }) => paths?.netSharpe.mean ?? null),
    error: ({ paths }) => paths?.netSharpe.standardError ?? null,
    text: (value) => signed(value, 2),
    delta: (value) => signed(value, 2),
  },
  pathsSharpeBelow: {
    label: 'Paths that lose',
    title: 'Share of the backtest paths whose net Sharpe ratio is below 0',
    kind: 'paths',
    of: ({ paths }) => paths?.netSharpe.belowZero ?? null,
    merit: null,
    text: (value) => percent(value, 0),
    delta: points,
  },
  holdoutIc: {
    label: 'Holdout IC',
    title: 'IC on the last bars, which no fold saw, by a model of all that precedes; nothing is ranked by it',
    kind: 'holdout',
    of: ({ holdout }) => holdout?.ic ?? null,
    merit: null,
    error: ({ holdout }) => holdout?.standardErrors?.ic ?? null,
    text: (value) => signed(value, 4),
    delta: (value) => signed(value, 4),
  },
  holdoutRankIc: {
    label: 'Holdout rank IC',
    title: 'Rank IC on the holdout',
    kind: 'holdout',
    of: ({ holdout }) => holdout?.rankIc ?? null,
    merit: null,
    error: ({ holdout }) => holdout?.standardErrors?.rankIc ?? null,
    text: (value) => signed(value, 4),
    delta: (value) => signed(value, 4),
  },
  holdoutSharpe: {
    label: 'Holdout Sharpe',
    title: 'Net Sharpe ratio on the holdout, annualised',
    kind: 'holdout',
    of: ({ holdout }) => holdout?.portfolio?.netSharpe ?? null,
    merit: null,
    error: ({ holdout }) => holdout?.portfolio?.netSharpeError ?? null,
    text: (value) => signed(value, 2),
    delta: (value) => signed(value, 2),
  },
  holdoutAuc: {
    label: 'Holdout AUC',
    title: 'Area under the ROC curve on the holdout',
    kind: 'holdout',
    of: ({ holdout }) => holdout?.direction?.auc ?? null,
    merit: null,
    error: ({ holdout }) => holdout?.direction?.aucError ?? null,
    text: (value) => decimal(value, 3),
    delta: (value) => signed(value, 3),
  },
  holdoutLogLoss: {
    label: 'Holdout log loss',
    title: 'Log loss on the holdout',
    kind: 'holdout',
    of: ({ holdout }) => holdout?.direction?.logLoss ?? null,
    merit: null,
    error: ({ holdout }) => holdout?.direction?.logLossError ?? null,
    text: (value) => decimal(value, 4),
    delta: (value) => signed(value, 4),
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
