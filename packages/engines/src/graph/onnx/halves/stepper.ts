import { feeds as names, type PartProgram, type Weights } from '../../program.ts';
import type { Feeds, RuntimeOptions } from '../../runtime.ts';
import { dialectOf } from '../dialect.ts';
import { emitOnnx } from '../emit.ts';
import { type Learnt, type Stepper, tensor } from '../stepper.ts';
import { HalfSession } from './halfSession.ts';
import { HelperThread } from './helperThread.ts';
import { command, copyHalf, type StepLayout } from './layout.ts';

/**
 * Trains with each batch in two halves: this thread computes one, a helper thread the other, or with one thread this one
 * both, which gives the same numbers. The mean gradient of a batch goes through AdamW in both threads alike, at the
 * beginning of the run of the next batch, so that they meet once a step; until then the update is *due*.
 */
export class HalvesStepper implements Stepper {
  readonly several = null;
  readonly #half: HalfSession;
  readonly #helper: HelperThread | null;
  readonly #layout: StepLayout;
  /** Of the update that is due; null: none is. */
  #due: Float32Array | null = null;
  #settled = true;
  #slotsReplaced = true;

  private constructor(half: HalfSession, helper: HelperThread | null, layout: StepLayout, weights: Weights) {
    this.#half = half;
    this.#helper = helper;
    this.#layout = layout;
    half.current.parameters.set(weights.parameters);
  }

  /** @throws DomainError ENGINE_FAILED, ENGINE_MISSING */
  static async open(
    { program, layout }: { program: PartProgram; layout: StepLayout },
    weights: Weights,
    options: RuntimeOptions,
  ): Promise<HalvesStepper> {
    const threads = Math.max(1, Math.floor(options.threads / program.parts));
    const model = emitOnnx(program.graph, await dialectOf('cpu', threads));
    const half = HalfSession.open(model, layout, threads);
    try {
      const helper = options.threads >= program.parts ? await HelperThread.start(model, layout, threads) : null;
      return new HalvesStepper(half, helper, layout, weights);
    } catch (error) {
      half.session.release();
      throw error;
    }
  }

  async step(feeds: Feeds, hyper: Float32Array): Promise<number> {
    const loss = await this.#run(feeds);
    if (this.#due !== null) this.#half.advance();
    this.#due = hyper.slice();
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
    this.#half.setUpdate(this.#due);
    this.#half.run(1);
    this.#settled = true;
  }

  /** Both halves; gradients are in place afterwards. @returns the loss */
  async #run(feeds: Feeds): Promise<number> {
    const { parameterCount: count } = this.#layout;
    const shares = sharesOf(feeds[names.rowWeights]!);
    const half = this.#half;
    half.setUpdate(this.#due);
    if (this.#helper === null) {
      this.#copy(feeds, shares, 0, half.inputs);
      const firstLoss = half.run(shares[0]);
      // The second half still reads the gradients of the batch before.
      const first = half.gradient.slice();
      this.#copy(feeds, shares, 1, half.inputs);
      const secondLoss = half.run(shares[1]);
      half.gradients.set(first);
      half.gradients.set(half.gradient, count);
      return firstLoss + secondLoss;
    }
    const { memory } = this.#helper;
    this.#copy(feeds, shares, 1, memory.inputs);
    this.#handOver(this.#helper, shares[1]);
    this.#copy(feeds, shares, 0, half.inputs);
    const firstLoss = half.run(shares[0]);
    half.gradients.set(half.gradient);
    await this.#helper.finished();
    memory.firstGradient.set(half.gradient);
    half.gradients.set(memory.secondGradient, count);
    return firstLoss + memory.loss[0]!;
  }

  /** Lets the helper begin with the second half, whose inputs lie in the shared memory. */
  #handOver(helper: HelperThread, share: number): void {
    const { memory } = helper;
    memory.share[0] = share;
    if (this.#due) memory.hyper.set(this.#due);
    if (this.#slotsReplaced) {
      const { parameters, firstMoment, secondMoment } = this.#half.current;
      const count = this.#layout.parameterCount;
      for (const [i, slot] of [parameters, firstMoment, secondMoment].entries()) memory.slots.set(slot, i * count);
    }
    helper.begin((this.#due ? command.updateIsDue : 0) | (this.#slotsReplaced ? command.replaceSlots : 0));
  }

  #copy(feeds: Feeds, shares: Shares, half: 0 | 1, to: Readonly<Record<string, Float32Array>>): void {
    for (const input of this.#layout.inputs) copyHalf(input, feeds[input.name]!, half, to[input.name]!);
    // A half of nothing but padding has no mean: it counts its padding, and counts for nothing.
    if (shares[half] === 0) to[names.rowWeights]!.fill(1);
  }
}

const noState = tensor(new Float32Array(0));

/** Of each half in the row weights of the batch. */
type Shares = readonly [number, number];

function sharesOf(rowWeights: Float32Array): Shares {
  const middle = rowWeights.length / 2;
  const [first, second] = [sum(rowWeights.subarray(0, middle)), sum(rowWeights.subarray(middle))];
  return [first / (first + second), second / (first + second)];
}

function sum(values: Float32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
