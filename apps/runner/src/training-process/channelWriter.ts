import { writeSync } from 'node:fs';
import type { LossPoint, Progress } from '@twostage/core/runs/events';
import { type ChildMessage, channelFd } from './protocol.ts';

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Sends one message. Synchronous, so that it has left before a native call blocks or kills this process. */
export function sendMessage(message: ChildMessage): void {
  let bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(channelFd, bytes));
    } catch (error) {
      // The pipe is full where the parent made it non-blocking: it reads within moments.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

/** Of steps too quick to be sent by themselves this many a fold are told, and the first ones closer: a fit may stop early. */
const stepsAFold = 120;
const stepsAnEfold = 16;

/**
 * At most `perSecond` progress messages a second. The latest one held back goes out on `flush`, so the last is never lost; of the
 * steps before it the evenly spread ones and each fold's last go along, so that a fit of milliseconds has its curve too.
 */
export class ProgressThinner {
  #held: Progress | null = null;
  #lastMs = Number.NEGATIVE_INFINITY;
  #earlier: LossPoint[] = [];
  /** The last step that was sent or goes along. */
  #told = { fold: -1, step: 0 };
  constructor(
    readonly send: (progress: Progress) => void,
    readonly now: () => number = () => performance.now(),
    readonly perSecond = 10,
  ) {}

  push(progress: Progress): void {
    if (this.#held) this.#takeAlong(this.#held, progress);
    this.#held = progress;
    if (this.now() - this.#lastMs >= 1000 / this.perSecond) this.flush();
  }

  flush(): void {
    if (this.#held === null) return;
    const progress = this.#held;
    const earlier = this.#earlier;
    this.#held = null;
    this.#earlier = [];
    this.#lastMs = this.now();
    if (isStep(progress)) this.#told = { fold: progress.fold, step: progress.step };
    this.send(earlier.length > 0 ? { ...progress, earlier } : progress);
  }

  #takeAlong(held: Progress, next: Progress): void {
    if (!isStep(held)) return;
    const { fold, step, totalSteps, trainLoss, validationLoss, scalars } = held;
    const isLast = !isStep(next) || next.fold !== fold;
    const since = this.#told.fold === fold ? step - this.#told.step : Number.POSITIVE_INFINITY;
    if (!isLast && since < Math.min(totalSteps / stepsAFold, step / stepsAnEfold)) return;
    this.#earlier.push({ fold, step, trainLoss, validationLoss, ...(scalars && { scalars }) });
    this.#told = { fold, step };
  }
}

const isStep = ({ phase, step }: Progress) => phase === 'training' && step > 0;
