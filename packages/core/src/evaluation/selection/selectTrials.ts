import { maxListedTrials, type Selection } from '../../runs/selection.ts';
import { momentsOf } from '../moments.ts';
import { sharpeRatio } from '../portfolio/sharpe.ts';
import { backtestOverfitting } from './backtestOverfitting.ts';
import { type DeflatedSharpe, deflateSharpe } from './deflatedSharpe.ts';
import { probabilisticSharpe } from './probabilisticSharpe.ts';
import { onCommonBars, type TrialSeries } from './trials.ts';

export interface Trial {
  readonly training: string;
  /** Returns net of costs, finite. */
  readonly net: TrialSeries;
}

/** Splits × trials beyond which fewer blocks are taken: 16 make 12,870 splits, 10 make 252. */
const mostTrialsOf16Blocks = 500;

/**
 * What choosing the best of several trainings of one target is worth: `deflateSharpe` and `backtestOverfitting` of their net returns,
 * on the bars that all have.
 * @param trials one or more
 * @throws DomainError SHAPE_MISMATCH
 */
export function selectTrials(target: string, trials: readonly Trial[], barsPerYear: number): Selection {
  const common = onCommonBars(trials.map(({ net }) => net));
  const series = common.trials;
  const bars = common.bars.length;
  const root = Math.sqrt(barsPerYear);
  const found = bars > 0 ? deflateSharpe(series) : null;
  const ranking = trials.map(({ training }, i) => {
    const { value } = sharpeRatio(series[i]!);
    return {
      training,
      netSharpe: value === null ? null : value * root,
      deflated: value === null ? null : deflatedOf(series[i]!, value, found),
    };
  });
  const worth = ({ netSharpe }: (typeof ranking)[number]) => netSharpe ?? Number.NEGATIVE_INFINITY;
  const blocks = trials.length > mostTrialsOf16Blocks ? 10 : 16;
  const whyNot =
    trials.length < 2
      ? 'one trial alone: nothing was chosen, so nothing can be overfitted by choosing'
      : bars < 2 * blocks
        ? `the probability of overfitting needs ${2 * blocks} bars that all trainings share; there are ${bars}`
        : null;
  const overfitting = whyNot === null ? backtestOverfitting(series, blocks) : null;
  return {
    target,
    trials: trials.length,
    bars,
    effectiveTrials: found?.effectiveTrials ?? null,
    expectedMaximum: found === null ? null : found.expectedMaximum * root,
    ranking: ranking.sort((a, b) => (worth(a) === worth(b) ? 0 : worth(b) - worth(a))).slice(0, maxListedTrials),
    overfitting: overfitting && {
      probability: overfitting.probability,
      probabilityOfLoss: overfitting.probabilityOfLoss,
      blocks: overfitting.blocks,
    },
    notes: [
      ...(found === null ? [`no Sharpe ratio: ${bars === 0 ? 'no bar is in all trainings' : 'no return varies'}`] : []),
      ...(whyNot === null ? [] : [whyNot]),
    ],
  };
}

/** As `deflateSharpe` says of the best one, of any. */
function deflatedOf(returns: Float64Array, sharpe: number, found: DeflatedSharpe | null): number | null {
  if (found === null) return null;
  const { skewness, kurtosis } = momentsOf(returns);
  return probabilisticSharpe({ sharpe, observations: returns.length, skewness, kurtosis }, found.expectedMaximum);
}
