import { icMissingText } from '@twostage/core/runs/icMissing';
import type { PortfolioMetrics } from '@twostage/core/runs/portfolio';
import type { Selection } from '@twostage/core/runs/selection';
import type { Metrics } from '@twostage/core/runs/training';
import { day, decimal, percent, plural, signed } from '../format.ts';

/** A headline number of a tear sheet. */
export interface Headline {
  readonly label: string;
  /** For someone who meets the word for the first time. */
  readonly title: string;
  readonly value: string;
  /** Beside it: its standard error, its span, why there is none. */
  readonly more: string | null;
}

const error = (value: number | null | undefined, digits: number): string | null =>
  value === null || value === undefined ? null : `± ${decimal(value, digits)}`;

/**
 * The numbers on top of a training's tear sheet: how well it forecast, what trading on it would have earned, and how much of that
 * outlives having been looked for.
 * @param selection of the training's target; undefined until the run has ended
 */
export function headlines(metrics: Metrics, training: string, selection: Selection | undefined): Headline[] {
  const { portfolio } = metrics;
  const forecast = [...forecastHeadlines(metrics), ...directionHeadlines(metrics), ...pathHeadlines(metrics)];
  if (!portfolio) return forecast;
  const { maxDrawdown } = portfolio;
  return [
    ...forecast,
    netSharpe(portfolio),
    deflated(training, selection),
    {
      label: 'Net return a year',
      title: 'Compounded, after costs; the volatility beside it',
      value: percent(portfolio.annualReturn),
      more: portfolio.annualVolatility === null ? null : `volatility ${percent(portfolio.annualVolatility)}`,
    },
    {
      label: 'Turnover a bar',
      title: 'Bought and sold on a mean bar, of the capital: a long-short portfolio that is turned over whole is 400 %',
      value: percent(portfolio.turnover),
      more: null,
    },
    {
      label: 'Max drawdown',
      title: 'The deepest fall of the net equity below a peak before it',
      value: maxDrawdown ? percent(-maxDrawdown.depth) : 'none',
      more: maxDrawdown ? drawdownSpan(maxDrawdown) : neverTraded(portfolio),
    },
  ];
}

const neverTraded = ({ turnover }: PortfolioMetrics) => (turnover === 0 ? 'it never traded' : null);

/** The same of the holdout, in short: there is nothing to be chosen from. */
export function holdoutHeadlines(metrics: NonNullable<Metrics['holdout']>): Headline[] {
  const { portfolio } = metrics;
  return [...forecastHeadlines(metrics), ...directionHeadlines(metrics), ...(portfolio ? [netSharpe(portfolio)] : [])];
}

type JudgedFigures = Omit<Metrics, 'paths' | 'holdout'>;

function forecastHeadlines(metrics: JudgedFigures): Headline[] {
  const { standardErrors: errors } = metrics;
  return [
    {
      label: 'IC',
      title: 'Correlation of forecast and outcome: 0 says nothing, 0.05 is good on daily returns, 1 knows all',
      value: signed(metrics.ic, 4),
      more: icMissingText(metrics) ?? error(errors?.ic, 4),
    },
    {
      label: 'Rank IC',
      title: 'The same of ranks: single large returns count no more than others',
      value: signed(metrics.rankIc, 4),
      more: error(errors?.rankIc, 4),
    },
    {
      label: 'ICIR',
      title: 'Mean IC over its standard deviation between bars, not annualised: how steady it is',
      value: signed(metrics.icir, 3),
      more: error(errors?.icir, 3),
    },
    {
      label: 't of the IC',
      title: 'Mean IC over its standard error (Newey–West): beyond 2 it is hardly chance, were this the only trial',
      value: signed(metrics.icT, 2),
      more: null,
    },
  ];
}

function directionHeadlines({ direction }: JudgedFigures): Headline[] {
  if (!direction) return [];
  const { auc, aucError, logLoss, logLossError, baseLogLoss, accuracy, baseAccuracy } = direction;
  return [
    {
      label: 'AUC',
      title: 'How often a row that rose was scored above one that did not; 0.5 is a coin',
      value: decimal(auc, 3),
      more: error(aucError, 3),
    },
    {
      label: 'Log loss',
      title: 'Mean −ln of the probability given to what came; base: of always saying the training rows’ share of rises',
      value: decimal(logLoss, 4),
      more: [error(logLossError, 4), `base ${decimal(baseLogLoss, 4)}`].filter(Boolean).join(', '),
    },
    {
      label: 'Accuracy',
      title: 'Share of rows told right by a probability above a half; base: of always saying the likelier direction',
      value: percent(accuracy),
      more: `base ${percent(baseAccuracy)}`,
    },
  ];
}

function pathHeadlines({ paths }: Metrics): Headline[] {
  if (!paths) return [];
  const { ic, netSharpe: sharpe } = paths;
  const spread = (low: string, below: number | null) => `5 % at ${low}, ${percent(below, 0)} below 0`;
  return [
    {
      label: `IC of ${plural(ic.values.length, 'path')}`,
      title: 'Mean over the backtest paths of combinatorial cross-validation',
      value: signed(ic.mean, 4),
      more: spread(signed(ic.low, 4), ic.belowZero),
    },
    ...(sharpe.mean === null
      ? []
      : [
          {
            label: 'Net Sharpe of the paths',
            title: 'Mean over the backtest paths, annualised',
            value: signed(sharpe.mean, 2),
            more: spread(signed(sharpe.low, 2), sharpe.belowZero),
          },
        ]),
  ];
}

const netSharpe = (portfolio: PortfolioMetrics): Headline => ({
  label: `Net Sharpe at ${portfolio.costBasisPoints} bp`,
  title: 'Mean return of the portfolio over its standard deviation, after costs, annualised',
  value: signed(portfolio.netSharpe, 2),
  more: error(portfolio.netSharpeError, 2),
});

function deflated(training: string, selection: Selection | undefined): Headline {
  const own = selection?.ranking.find((trial) => trial.training === training);
  return {
    label: 'Deflated Sharpe',
    title:
      'Probability that the true Sharpe ratio is above what the luckiest of this run’s trainings of the target would show without skill; near 1 is good',
    value: decimal(own?.deflated, 2),
    more: selection ? `of ${plural(selection.trials, 'trial')}` : 'when the run ends',
  };
}

function drawdownSpan({ from, to, recovered }: { from: number; to: number; recovered: number | null }): string {
  const back = recovered === null ? 'not recovered' : `back on ${day(recovered)}`;
  return `${day(from)} – ${day(to)}, ${back}`;
}
