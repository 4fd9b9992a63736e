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
export function copyHalf({ outer, inner }: CutInput, whole: Float32Array, half: 0 | 1, to: Float32Array): void {
  for (let i = 0; i < outer; i++) {
    const start = (i * halves + half) * inner;
    to.set(whole.subarray(start, start + inner), i * inner);
  }
}

/** What the threads of a step share. Who may write when: see `HelperThread`. */
export class StepMemory {
  /** Steps begun, steps finished, and what to do. */
  readonly control: Int32Array;
  readonly inputs: Record<string, Float32Array>;
  /** Of the update that is due. */
  readonly hyper: Float32Array;
  /** [1] each: of the second half. */
  readonly share: Float32Array;
  readonly loss: Float32Array;
  /** [parameterCount] each, of the last batch. */
  readonly firstGradient: Float32Array;
  readonly secondGradient: Float32Array;
  /** [3 · parameterCount]: parameters and moments that replace the helper's. */
  readonly slots: Float32Array;

  constructor(layout: StepLayout, buffer: SharedArrayBuffer = new SharedArrayBuffer(bytesOf(layout))) {
    let offset = controlLength;
    const take = (length: number) => {
      const array = new Float32Array(buffer, 4 * offset, length);
      offset += length;
      return array;
    };
    this.control = new Int32Array(buffer, 0, controlLength);
    this.hyper = take(hyperLength);
    this.share = take(1);
    this.loss = take(1);
    this.firstGradient = take(layout.parameterCount);
    this.secondGradient = take(layout.parameterCount);
    this.slots = take(3 * layout.parameterCount);
    this.inputs = Object.fromEntries(layout.inputs.map(({ name, shape }) => [name, take(sizeOf(shape))]));
  }

  get buffer(): SharedArrayBuffer {
    return this.control.buffer as SharedArrayBuffer;
  }
}

export const control = { begun: 0, finished: 1, command: 2 } as const;
/** Bits of `control.command`. */
export const command = { updateIsDue: 1, replaceSlots: 2, stop: 4 } as const;
const controlLength = 16;

function bytesOf({ inputs, parameterCount }: StepLayout): number {
  const fed = inputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return 4 * (controlLength + hyperLength + 2 + (halves + 3) * parameterCount + fed);
}
