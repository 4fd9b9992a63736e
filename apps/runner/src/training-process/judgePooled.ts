import { messageOf } from '@twostage/core/errors';
import { barReturns } from '@twostage/core/evaluation/barReturns';
import { portfolioMetrics } from '@twostage/core/evaluation/portfolio/portfolioMetrics';
import { type TradeResult, tradeScores } from '@twostage/core/evaluation/portfolio/tradeScores';
import { tearSheet } from '@twostage/core/evaluation/tearSheet/tearSheet';
import type { Metrics, TrainingResult } from '@twostage/core/runs/training';
import { type Forecast, judge, type JudgeInput } from './judge.ts';
import type { TrainJob } from './protocol.ts';
import type { PortfolioSeries } from './trainingFiles.ts';

type PooledJudgement = Pick<TrainingResult, 'metrics' | 'byTarget'> & {
  readonly tearSheet: NonNullable<TrainingResult['tearSheet']>;
  readonly tearSheetNotes: string[];
  /** Of every target that can be traded. */
  readonly series: readonly PortfolioSeries[];
};

type TradeSettings = Pick<TrainJob, 'costBasisPoints' | 'quantiles'>;

/**
 * Figures of all test blocks together: those of `judge`, what trading on the forecasts of each target would have earned, and the tear
 * sheet of the first. A tear sheet that can't be drawn is noted and costs the training nothing else.
 * @throws DomainError SHAPE_MISMATCH
 */
export function judgePooled(input: JudgeInput, forecast: Forecast, settings: TradeSettings): PooledJudgement {
  const { panel, targets } = input;
  const { metrics, byTarget } = judge(input, forecast);
  const trades = tradeTargets(input, forecast, settings);
  const withPortfolio = (judged: Metrics, trade: TradeResult | null): Metrics =>
    trade === null ? judged : { ...judged, portfolio: portfolioMetrics(trade, panel.times) };
  const first = withPortfolio(metrics, trades[0]!);
  const { figures, notes } = sheetOf(input, forecast, settings, trades[0]!);
  return {
    metrics: first,
    ...(byTarget && {
      byTarget: byTarget.map((judged, i) => ({
        ...judged,
        metrics: i === 0 ? first : withPortfolio(judged.metrics, trades[i]!),
      })),
    }),
    tearSheet: [...figures],
    tearSheetNotes: [...notes],
    series: targets.flatMap(({ name }, i) =>
      trades[i] === null ? [] : [{ target: name, portfolio: trades[i]!.portfolio }],
    ),
  };
}

const kindOf = ({ family }: JudgeInput) => (family.output === 'position' ? 'positions' : 'forecasts');

/** [targets]; null where no close moves: there is nothing to be earned then, and costs alone say nothing. */
function tradeTargets(input: JudgeInput, forecast: Forecast, settings: TradeSettings): (TradeResult | null)[] {
  const { panel, targets } = input;
  const returns = barReturns(panel);
  const moves = returns.some((value) => Number.isFinite(value) && value !== 0);
  return targets.map(({ labelBars }, i) =>
    moves
      ? tradeScores({
          ...{ panel, rows: forecast.rows, scores: forecast.byTarget[i]!, labelBars, returns },
          ...{ kind: kindOf(input), quantiles: settings.quantiles, costBasisPoints: settings.costBasisPoints },
        })
      : null,
  );
}

function sheetOf(input: JudgeInput, forecast: Forecast, { quantiles }: TradeSettings, trade: TradeResult | null) {
  const { panel, targets } = input;
  const { name, values, labelBars } = targets[0]!;
  try {
    return tearSheet({
      ...{ panel, targetName: name, target: values, labelBars, quantiles, trade },
      rows: forecast.rows,
      scores: forecast.byTarget[0]!,
      trainMean: forecast.trainMeans[0]!,
      kind: kindOf(input),
    });
  } catch (error) {
    return { figures: [], notes: [`The tear sheet could not be drawn: ${messageOf(error)}`] };
  }
}
