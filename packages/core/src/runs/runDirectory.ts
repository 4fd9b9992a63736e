/** Names inside a run's folder, `/`-separated; the CLI's --output-dir and the daemon's runs/<runId> look alike. */
export const runDirectory = {
  record: 'run.json',
  events: 'events.ndjson',
  leaderboard: 'leaderboard.csv',
  /** Of a run with a training plan: what became of each job. */
  jobs: 'jobs.json',
  quality: 'quality.json',
  /** Of a run that was asked for one: its tear sheets, one file to read anywhere. */
  report: 'report.html',
  dataset: 'dataset',
  training: (id: string) => `trainings/${id}`,
} as const;

/** Names inside a training's folder. */
export const trainingDirectory = {
  /** What the parent asked the child to do. */
  job: 'job.json',
  /** Raw columns the child wrote of test rows, in time order fold after fold: row and fold, and what predictionLayout lists. */
  predictionRows: 'prediction-row.u32',
  predictionFolds: 'prediction-fold.u32',
  predictionLayout: 'prediction-columns.json',
  predictionValues: (column: string) => `prediction-value.${column}.f64`,
  /** The same for people and pandas: symbol, time, fold, prediction, target, and what else was forecast. */
  predictions: 'predictions.parquet',
  /** Raw columns of what trading on the forecasts would have earned, target after target: see portfolioLayout. */
  portfolioLayout: 'portfolio-columns.json',
  portfolioBars: 'portfolio-bar.u32',
  portfolioValues: (column: string) => `portfolio-value.${column}.f64`,
  /** The same for people and pandas: target, time, gross, net, turnover. */
  portfolio: 'portfolio.parquet',
  metrics: 'metrics.json',
  stdout: 'stdout.log',
  stderr: 'stderr.log',
  /** Written last, atomically: a training without it did not finish. */
  outcome: 'outcome.json',
  model: (fold: number) => `model/fold-${fold}`,
  /** Of all that precedes the holdout. */
  holdoutModel: 'model/holdout',
} as const;
