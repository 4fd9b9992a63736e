import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { holdoutFigure } from '@twostage/core/evaluation/tearSheet/pathPart';
import type { Progress } from '@twostage/core/runs/events';
import { type Figure, figureSchema } from '@twostage/core/runs/figures';
import { predictionColumns } from '@twostage/core/runs/predictionColumns';
import { trainingDirectory } from '@twostage/core/runs/runDirectory';
import type { FoldResult, Metrics, TrainingResult } from '@twostage/core/runs/training';
import type { OpenedDataset } from '@twostage/data/openDataset';
import { catalogue } from '@twostage/families/catalogue';
import type { Trainer } from '@twostage/families/trainer';
import { FitReporter } from './fitReporter.ts';
import { foldFigures } from './foldFigures.ts';
import { foldForecast } from './foldForecast.ts';
import { pathForecasts, pool } from './forecasts.ts';
import { type Forecast, judge, type JudgeInput } from './judge.ts';
import { judgePaths, judgePooled, judgeSymbols } from './judgePooled.ts';
import type { TrainJob } from './protocol.ts';
import { type TrainingData, type TrainingFold, trainingData, trainingPlan } from './trainingData.ts';
import {
  averageImportances,
  concatUint32,
  hashArtifacts,
  writePortfolioColumns,
  writePredictionColumns,
} from './trainingFiles.ts';

export interface TrainFoldsInput {
  readonly job: TrainJob;
  readonly trainer: Trainer;
  readonly dataset: OpenedDataset;
  readonly onProgress: (progress: Progress) => void;
  readonly onFold: (result: FoldResult) => void;
  readonly onNote: (line: string) => void;
  readonly stopRequested: () => boolean;
}

interface JudgedFold {
  readonly result: FoldResult;
  readonly forecast: Forecast;
  readonly importances: { feature: string; value: number }[] | undefined;
  /** Where they were asked for. */
  readonly figures: readonly Figure[];
}

/**
 * Fits, saves, predicts and judges fold after fold, and last of all, where a holdout is kept, the model of all that precedes it; when it
 * resolves, models, raw predictions and metrics are on disk.
 * @throws DomainError CANCELLED, UNKNOWN_TARGET, UNKNOWN_SYMBOL, TOO_FEW_BARS, or whatever the trainer throws
 */
export async function trainFolds(input: TrainFoldsInput): Promise<TrainingResult> {
  const { job, trainer } = input;
  const whole = trainingData(input.dataset, job.training);
  const { data, folds, paths, holdout } = trainingPlan(whole, job);
  const judgeBy = { family: catalogue[job.training.family], parameters: job.parameters };
  const judging: JudgeInput = { ...data, ...judgeBy };
  const notes: string[] = [];
  const note = (line: string) => {
    if (notes.includes(line)) return;
    notes.push(line);
    input.onNote(line);
  };
  const reporter = new FitReporter({
    threads: job.threads,
    foldRows: [...folds, ...(holdout ? [holdout] : [])].map(({ rows }) => rows.train.length),
    onProgress: input.onProgress,
    stopRequested: input.stopRequested,
  });
  const context = { job, trainer, judging, reporter, note };
  const judged: JudgedFold[] = [];
  for (const [i, fold] of folds.entries()) {
    const model = trainingDirectory.model(fold.fold);
    judged.push(await judgeFold(fold, { ...context, model, draw: i === folds.length - 1 }));
    input.onFold(judged.at(-1)!.result);
  }
  const forecasts = judged.map(({ forecast }) => forecast);
  const backtests = paths && pathForecasts(paths, forecasts, data.panel);
  const pooled = pool(forecasts);
  const own = backtests ? judgePaths(judging, backtests, job) : judgePooled(judging, pooled, job);
  const held = holdout && (await judgeHoldout(holdout, { ...context, judging: { ...whole, ...judgeBy } }));
  await writeForecasts(job.trainingDir, whole, held ? [...judged, held.judged] : judged);
  if (own.series.length > 0) await writePortfolioColumns(job.trainingDir, own.series);

  const metrics = withHoldout(own.metrics, held?.metrics);
  const byTarget = own.byTarget?.map((each, i) => ({
    ...each,
    metrics: withHoldout(each.metrics, held?.byTarget?.[i]?.metrics),
  }));
  const compared = job.training.plan?.alsoJudgedOn;
  const bySymbol = compared && judgeSymbols(judging, backtests?.[own.metrics.paths?.shown ?? 0] ?? pooled, compared);
  const results = judged.map(({ result }) => result);
  const importances = averageImportances(judged.map((fold) => fold.importances));
  const figured = { metrics, ...(byTarget && { byTarget }), ...(bySymbol && { bySymbol }), folds: results };
  const lastWord = held && { ...held.result, ...drawHoldout(own.metrics, held) };
  const artifacts = await hashArtifacts(job.trainingDir, {
    ...figured,
    ...(held && { holdout: held.result }),
    importances,
  });
  return {
    ...figured,
    ...(lastWord && { holdout: lastWord }),
    artifacts,
    device: await trainer.describe(job.threads, job.device),
    notes,
    figures: [...judged.at(-1)!.figures],
    tearSheet: own.tearSheet,
    tearSheetNotes: own.tearSheetNotes,
    ...(importances && { importances }),
  };
}

