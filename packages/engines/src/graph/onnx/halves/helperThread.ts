import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DomainError, messageOf } from '@twostage/core/errors';
import type { HelperJob, HelperMessage } from './helper.ts';
import { command, control, type StepLayout, type StepMemory } from './layout.ts';

/** Looks before it lets the event loop go round: the halves take nearly the same time. */
const looks = 1_000_000;

/**
 * The thread beside the main one. They take turns with what they share: until `begin` and after `finished` everything
 * is the main thread's; in between, the helper reads it and writes its loss and its half of the gradients, and the main
 * thread touches nothing of the second half.
 */
export class HelperThread {
  readonly memory: StepMemory;
  readonly #worker: Worker;
  #steps = 0;
  #failure: string | null = null;

  private constructor(worker: Worker, memory: StepMemory) {
    this.#worker = worker;
    this.memory = memory;
    const fail = (why: string) => {
      this.#failure ??= why;
    };
    worker.on('message', (message: HelperMessage) => message && fail(message.error));
    worker.on('error', (error) => fail(messageOf(error)));
    worker.on('exit', (code) => fail(`it ended with code ${code}`));
    // A training that is abandoned must not keep its process.
    worker.unref();
  }

  /** @throws DomainError ENGINE_FAILED if it does not get ready */
  static async start(
    model: Uint8Array,
    layout: StepLayout,
    memory: StepMemory,
    threads: number,
  ): Promise<HelperThread> {
    const workerData: HelperJob = { model, layout, threads, buffer: memory.buffer };
    const worker = new Worker(new URL('helper.mjs', import.meta.url), { workerData, execArgv: [] });
    const thread = new HelperThread(worker, memory);
    worker.ref();
    await Promise.race([once(worker, 'message'), once(worker, 'exit')]).catch(() => {});
    worker.unref();
    thread.#check();
    return thread;
  }

  begin(bits: number): void {
    Atomics.store(this.memory.control, control.command, bits);
    this.#steps++;
    Atomics.store(this.memory.control, control.begun, this.#steps);
    Atomics.notify(this.memory.control, control.begun);
  }

  /** @throws DomainError ENGINE_FAILED if the helper is no more */
  async finished(): Promise<void> {
    const words = this.memory.control;
    for (let i = 0; i < looks; i++) if (Atomics.load(words, control.finished) === this.#steps) return;
    while (Atomics.load(words, control.finished) !== this.#steps) {
      this.#check();
      Atomics.wait(words, control.finished, this.#steps - 1, 1);
      await new Promise(setImmediate);
    }
  }

  async stop(): Promise<void> {
    if (this.#failure !== null) return;
    const ended = once(this.#worker, 'exit');
    this.#worker.ref();
    this.begin(command.stop);
    await ended;
  }

  #check(): void {
    if (this.#failure === null) return;
    throw new DomainError('ENGINE_FAILED', `the thread of the second half of the batch failed: ${this.#failure}`);
  }
}
