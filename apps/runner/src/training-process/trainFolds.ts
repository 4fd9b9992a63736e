import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DomainError } from '@twostage/core/errors';
import { evaluate } from '@twostage/core/evaluation/evaluate';
import { type Fold, foldRows, type FoldRows, planFolds } from '@twostage/core/evaluation/folds';
import type { Progress } from '@twostage/core/runs/events';
import { trainingDirectory } from '@twostage/core/runs/runDirectory';
import type { FoldResult, TrainingResult } from '@twostage/core/runs/training';
import type { OpenedDataset } from '@twostage/data/openDataset';
import type { FitProgress, Trainer } from '@twostage/families/trainer';
import { estimateEtaMs } from './eta.ts';
import {
  averageImportances,
  concatFloat64,
  concatUint32,
  hashArtifacts,
  meanTarget,
  writePredictionColumns,
} from './trainingFiles.ts';
import type { TrainJob } from './protocol.ts';

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
  readonly rows: FoldRows;
  /** [rows.test] */
  readonly predictions: Float64Array;
  readonly trainMean: number;
  readonly importances: { feature: string; value: number }[] | undefined;
}

/**
 * Fits, saves, predicts and judges fold after fold; when it resolves, models, raw predictions and metrics are on disk.
 * @throws DomainError CANCELLED, UNKNOWN_TARGET, TOO_FEW_BARS, or whatever the trainer throws
 */
export async function trainFolds(input: TrainFoldsInput): Promise<TrainingResult> {
  const { job, trainer, dataset } = input;
  const { panel, manifest } = dataset;
  const target = dataset.target(job.training.target);
  const labelBars = manifest.targets.find(({ name }) => name === job.training.target)!.labelBars;
  const plan = planFolds({ bars: panel.times.length, settings: job.folds, labelBars, lookback: job.lookback });
  const folds = plan.map((fold) => ({ fold, rows: foldRows(panel, target, fold) }));
  for (const { fold, rows } of folds) requireRows(fold, rows);

  const notes: string[] = [];
  const note = (line: string) => {
    if (notes.includes(line)) return;
    notes.push(line);
    input.onNote(line);
  };
  const reporter = new FitReporter(
    input,
    folds.map(({ rows }) => rows.train.length),
  );
  const judged: JudgedFold[] = [];
  for (const { fold, rows } of folds) {
    judged.push(await judgeFold(fold, rows, target, input, reporter, note));
    input.onFold(judged.at(-1)!.result);
  }

  const rows = concatUint32(judged.map((fold) => fold.rows.test));
  const predictions = concatFloat64(judged.map((fold) => fold.predictions));
  const trainMean = concatFloat64(judged.map((fold) => new Float64Array(fold.predictions.length).fill(fold.trainMean)));
  const metrics = evaluate({ panel, target, rows, predictions, trainMean, labelBars });
  const results = judged.map(({ result }) => result);
  await writePredictionColumns(
    job.trainingDir,
    judged.map(({ result, rows, predictions }) => ({ fold: result.fold, rows: rows.test, predictions })),
  );
  const importances = averageImportances(judged.map((fold) => fold.importances));
  const artifacts = await hashArtifacts(job.trainingDir, { metrics, folds: results, importances });
  const device = await trainer.describe(job.threads, job.device);
  return { metrics, folds: results, artifacts, device, notes, ...(importances && { importances }) };
}

async function judgeFold(
  { fold, labelBars }: Fold,
  rows: FoldRows,
  target: Float64Array,
  { job, trainer, dataset: { panel } }: TrainFoldsInput,
  reporter: FitReporter,
  note: (line: string) => void,
): Promise<JudgedFold> {
  const startedMs = performance.now();
  const { lookback, threads, device, seed } = job;
  await reporter.enter('loading', fold);
  const model = await trainer.fit({
    panel,
    target,
    train: rows.train,
    validation: rows.validation,
    parameters: job.parameters,
    lookback,
    seed,
    threads,
    device,
    report: (progress) => reporter.report(progress),
    note,
  });
  try {
    await reporter.enter('saving', fold);
    const directory = path.join(job.trainingDir, trainingDirectory.model(fold));
    await mkdir(directory, { recursive: true });
    await model.save(directory);
    await reporter.enter('predicting', fold);
    const { values: predictions } = await model.predict({ panel, rows: rows.test, lookback, threads, device });
    const trainMean = meanTarget(target, rows.train);
    const { bestStep, bestValidationLoss } = reporter.last;
    const result: FoldResult = {
      fold,
      trainRows: rows.train.length,
      validationRows: rows.validation.length,
      testRows: rows.test.length,
      testStart: panel.times[panel.barOf[rows.test[0]!]!]!,
      testEnd: panel.times[panel.barOf[rows.test.at(-1)!]!]!,
      bestStep,
      bestValidationLoss,
      seconds: (performance.now() - startedMs) / 1000,
      metrics: evaluate({ panel, target, rows: rows.test, predictions, trainMean, labelBars }),
    };
    return { result, rows, predictions, trainMean, importances: model.importances?.() };
  } finally {
    await model.close();
  }
}

