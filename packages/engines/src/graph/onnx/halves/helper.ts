/** The thread that computes the second half of each batch; started by `HelperThread` with a `HelperJob`. */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '@twostage/core/errors';
import { openSession } from '../session.ts';
import { data } from '../stepper.ts';
import { HalfSession } from './halfSession.ts';
import { command, control, type StepLayout, StepMemory } from './layout.ts';

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

async function serve({ model, layout, threads, buffer }: HelperJob): Promise<void> {
  const memory = new StepMemory(layout, buffer);
  const options = { threads, device: 'cpu', note: () => {} } as const;
  const session = await openSession(() => model, options);
  const half = new HalfSession(session, layout);
  const inputs = Object.fromEntries(Object.entries(memory.inputs).map(([name, array]) => [name, unshared(array)]));
  tell(null);
  for (let step = 1; ; step++) {
    waitFor(memory.control, step);
    const bits = Atomics.load(memory.control, control.command);
    if (bits & command.stop) break;
    if (bits & command.replaceSlots) replaceSlots(half, memory.slots);
    for (const [name, array] of Object.entries(memory.inputs)) inputs[name]!.set(array);
    half.setUpdate(bits & command.updateIsDue ? memory : null);
    const loss = await half.run({ inputs, share: memory.share[0]! });
    if (bits & command.updateIsDue) half.advance();
    memory.loss[0] = loss;
    memory.gradients.set(half.gradient, layout.parameterCount);
    Atomics.store(memory.control, control.finished, step);
    Atomics.notify(memory.control, control.finished);
  }
  await session.release();
}

function waitFor(words: Int32Array, step: number): void {
  for (let i = 0; i < looks; i++) if (Atomics.load(words, control.begun) >= step) return;
  while (Atomics.load(words, control.begun) < step) Atomics.wait(words, control.begun, step - 1);
}

function replaceSlots(half: HalfSession, slots: Float32Array): void {
  const count = half.layout.parameterCount;
  const { parameters, firstMoment, secondMoment } = half.current;
  for (const [i, slot] of [parameters, firstMoment, secondMoment].entries()) {
    data(slot).set(slots.subarray(i * count, (i + 1) * count));
  }
}

/** ONNX Runtime takes no arrays of shared memory. */
function unshared(array: Float32Array): Float32Array {
  return new Float32Array(array.length);
}

function tell(message: HelperMessage): void {
  parentPort!.postMessage(message);
}

serve(workerData as HelperJob).catch((error: unknown) => tell({ error: messageOf(error) }));
