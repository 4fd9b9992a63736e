import { setImmediate as nextTurn } from 'node:timers/promises';
import { DomainError } from '@twostage/core/errors';
import { fitsOf } from '@twostage/core/evaluation/planValidation';
import type { Progress } from '@twostage/core/runs/events';
import type { FitProgress } from '@twostage/families/trainer';
import { estimateEtaMs } from './eta.ts';
import type { TrainJob } from './protocol.ts';

/** A child says that it is there before it loads its engine and the dataset. */
export const nothingDone = (job: TrainJob): Progress => ({
  phase: 'loading',
  fold: 0,
  folds: fitsOf(job.folds),
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

export interface FitReporterInput {
  readonly threads: number;
  /** [folds], training rows: the work of each. */
  readonly foldRows: readonly number[];
  readonly onProgress: (progress: Progress) => void;
  readonly stopRequested: () => boolean;
}

/** Turns what a trainer reports into the run's progress: fold, pace, time to the end, memory. */
export class FitReporter {
  last: FitProgress = nothingYet;
  #fold = 0;
  #rowsPerSecond: number | null = null;
  #reportedMs = performance.now();
  readonly #startedMs = performance.now();

  constructor(readonly input: FitReporterInput) {}

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
    const { foldRows, threads } = this.input;
    const elapsedMs = Math.round(performance.now() - this.#startedMs);
    const fitted = phase === 'saving' || phase === 'predicting';
    const scalars = finiteScalars(this.last.scalars);
    this.input.onProgress({
      phase,
      fold: this.#fold,
      folds: foldRows.length,
      step,
      totalSteps,
      trainLoss: finiteOrNull(trainLoss),
      validationLoss: finiteOrNull(validationLoss),
      ...(scalars && { scalars }),
      bestStep,
      bestValidationLoss: finiteOrNull(bestValidationLoss),
      rowsPerSecond: this.#rowsPerSecond,
      elapsedMs,
      etaMs: estimateEtaMs(foldRows, {
        fold: this.#fold + (fitted ? 1 : 0),
        step: fitted ? 0 : step,
        totalSteps,
        elapsedMs,
      }),
      rssBytes: process.memoryUsage.rss(),
      threads,
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

function finiteScalars(scalars: FitProgress['scalars']): Record<string, number> | undefined {
  return scalars && Object.fromEntries(Object.entries(scalars).filter(([, value]) => Number.isFinite(value)));
}
