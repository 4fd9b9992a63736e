import { messageOf } from '@twostage/core/errors';
import { barReturns } from '@twostage/core/evaluation/barReturns';
import { bySymbol, evaluateGroups } from '@twostage/core/evaluation/groups/groups';
import { portfolioMetrics } from '@twostage/core/evaluation/portfolio/portfolioMetrics';
import { type TradeResult, tradeScores } from '@twostage/core/evaluation/portfolio/tradeScores';
import { pathMetrics } from '@twostage/core/evaluation/pathFigures';
import { pathFigures } from '@twostage/core/evaluation/tearSheet/pathPart';
import { tearSheet } from '@twostage/core/evaluation/tearSheet/tearSheet';
import { figureSchema } from '@twostage/core/runs/figures';
import type { Metrics, TrainingResult } from '@twostage/core/runs/training';
import { type Forecast, judge, type JudgeInput, withoutErrors } from './judge.ts';
import type { TrainJob } from './protocol.ts';
import type { PortfolioSeries } from './trainingFiles.ts';

type PooledJudgement = Pick<TrainingResult, 'metrics' | 'byTarget'> & {
  readonly tearSheet: NonNullable<TrainingResult['tearSheet']>;
  readonly tearSheetNotes: string[];
  /** Of every target that can be traded. */
  readonly series: readonly PortfolioSeries[];
};

type TradeSettings = Pick<TrainJob, 'costBasisPoints' | 'quantiles'>;

/** Figures of all targets, with what trading on their forecasts would have earned. */
interface TradedJudgement {
  readonly metrics: Metrics;
  readonly byTarget?: NonNullable<TrainingResult['byTarget']>;
  /** [targets] */
  readonly trades: readonly (TradeResult | null)[];
}

/**
 * Figures of all test blocks together: those of `judge`, what trading on the forecasts of each target would have earned, and the tear
 * sheet of the first. A tear sheet that can't be drawn is noted and costs the training nothing else.
 * @throws DomainError SHAPE_MISMATCH
 */
export function judgePooled(input: JudgeInput, forecast: Forecast, settings: TradeSettings): PooledJudgement {
  return withSheet(input, forecast, settings, judgeTraded(input, forecast, settings));
}

/**
 * The same of combinatorial cross-validation, where every path is a forecast of the whole calendar: figures, portfolio and tear sheet are
 * those of the path of the median IC, with how all of them lie.
 * @param paths at least one
 */
export function judgePaths(input: JudgeInput, paths: readonly Forecast[], settings: TradeSettings): PooledJudgement {
  const judged = paths.map((path) => judgeTraded(input, path, settings));
  const own = pathMetrics(judged.map(({ metrics }) => metrics));
  const { metrics, byTarget, trades } = judged[own.shown]!;
  const shown = {
    metrics: { ...metrics, paths: own },
    ...(byTarget && {
      byTarget: byTarget.map(({ target, metrics: its }, i) => {
        const all = pathMetrics(judged.map((path) => path.byTarget![i]!.metrics));
        return { target, metrics: { ...its, paths: { ...all, shown: own.shown } } };
      }),
    }),
    trades,
  };
  const { tearSheet: figures, ...rest } = withSheet(input, paths[own.shown]!, settings, shown);
  return { ...rest, tearSheet: [...pathFigures(own).map((figure) => figureSchema.parse(figure)), ...figures] };
}

function judgeTraded(input: JudgeInput, forecast: Forecast, settings: TradeSettings): TradedJudgement {
  const { metrics, byTarget } = judge(input, forecast);
  const trades = tradeTargets(input, forecast, settings);
  const withPortfolio = (judged: Metrics, trade: TradeResult | null): Metrics =>
    trade === null ? judged : { ...judged, portfolio: portfolioMetrics(trade, input.panel.times) };
  const first = withPortfolio(metrics, trades[0]!);
  return {
    metrics: first,
    ...(byTarget && {
      byTarget: byTarget.map((judged, i) => ({
        ...judged,
        metrics: i === 0 ? first : withPortfolio(judged.metrics, trades[i]!),
      })),
    }),
    trades,
  };
}

function withSheet(
  input: JudgeInput,
  forecast: Forecast,
  settings: TradeSettings,
  { trades, ...figures }: TradedJudgement,
): PooledJudgement {
  const sheet = sheetOf(input, forecast, settings, trades[0]!);
  return {
    ...figures,
    tearSheet: [...sheet.figures],
    tearSheetNotes: [...sheet.notes],
    series: input.targets.flatMap(({ name }, i) =>
      trades[i] ? [{ target: name, portfolio: trades[i].portfolio }] : [],
    ),
  };
}

const kindOf = ({ family }: JudgeInput) => (family.output === 'position' ? 'positions' : 'forecasts');

/** What its plan compares with models of one symbol: the forecasts of each such symbol alone, of every target. */
export function judgeSymbols(
  { panel, targets, family }: JudgeInput,
  { rows, byTarget, trainMeans }: Forecast,
  symbols: readonly string[],
): NonNullable<TrainingResult['bySymbol']> {
  const groups = bySymbol(panel, rows).filter(({ label }) => symbols.includes(label));
  return targets.flatMap(({ name, values, labelBars }, i) =>
    evaluateGroups(
      { panel, target: values, rows, predictions: byTarget[i]!, trainMean: trainMeans[i]!, labelBars },
      groups,
    ).map(({ label, value }) => ({
      symbol: label,
      target: name,
      metrics: family.output === 'position' ? { ...value, ...withoutErrors(value) } : value,
    })),
  );
}

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
      ...(forecast.probabilities[0] && { probabilities: forecast.probabilities[0] }),
      ...(forecast.blocks && { blocks: forecast.blocks }),
      ...(forecast.uncertainty && { uncertainty: forecast.uncertainty }),
    });
  } catch (error) {
    return { figures: [], notes: [`The tear sheet could not be drawn: ${messageOf(error)}`] };
  }
}
