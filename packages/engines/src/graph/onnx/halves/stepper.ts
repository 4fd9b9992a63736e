import { feeds as names, type PartProgram, type Weights } from '../../program.ts';
import type { Feeds, RuntimeOptions } from '../../runtime.ts';
import { dialectOf } from '../dialect.ts';
import { emitOnnx } from '../emit.ts';
import { type Learnt, type Stepper, tensor } from '../stepper.ts';
import { HalfSession } from './halfSession.ts';
import { HelperThread } from './helperThread.ts';
import { command, copyPart, halves, type StepLayout, StepMemory } from './layout.ts';

/**
 * Trains with each batch in two halves, each in one part or several: this thread computes one, a helper thread the other, or
 * with one thread this one both, which gives the same numbers. The mean gradient of a batch goes through AdamW in both threads alike, at the
 * beginning of the run of the next batch, so that they meet once a step; until then the update is *due*.
 */
export class HalvesStepper implements Stepper {
  readonly several = null;
  readonly #half: HalfSession;
  readonly #helper: HelperThread | null;
  /** Of the update that is due; null: none is. */
  #due: Float32Array | null = null;
  /** Which gradients in the memory are those of the last batch. */
  #last: 0 | 1 = 0;
  #settled = true;
  #slotsReplaced = true;

  private constructor(half: HalfSession, helper: HelperThread | null, weights: Weights) {
    this.#half = half;
    this.#helper = helper;
    half.current.parameters.set(weights.parameters);
  }

  /** @throws DomainError ENGINE_FAILED, ENGINE_MISSING */
  static async open(
    { program, layout }: { program: PartProgram; layout: StepLayout },
    weights: Weights,
    options: RuntimeOptions,
  ): Promise<HalvesStepper> {
    const threads = Math.max(1, Math.floor(options.threads / halves));
    const model = emitOnnx(program.graph, await dialectOf('cpu', threads));
    const memory = new StepMemory(layout);
    const half = HalfSession.open(model, layout, memory, threads);
    try {
      const helper = options.threads >= halves ? await HelperThread.start(model, layout, memory, threads) : null;
      return new HalvesStepper(half, helper, weights);
    } catch (error) {
      half.session.release();
      throw error;
    }
  }

  async step(feeds: Feeds, hyper: Float32Array): Promise<number> {
    this.#setUpdate();
    const loss = await this.#run(feeds);
    if (this.#due !== null) this.#half.advance();
    this.#due = hyper.slice();
    this.#last = this.#last === 0 ? 1 : 0;
    this.#settled = false;
    this.#slotsReplaced = false;
    return loss;
  }

  async learnt(): Promise<Learnt> {
    this.#settle();
    const { parameters } = this.#due === null ? this.#half.current : this.#half.next;
    return { parameters: tensor(parameters), state: noState };
  }

  async setWeights({ parameters }: Weights): Promise<void> {
    this.#settle();
    if (this.#due !== null) this.#half.advance();
    this.#due = null;
    this.#half.current.parameters.set(parameters);
    this.#slotsReplaced = true;
  }

  async close(): Promise<void> {
    await this.#helper?.stop();
    this.#half.session.release();
  }

  /** Computes the update that is due, without a new batch: what the next step will compute again, from the same numbers. */
  #settle(): void {
    if (this.#settled) return;
    this.#setUpdate();
    this.#half.run(0, this.#last);
    this.#settled = true;
  }

  /** The runs take the update that is due, if one is. */
  #setUpdate(): void {
    const { memory } = this.#half;
    // Keeps the parameters to the bit: times 1, minus 0 / 1.
    memory.hyper.set(this.#due ?? [1, 0, 1]);
    if (this.#due === null) memory.gradients[this.#last].fill(0);
  }

  /** Every part; gradients are in place afterwards. @returns the loss */
  async #run(feeds: Feeds): Promise<number> {
    const half = this.#half;
    const { parts } = half.memory;
    sharesOf(feeds[names.rowWeights]!, parts.length).forEach((share, part) => {
      parts[part]!.share[0] = share;
    });
    const middle = parts.length / halves;
    for (let part = middle; part < parts.length; part++) this.#copy(feeds, part);
    if (this.#helper) this.#handOver(this.#helper);
    for (let part = 0; part < middle; part++) this.#copy(feeds, part);
    for (let part = 0; part < middle; part++) half.run(part, this.#last);
    if (this.#helper) await this.#helper.finished();
    else for (let part = middle; part < parts.length; part++) half.run(part, this.#last);
    return parts.reduce((sum, { loss }) => sum + loss[0]!, 0);
  }

  /** Lets the helper begin with the second half. */
  #handOver(helper: HelperThread): void {
    if (this.#slotsReplaced) {
      const { parameters, firstMoment, secondMoment } = this.#half.current;
      const { slots } = this.#half.memory;
      for (const [i, slot] of [parameters, firstMoment, secondMoment].entries()) slots.set(slot, i * slot.length);
    }
    const bits = { updateIsDue: this.#due !== null, replaceSlots: this.#slotsReplaced, odd: this.#last === 1 } as const;
    helper.begin(
      (bits.updateIsDue ? command.updateIsDue : 0) |
        (bits.replaceSlots ? command.replaceSlots : 0) |
        (bits.odd ? command.odd : 0),
    );
  }

  #copy(feeds: Feeds, part: number): void {
    const { memory, layout } = this.#half;
    const { inputs, share } = memory.parts[part]!;
    for (const input of layout.inputs) copyPart(input, feeds[input.name]!, [part, layout.parts], inputs[input.name]!);
    // A part of nothing but padding has no mean: it counts its padding, and counts for nothing.
    if (share[0] === 0) inputs[names.rowWeights]!.fill(1);
  }
}

const noState = tensor(new Float32Array(0));

/** Of each part in the row weights of the batch. */
function sharesOf(rowWeights: Float32Array, parts: number): number[] {
  const rows = rowWeights.length / parts;
  const sums = Array.from({ length: parts }, (_, part) => sum(rowWeights.subarray(part * rows, (part + 1) * rows)));
  const total = sum(sums);
  return sums.map((part) => part / total);
}

function sum(values: ArrayLike<number> & Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
