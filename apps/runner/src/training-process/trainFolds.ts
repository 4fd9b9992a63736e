import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { concatUncertainty } from '@twostage/core/evaluation/concatUncertainty';
import type { Fold, FoldRows } from '@twostage/core/evaluation/folds';
import { realisedLabels } from '@twostage/core/evaluation/realisedLabels';
import type { Progress } from '@twostage/core/runs/events';
import type { Figure } from '@twostage/core/runs/figures';
import { predictionColumns } from '@twostage/core/runs/predictionColumns';
import { trainingDirectory } from '@twostage/core/runs/runDirectory';
import type { FoldResult, TrainingResult } from '@twostage/core/runs/training';
import type { OpenedDataset } from '@twostage/data/openDataset';
import { catalogue } from '@twostage/families/catalogue';
import type { FittedModel, Trainer } from '@twostage/families/trainer';
import { FitReporter } from './fitReporter.ts';
import { foldFigures } from './foldFigures.ts';
import { type Forecast, forecastOf, judge, type JudgeInput } from './judge.ts';
import { judgePooled } from './judgePooled.ts';
import type { TrainJob } from './protocol.ts';
import { trainingData, trainingFolds } from './trainingData.ts';
import {
  averageImportances,
  concatFloat64,
  concatUint32,
  hashArtifacts,
  meanTarget,
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
  /** Of the last fold. */
  readonly figures: readonly Figure[];
}

/**
 * Fits, saves, predicts and judges fold after fold; when it resolves, models, raw predictions and metrics are on disk.
 * @throws DomainError CANCELLED, UNKNOWN_TARGET, UNKNOWN_SYMBOL, TOO_FEW_BARS, or whatever the trainer throws
 */
export async function trainFolds(input: TrainFoldsInput): Promise<TrainingResult> {
  const { job, trainer } = input;
  const data = trainingData(input.dataset, job.training);
  const folds = trainingFolds(data, job);
  const judging: JudgeInput = { ...data, family: catalogue[job.training.family], parameters: job.parameters };
  const notes: string[] = [];
  const note = (line: string) => {
    if (notes.includes(line)) return;
    notes.push(line);
    input.onNote(line);
  };
  const reporter = new FitReporter({
    threads: job.threads,
    foldRows: folds.map(({ rows }) => rows.train.length),
    onProgress: input.onProgress,
    stopRequested: input.stopRequested,
  });
  const judged: JudgedFold[] = [];
  for (const [i, { fold, rows }] of folds.entries()) {
    const last = i === folds.length - 1;
    judged.push(await judgeFold(fold, rows, { job, trainer, judging, reporter, note, last }));
    input.onFold(judged.at(-1)!.result);
  }

  const pooled = pool(judged.map(({ forecast }) => forecast));
  const names = data.targets.map(({ name }) => name);
  await writePredictionColumns(job.trainingDir, {
    rows: pooled.rows.map((row) => data.firstRow + row),
    folds: concatUint32(judged.map(({ result, forecast }) => new Uint32Array(forecast.rows.length).fill(result.fold))),
    columns: predictionColumns(names, pooled.byTarget, pooled.uncertainty),
  });
  const { metrics, byTarget, tearSheet, tearSheetNotes, series } = judgePooled(judging, pooled, job);
  if (series.length > 0) await writePortfolioColumns(job.trainingDir, series);
  const judgement = { metrics, ...(byTarget && { byTarget }) };
  const results = judged.map(({ result }) => result);
  const importances = averageImportances(judged.map((fold) => fold.importances));
  const artifacts = await hashArtifacts(job.trainingDir, { ...judgement, folds: results, importances });
  const device = await trainer.describe(job.threads, job.device);
  const figures = [...judged.at(-1)!.figures];
  const drawn = { figures, tearSheet, tearSheetNotes };
  return { ...judgement, folds: results, artifacts, device, notes, ...drawn, ...(importances && { importances }) };
}

interface FoldContext {
  readonly job: TrainJob;
  readonly trainer: Trainer;
  readonly judging: JudgeInput;
  readonly reporter: FitReporter;
  readonly note: (line: string) => void;
  readonly last: boolean;
}

async function judgeFold({ fold }: Fold, rows: FoldRows, context: FoldContext): Promise<JudgedFold> {
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
    const directory = path.join(job.trainingDir, trainingDirectory.model(fold));
    await mkdir(directory, { recursive: true });
    await model.save(directory);
    await reporter.enter('predicting', fold);
    const forecast = await foldForecast(model, rows, context);
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
    const figures = context.last ? await foldFigures(model, drawing, forecast, note) : [];
    return { result, forecast, importances: model.importances?.(), figures };
  } finally {
    await model.close();
  }
}

/** Predicts a fold's test rows; outcomes are told as they become known. */
async function foldForecast(model: FittedModel, rows: FoldRows, { job, judging }: FoldContext): Promise<Forecast> {
  const { panel, targets } = judging;
  const { lookback, threads, device } = job;
  const [first] = targets;
  const realised = realisedLabels(panel, first!.values, first!.labelBars);
  const prediction = await model.predict({ panel, rows: rows.test, realised, lookback, threads, device });
  const trainMeans = targets.map(({ values }) => meanTarget(values, rows.train));
  return forecastOf(prediction, rows.test, judging, trainMeans);
}

/** The forecasts of all folds as one. */
function pool(folds: readonly Forecast[]): Forecast {
  const perRow = ({ rows, trainMeans }: Forecast, target: number): Float64Array => {
    const mean = trainMeans[target]!;
    return typeof mean === 'number' ? new Float64Array(rows.length).fill(mean) : mean;
  };
  const uncertainties = folds.flatMap(({ uncertainty }) => uncertainty ?? []);
  return {
    rows: concatUint32(folds.map(({ rows }) => rows)),
    byTarget: folds[0]!.byTarget.map((_, i) => concatFloat64(folds.map(({ byTarget }) => byTarget[i]!))),
    trainMeans: folds[0]!.trainMeans.map((_, i) => concatFloat64(folds.map((fold) => perRow(fold, i)))),
    ...(uncertainties.length > 0 && { uncertainty: concatUncertainty(uncertainties) }),
  };
}
