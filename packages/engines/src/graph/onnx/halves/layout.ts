import { hyperLength } from '../../adamw.ts';
import { type Graph, type Shape, sizeOf } from '../../ir.ts';
import { feeds as names, type PartProgram, partProgram, type TrainingProgram } from '../../program.ts';

/** Threads of a step. */
export const halves = 2;

/** An input of the whole batch, as an array of [outer, parts, inner]; a part of it is [outer, inner]. */
export interface CutInput {
  readonly name: string;
  /** Of a part. */
  readonly shape: Shape;
  readonly outer: number;
  readonly inner: number;
}

/** What both threads know of the step; sent to the other one as it is. */
export interface StepLayout {
  readonly inputs: readonly CutInput[];
  readonly parameterCount: number;
  /** What the batch is cut into, a multiple of `halves`: a thread computes the first half of them, the other one the rest. */
  readonly parts: number;
}

/** The step in halves of its batch, where that is right; else null. Does not depend on the number of threads. */
export function inHalves(training: TrainingProgram): { program: PartProgram; layout: StepLayout } | null {
  const program = partProgram(training, partsOf(training));
  const inputs = program && cutInputs(training.graph, program);
  if (!program || !inputs) return null;
  const { parts, spec } = program;
  return { program, layout: { inputs, parameterCount: spec.parameterCount, parts } };
}

/** With attention, what elementwise operators pass on in parts so small stays in the cache of a core: 4 % less time a step. */
const [attentiveParts, fewestRows] = [8, 32];

/** Other layers would lose by smaller products what they win by the cache. */
function partsOf({ graph, batchSize }: TrainingProgram): number {
  const isAttentive = graph.nodes.some(({ operator }) => operator.kind === 'softmax');
  const divides = batchSize % attentiveParts === 0 && batchSize / attentiveParts >= fewestRows;
  return isAttentive && divides ? attentiveParts : halves;
}

/** Fed to the parts by name for itself, not cut from the batch. */
const common: ReadonlySet<string> = new Set([
  names.parameters,
  names.firstMoment,
  names.secondMoment,
  names.hyper,
  names.share,
  names.gradients,
]);

/** Null if an input is not simply cut along one axis, the batch's. */
function cutInputs(whole: Graph, { graph, parts }: PartProgram): CutInput[] | null {
  const cuts: CutInput[] = [];
  for (const [name, { shape }] of graph.inputs) {
    if (common.has(name)) continue;
    const full = whole.inputs.get(name)?.shape;
    const differing = shape.flatMap((length, axis) => (full?.[axis] === length ? [] : [axis]));
    const axis = differing[0];
    if (full === undefined || differing.length !== 1 || full[axis!] !== parts * shape[axis!]!) return null;
    cuts.push({ name, shape, outer: sizeOf(shape.slice(0, axis)), inner: sizeOf(shape.slice(axis)) });
  }
  return cuts;
}

/** @param part which of how many */
export function copyPart(
  { outer, inner }: CutInput,
  whole: Float32Array,
  [part, parts]: readonly [number, number],
  to: Float32Array,
): void {
  for (let i = 0; i < outer; i++) {
    const start = (i * parts + part) * inner;
    to.set(whole.subarray(start, start + inner), i * inner);
  }
}

/** What the threads of a step share; ONNX Runtime reads and writes it in place. Who may write when: see `HelperThread`. */
export class StepMemory {
  /** Steps begun, steps finished, and what to do. */
  readonly control: Int32Array;
  /** Of the update that is due. */
  readonly hyper: Float32Array;
  readonly parts: readonly PartMemory[];
  /** [parts · parameterCount] each: in turns, the gradients of the last batch and those of this one. */
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
    const part = (): PartMemory => ({
      inputs: Object.fromEntries(layout.inputs.map(({ name, shape }) => [name, take(sizeOf(shape))])),
      share: take(1),
      loss: take(1),
    });
    const all = layout.parts * layout.parameterCount;
    this.control = new Int32Array(buffer, 0, line);
    this.hyper = take(hyperLength);
    this.parts = Array.from({ length: layout.parts }, part);
    this.gradients = [take(all), take(all)];
    this.slots = take(3 * layout.parameterCount);
  }

  get buffer(): SharedArrayBuffer {
    return this.control.buffer as SharedArrayBuffer;
  }
}

interface PartMemory {
  readonly inputs: Readonly<Record<string, Float32Array>>;
  /** [1]: of this part in the row weights of the batch. */
  readonly share: Float32Array;
  /** [1]: this part's share of it, before the step. */
  readonly loss: Float32Array;
}

export const control = { begun: 0, finished: 1, command: 2 } as const;
/** Bits of `control.command`. `odd`: the gradients of the last batch are the second ones. */
export const command = { updateIsDue: 1, replaceSlots: 2, stop: 4, odd: 8 } as const;

/** Numbers of four bytes in a line of the processor's cache: what two threads write lies in different ones. */
const line = 16;
const padded = (length: number) => line * Math.ceil(length / line);

function bytesOf({ inputs, parameterCount, parts }: StepLayout): number {
  const part = inputs.reduce((sum, { shape }) => sum + padded(sizeOf(shape)), 2 * line);
  const vectors = 2 * padded(parts * parameterCount) + padded(3 * parameterCount);
  return 4 * (line + padded(hyperLength) + parts * part + vectors);
}