const withHoldout = (metrics: Metrics, holdout: Metrics | undefined): Metrics =>
  holdout ? { ...metrics, holdout } : metrics;

/** Of the dataset's rows; the holdout's fold is the last. */
async function writeForecasts(
  directory: string,
  { firstRow, targets }: Pick<TrainingData, 'firstRow' | 'targets'>,
  judged: readonly JudgedFold[],
): Promise<void> {
  const { rows, byTarget, uncertainty, probabilities } = pool(judged.map(({ forecast }) => forecast));
  const names = targets.map(({ name }) => name);
  await writePredictionColumns(directory, {
    rows: rows.map((row) => firstRow + row),
    folds: concatUint32(judged.map(({ result, forecast }) => new Uint32Array(forecast.rows.length).fill(result.fold))),
    columns: predictionColumns(names, byTarget, uncertainty, probabilities),
  });
}

type HoldoutContext = Omit<FoldContext, 'model' | 'draw'>;

async function judgeHoldout(fold: TrainingFold, context: HoldoutContext) {
  const judged = await judgeFold(fold, { ...context, model: trainingDirectory.holdoutModel, draw: false });
  const { fold: _, metrics: __, ...result } = judged.result;
  return { judged, result, ...judgePooled(context.judging, judged.forecast, context.job) };
}

function drawHoldout(folds: Metrics, { metrics, tearSheet, tearSheetNotes }: Awaited<ReturnType<typeof judgeHoldout>>) {
  return { figures: [figureSchema.parse(holdoutFigure(folds, metrics)), ...tearSheet], notes: tearSheetNotes };
}

interface FoldContext {
  readonly job: TrainJob;
  readonly trainer: Trainer;
  readonly judging: JudgeInput;
  readonly reporter: FitReporter;
  readonly note: (line: string) => void;
  /** Folder of the model, in the training's. */
  readonly model: string;
  /** Whether to draw what the model is about. */
  readonly draw: boolean;
}

async function judgeFold({ fold, rows }: TrainingFold, context: FoldContext): Promise<JudgedFold> {
  const startedMs = performance.now();
  const { job, trainer, judging, reporter, note } = context;
  const { panel, targets, parameters } = judging;
  const { lookback, threads, device, seed } = job;
  const target = targets[0]!.values;
  await reporter.enter('loading', fold);
  const model = await trainer.fit({
    ...{ panel, target, targets, parameters, lookback, seed, threads, device, note },
    train: rows.train,
    validation: rows.validation,
    report: (progress) => reporter.report(progress),
  });
  try {
    await reporter.enter('saving', fold);
    const directory = path.join(job.trainingDir, context.model);
    await mkdir(directory, { recursive: true });
    await model.save(directory);
    await reporter.enter('predicting', fold);
    const forecast = await foldForecast(model, rows, judging, job);
    const result: FoldResult = {
      fold,
      trainRows: rows.train.length,
      validationRows: rows.validation.length,
      testRows: rows.test.length,
      testStart: panel.times[panel.barOf[rows.test[0]!]!]!,
      testEnd: panel.times[panel.barOf[rows.test.at(-1)!]!]!,
      bestStep: reporter.last.bestStep,
      bestValidationLoss: reporter.last.bestValidationLoss,
      seconds: (performance.now() - startedMs) / 1000,
      metrics: judge(judging, forecast).metrics,
    };
    const blocks = { train: rows.train, test: rows.test };
    const drawing = { panel, target, ...blocks, lookback, threads, device };
    const figures = context.draw ? await foldFigures(model, drawing, forecast, note) : [];
    return { result, forecast, importances: model.importances?.(), figures };
  } finally {
    await model.close();
  }
}
