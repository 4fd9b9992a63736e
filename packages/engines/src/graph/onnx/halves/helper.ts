/** The thread that computes the second half of each batch; started by `HelperThread` with a `HelperJob`. */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '@twostage/core/errors';
import { HalfSession, type Slots } from './halfSession.ts';
import { command, control, halves, type StepLayout, StepMemory } from './layout.ts';

export interface HelperJob {
  /** ONNX bytes of the half's program. */
  readonly model: Uint8Array;
  readonly layout: StepLayout;
  readonly threads: number;
  readonly buffer: SharedArrayBuffer;
}
/** `null`: ready. */
export type HelperMessage = null | { readonly error: string };

/** Looks before it sleeps: a wake-up takes longer than most steps of the main thread between two batches. */
const looks = 1_000_000;

function serve({ model, layout, threads, buffer }: HelperJob): void {
  const memory = new StepMemory(layout, buffer);
  const half = HalfSession.open(model, layout, memory, threads);
  tell(null);
  for (let step = 1; ; step++) {
    waitFor(memory.control, step);
    const bits = Atomics.load(memory.control, control.command);
    if (bits & command.stop) break;
    if (bits & command.replaceSlots) replaceSlots(half.current, memory.slots);
    for (let part = layout.parts / halves; part < layout.parts; part++) half.run(part, bits & command.odd ? 1 : 0);
    if (bits & command.updateIsDue) half.advance();
    Atomics.store(memory.control, control.finished, step);
    Atomics.notify(memory.control, control.finished);
  }
  half.session.release();
}

function waitFor(words: Int32Array, step: number): void {
  for (let i = 0; i < looks; i++) if (Atomics.load(words, control.begun) >= step) return;
  while (Atomics.load(words, control.begun) < step) Atomics.wait(words, control.begun, step - 1);
}

function replaceSlots({ parameters, firstMoment, secondMoment }: Slots, slots: Float32Array): void {
  const count = parameters.length;
  for (const [i, slot] of [parameters, firstMoment, secondMoment].entries()) {
    slot.set(slots.subarray(i * count, (i + 1) * count));
  }
}

function tell(message: HelperMessage): void {
  parentPort!.postMessage(message);
}

try {
  serve(workerData as HelperJob);
} catch (error) {
  tell({ error: messageOf(error) });
}