function requireRows({ fold, train }: Fold, rows: FoldRows): void {
  for (const block of ['train', 'validation', 'test'] as const) {
    if (rows[block].length > 0) continue;
    throw new DomainError(
      'TOO_FEW_BARS',
      `fold ${fold + 1} has no usable ${block} row (its training block is bars ${train.start} to ${train.end - 1}): the target is missing on every one`,
    );
  }
}

/** A child says that it is there before it loads its engine and the dataset. */
export const nothingDone = (job: TrainJob): Progress => ({
  phase: 'loading',
  fold: 0,
  folds: job.folds.count,
  step: 0,
  totalSteps: 0,
  trainLoss: null,
  validationLoss: null,
  bestStep: null,
  bestValidationLoss: null,
  rowsPerSecond: null,
  elapsedMs: 0,
  etaMs: null,
  rssBytes: process.memoryUsage.rss(),
  threads: job.threads,
});

const nothingYet: FitProgress = {
  step: 0,
  totalSteps: 0,
  trainLoss: null,
  validationLoss: null,
  bestStep: null,
  bestValidationLoss: null,
  rows: 0,
};

/** Turns what a trainer reports into the run's progress: fold, pace, time to the end, memory. */
class FitReporter {
  last: FitProgress = nothingYet;
  #fold = 0;
  #rowsPerSecond: number | null = null;
  #reportedMs = performance.now();
  readonly #startedMs = performance.now();

  constructor(
    readonly input: TrainFoldsInput,
    readonly foldRows: readonly number[],
  ) {}

  async enter(phase: Progress['phase'], fold: number): Promise<void> {
    if (phase === 'loading') {
      this.#fold = fold;
      this.last = nothingYet;
    }
    this.#reportedMs = performance.now();
    this.#send(phase);
    await this.#yield();
  }

  async report(progress: FitProgress): Promise<void> {
    const now = performance.now();
    const seconds = (now - this.#reportedMs) / 1000;
    if (progress.rows > 0 && seconds > 0) this.#rowsPerSecond = progress.rows / seconds;
    this.#reportedMs = now;
    this.last = progress;
    this.#send('training');
    await this.#yield();
  }

  #send(phase: Progress['phase']): void {
    const { step, totalSteps, trainLoss, validationLoss, bestStep, bestValidationLoss } = this.last;
    const elapsedMs = Math.round(performance.now() - this.#startedMs);
    const fitted = phase === 'saving' || phase === 'predicting';
    this.input.onProgress({
      phase,
      fold: this.#fold,
      folds: this.foldRows.length,
      step,
      totalSteps,
      trainLoss: finiteOrNull(trainLoss),
      validationLoss: finiteOrNull(validationLoss),
      bestStep,
      bestValidationLoss: finiteOrNull(bestValidationLoss),
      rowsPerSecond: this.#rowsPerSecond,
      elapsedMs,
      etaMs: estimateEtaMs(this.foldRows, {
        fold: this.#fold + (fitted ? 1 : 0),
        step: fitted ? 0 : step,
        totalSteps,
        elapsedMs,
      }),
      rssBytes: process.memoryUsage.rss(),
      threads: this.input.job.threads,
    });
  }

  /** One turn of the event loop: a TERM that came meanwhile is seen. @throws DomainError CANCELLED */
  async #yield(): Promise<void> {
    await nextTurn();
    if (this.input.stopRequested()) throw new DomainError('CANCELLED', 'the training was asked to stop');
  }
}

/** JSON has no NaN or infinity: a diverged loss is shown as none. */
const finiteOrNull = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);
