import { writeSync } from 'node:fs';
import type { Progress } from '@twostage/core/runs/events';
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

/** At most `perSecond` progress messages a second; the latest one held back goes out on `flush`, so the last is never lost. */
export class ProgressThinner {
  #held: Progress | null = null;
  #lastMs = Number.NEGATIVE_INFINITY;
  constructor(
    readonly send: (progress: Progress) => void,
    readonly now: () => number = () => performance.now(),
    readonly perSecond = 10,
  ) {}

  push(progress: Progress): void {
    this.#held = progress;
    if (this.now() - this.#lastMs >= 1000 / this.perSecond) this.flush();
  }

  flush(): void {
    if (this.#held === null) return;
    const progress = this.#held;
    this.#held = null;
    this.#lastMs = this.now();
    this.send(progress);
  }
}
