import type { Metrics, PathFigure } from '@twostage/core/runs/training';
import type { TrainingView } from '@twostage/core/runs/view';

/** Of a training that learns several targets together there is a row a target. */
export interface LeaderboardRow {
  readonly training: TrainingView;
  readonly target: string;
  readonly metrics: Metrics | null;
}

/** Best IC of the folds first, never that of a holdout; those without one last, in their running order. */
export function rankByIc(trainings: Iterable<TrainingView>): LeaderboardRow[] {
  const icOf = ({ metrics }: LeaderboardRow) => metrics?.ic ?? Number.NEGATIVE_INFINITY;
  return [...trainings].flatMap(rowsOf).sort((a, b) => {
    const [icA, icB] = [icOf(a), icOf(b)];
    return icA === icB ? 0 : icB - icA;
  });
}

function rowsOf(training: TrainingView): LeaderboardRow[] {
  const result = resultOf(training);
  const { target } = training.spec;
  if (!result?.byTarget) return [{ training, target, metrics: result?.metrics ?? null }];
  return result.byTarget.map((judged) => ({ training, ...judged }));
}

export const scopeName = ({ spec: { scope } }: TrainingView): string =>
  scope.kind === 'symbol' ? scope.symbol : 'all';

export const resultOf = ({ outcome }: TrainingView) => (outcome?.kind === 'completed' ? outcome.result : null);

/** Mean over the folds of the best validation loss; for families that predict a point, the mean squared error of the target. */
export function meanBestValidationLoss(training: TrainingView): number | null {
  const losses = training.folds.map((fold) => fold.bestValidationLoss).filter((loss) => loss !== null);
  return losses.length > 0 ? losses.reduce((sum, loss) => sum + loss, 0) / losses.length : null;
}

/** leaderboard.csv: one line a training, best IC first; an empty cell where a figure is not defined. */
export function leaderboardCsv(trainings: Iterable<TrainingView>): string {
  const header =
    'rank,training,family,target,scope,stage,state,ic,rank_ic,icir,ic_t,ic_kind,mse,mae,r2,hit_rate,crps,nll,interval_coverage,net_sharpe,net_sharpe_error,gross_sharpe,annual_return,max_drawdown,turnover,policy_net_sharpe,auc,auc_error,log_loss,base_log_loss,brier,accuracy,calibration_error,paths,paths_ic_mean,paths_ic_error,paths_ic_deviation,paths_ic_5pc,paths_ic_below_0,paths_net_sharpe_mean,paths_net_sharpe_error,paths_net_sharpe_deviation,paths_net_sharpe_5pc,paths_net_sharpe_below_0,holdout_ic,holdout_ic_error,holdout_rank_ic,holdout_r2,holdout_net_sharpe,holdout_net_sharpe_error,holdout_auc,holdout_log_loss,holdout_rows,holdout_bars,best_validation_loss,test_rows,test_bars,seconds,peak_rss_bytes,device,message';
  const lines = rankByIc(trainings).map(({ training, target, metrics }, index) => {
    const { spec, state, outcome, seconds, peakRssBytes } = training;
    const result = resultOf(training);
    return [
      index + 1,
      spec.id,
      spec.family,
      target,
      scopeName(training),
      spec.stage,
      state,
      metrics?.ic,
      metrics?.rankIc,
      metrics?.icir,
      metrics?.icT,
      metrics?.icKind,
      metrics?.mse,
      metrics?.mae,
      metrics?.r2,
      metrics?.hitRate,
      metrics?.distribution?.crps,
      metrics?.distribution?.nll,
      metrics?.distribution?.interval?.coverage,
      metrics?.portfolio?.netSharpe,
      metrics?.portfolio?.netSharpeError,
      metrics?.portfolio?.grossSharpe,
      metrics?.portfolio?.annualReturn,
      metrics?.portfolio?.maxDrawdown?.depth,
      metrics?.portfolio?.turnover,
      metrics?.policy?.netSharpe,
      ...directionCells(metrics),
      metrics?.paths?.ic.values.length,
      ...pathCells(metrics?.paths?.ic),
      ...pathCells(metrics?.paths?.netSharpe),
      ...holdoutCells(metrics?.holdout),
      meanBestValidationLoss(training),
      metrics?.rows,
      metrics?.bars,
      seconds,
      peakRssBytes,
      result?.device,
      outcome && 'message' in outcome ? outcome.message : null,
    ]
      .map(csvCell)
      .join(',');
  });
  return `${[header, ...lines].join('\n')}\n`;
}

const directionCells = (metrics: Metrics | null) => {
  const of = metrics?.direction;
  return [of?.auc, of?.aucError, of?.logLoss, of?.baseLogLoss, of?.brier, of?.accuracy, of?.calibrationError];
};

const pathCells = (of: PathFigure | undefined) => [
  ...[of?.mean, of?.standardError, of?.deviation, of?.low, of?.belowZero],
];

const holdoutCells = (of: Metrics['holdout']) => [
  ...[of?.ic, of?.standardErrors?.ic, of?.rankIc, of?.r2],
  ...[of?.portfolio?.netSharpe, of?.portfolio?.netSharpeError],
  ...[of?.direction?.auc, of?.direction?.logLoss, of?.rows, of?.bars],
];

function csvCell(value: string | number | null | undefined): string {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
