import { hyperLength } from '../../adamw.ts';
import { type Graph, type Shape, sizeOf } from '../../ir.ts';
import { feeds as names, type PartProgram, partProgram, type TrainingProgram } from '../../program.ts';

export const halves = 2;

/** An input of the whole batch, as an array of [outer, halves, inner]; half of it is [outer, inner]. */
export interface CutInput {
  readonly name: string;
  /** Of a half. */
  readonly shape: Shape;
  readonly outer: number;
  readonly inner: number;
}

/** What both threads know of the step; sent to the other one as it is. */
export interface StepLayout {
  readonly inputs: readonly CutInput[];
  readonly parameterCount: number;
  readonly batchSize: number;
}

/** The step in halves of its batch, where that is right; else null. Does not depend on the number of threads. */
export function inHalves(training: TrainingProgram): { program: PartProgram; layout: StepLayout } | null {
  const program = partProgram(training, halves);
  const inputs = program && cutInputs(training.graph, program.graph);
  if (!program || !inputs) return null;
  const { batchSize, spec } = program;
  return { program, layout: { inputs, parameterCount: spec.parameterCount, batchSize } };
}

/** Fed to the halves by name for itself, not cut from the batch. */
const common: ReadonlySet<string> = new Set([
  names.parameters,
  names.firstMoment,
  names.secondMoment,
  names.hyper,
  names.share,
  names.gradients,
]);

/** Null if an input is not simply twice as long along one axis, the batch's. */
function cutInputs(whole: Graph, half: Graph): CutInput[] | null {
  const cuts: CutInput[] = [];
  for (const [name, { shape }] of half.inputs) {
    if (common.has(name)) continue;
    const full = whole.inputs.get(name)?.shape;
    const differing = shape.flatMap((length, axis) => (full?.[axis] === length ? [] : [axis]));
    const axis = differing[0];
    if (full === undefined || differing.length !== 1 || full[axis!] !== halves * shape[axis!]!) return null;
    cuts.push({ name, shape, outer: sizeOf(shape.slice(0, axis)), inner: sizeOf(shape.slice(axis)) });
  }
  return cuts;
}

/** @param half which */
export function copyHalf({ outer, inner }: CutInput, whole: Float32Array, half: Half, to: Float32Array): void {
  for (let i = 0; i < outer; i++) {
    const start = (i * halves + half) * inner;
    to.set(whole.subarray(start, start + inner), i * inner);
  }
}

/** Which half of a batch. */
export type Half = 0 | 1;

/** What the threads of a step share; ONNX Runtime reads and writes it in place. Who may write when: see `HelperThread`. */
export class StepMemory {
  /** Steps begun, steps finished, and what to do. */
  readonly control: Int32Array;
  /** Of the update that is due. */
  readonly hyper: Float32Array;
  readonly halves: readonly [HalfMemory, HalfMemory];
  /** [halves · parameterCount] each: in turns, the gradients of the last batch and those of this one. */
  readonly gradients: readonly [Float32Array, Float32Array];
  /** [3 · parameterCount]: parameters and moments that replace the helper's. */
  readonly slots: Float32Array;

  constructor(layout: StepLayout, buffer: SharedArrayBuffer = new SharedArrayBuffer(bytesOf(layout))) {
    let offset = line;
    const take = (length: number) => {
      const array = new Float32Array(buffer, 4 * offset, length);
      offset += padded(length);
      return array;
    };
    const half = (): HalfMemory => ({
      inputs: Object.fromEntries(layout.inputs.map(({ name, shape }) => [name, take(sizeOf(shape))])),
      share: take(1),
      loss: take(1),
    });
    const both = halves * layout.parameterCount;
    this.control = new Int32Array(buffer, 0, line);
    this.hyper = take(hyperLength);
    this.halves = [half(), half()];
    this.gradients = [take(both), take(both)];
    this.slots = take(3 * layout.parameterCount);
  }

  get buffer(): SharedArrayBuffer {
    return this.control.buffer as SharedArrayBuffer;
  }
}

interface HalfMemory {
  readonly inputs: Readonly<Record<string, Float32Array>>;
  /** [1]: of this half in the row weights of the batch. */
  readonly share: Float32Array;
  /** [1]: this half's part of it, before the step. */
  readonly loss: Float32Array;
}

export const control = { begun: 0, finished: 1, command: 2 } as const;
/** Bits of `control.command`. `odd`: the gradients of the last batch are the second ones. */
export const command = { updateIsDue: 1, replaceSlots: 2, stop: 4, odd: 8 } as const;

/** Numbers of four bytes in a line of the processor's cache: what two threads write lies in different ones. */
const line = 16;
const padded = (length: number) => line * Math.ceil(length / line);

function bytesOf({ inputs, parameterCount }: StepLayout): number {
  const half = inputs.reduce((sum, { shape }) => sum + padded(sizeOf(shape)), 2 * line);
  const vectors = 2 * padded(halves * parameterCount) + padded(3 * parameterCount);
  return 4 * (line + padded(hyperLength) + halves * half + vectors);
}
