import type { Selection } from '@twostage/core/runs/selection';
import type { Metrics } from '@twostage/core/runs/training';
import { day, decimal, percent, plural, signed } from '../../../ui/format.ts';

/** A headline number of a tear sheet. */
export interface Headline {
  readonly label: string;
  /** For someone who meets the word for the first time. */
  readonly title: string;
  readonly value: string;
  /** Beside it: its standard error, its span. */
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
  const { standardErrors: errors, portfolio } = metrics;
  const forecast: Headline[] = [
    {
      label: 'IC',
      title: 'Correlation of forecast and outcome: 0 says nothing, 0.05 is good on daily returns, 1 knows all',
      value: signed(metrics.ic, 4),
      more: error(errors?.ic, 4),
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
  if (!portfolio) return forecast;
  const { maxDrawdown } = portfolio;
  return [
    ...forecast,
    {
      label: `Net Sharpe at ${portfolio.costBasisPoints} bp`,
      title: 'Mean return of the portfolio over its standard deviation, after costs, annualised',
      value: signed(portfolio.netSharpe, 2),
      more: error(portfolio.netSharpeError, 2),
    },
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
      more: maxDrawdown ? drawdownSpan(maxDrawdown) : null,
    },
  ];
}

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
