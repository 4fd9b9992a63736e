import { sizeOf } from '../../ir.ts';
import { feeds as names, type PartProgram, type Weights } from '../../program.ts';
import type { Feeds, RuntimeOptions } from '../../runtime.ts';
import { dialectOf } from '../dialect.ts';
import { emitOnnx } from '../emit.ts';
import { type OnnxSession, openSession } from '../session.ts';
import { data, type Learnt, type Stepper, tensor } from '../stepper.ts';
import { HalfSession, type HalfStep } from './halfSession.ts';
import { HelperThread } from './helperThread.ts';
import { command, halfOf, halves, type StepLayout } from './layout.ts';

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
  /** Gradients of both halves, one after the other, of the last batch. */
  readonly #gradients: Float32Array;
  /** Of the update that is due; null: none is. */
  #due: Float32Array | null = null;
  #settled = true;
  #slotsReplaced = true;
  /** The halves of the last batch. */
  #steps: readonly [HalfStep, HalfStep] | null = null;
  /** Where halves are copied to that do not lie together in the batch: [first, second]. */
  readonly #copies: readonly [Record<string, Float32Array>, Record<string, Float32Array>];

  private constructor(half: HalfSession, helper: HelperThread | null, weights: Weights) {
    this.#half = half;
    this.#helper = helper;
    this.#layout = half.layout;
    this.#gradients = new Float32Array(halves * half.layout.parameterCount);
    this.#copies = [emptyInputs(half.layout), helper?.memory.inputs ?? emptyInputs(half.layout)];
    data(half.current.parameters).set(weights.parameters);
  }

  /** @throws DomainError ENGINE_FAILED */
  static async open(
    { program, layout }: { program: PartProgram; layout: StepLayout },
    weights: Weights,
    options: RuntimeOptions,
  ): Promise<HalvesStepper> {
    const threads = Math.max(1, Math.floor(options.threads / halves));
    const model = emitOnnx(program.graph, await dialectOf('cpu', threads));
    const session: OnnxSession = await openSession(() => model, { ...options, device: 'cpu', threads });
    try {
      const helper = options.threads >= halves ? await HelperThread.start(model, layout, threads) : null;
      return new HalvesStepper(new HalfSession(session, layout), helper, weights);
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  async step(feeds: Feeds, hyper: Float32Array): Promise<number> {
    this.#steps = this.#cut(feeds);
    const loss = await this.#run(this.#steps);
    if (this.#due !== null) this.#half.advance();
    this.#due = hyper.slice();
    this.#settled = false;
    this.#slotsReplaced = false;
    return loss;
  }

  async learnt(): Promise<Learnt> {
    await this.#settle();
    const { parameters } = this.#due === null ? this.#half.current : this.#half.next;
    return { parameters, state: noState };
  }

  async setWeights({ parameters }: Weights): Promise<void> {
    await this.#settle();
    if (this.#due !== null) this.#half.advance();
    this.#due = null;
    data(this.#half.current.parameters).set(parameters);
    this.#slotsReplaced = true;
  }

  async close(): Promise<void> {
    await this.#helper?.stop();
    await this.#half.session.release();
  }

  /** Computes the update that is due, without a new batch: what the next step will compute again, from the same numbers. */
  async #settle(): Promise<void> {
    if (this.#settled || this.#steps === null) return;
    this.#half.setUpdate(this.#update());
    await this.#half.run(this.#steps[0]);
    this.#settled = true;
  }

  /** Both halves; gradients are in place afterwards. @returns the loss */
  async #run([first, second]: readonly [HalfStep, HalfStep]): Promise<number> {
    const count = this.#layout.parameterCount;
    this.#half.setUpdate(this.#update());
    if (this.#helper === null) {
      const firstLoss = await this.#half.run(first);
      this.#gradients.set(this.#half.gradient);
      const secondLoss = await this.#half.run(second);
      this.#gradients.set(this.#half.gradient, count);
      return firstLoss + secondLoss;
    }
    const { memory } = this.#helper;
    this.#handOver(this.#helper, second);
    const firstLoss = await this.#half.run(first);
    await this.#helper.finished();
    memory.gradients.set(this.#half.gradient);
    this.#gradients.set(memory.gradients);
    return firstLoss + memory.loss[0]!;
  }

  #update(): { hyper: Float32Array; gradients: Float32Array } | null {
    return this.#due && { hyper: this.#due, gradients: this.#gradients };
  }

  /** Lets the helper begin with the second half, whose inputs lie in the shared memory. */
  #handOver(helper: HelperThread, { share }: HalfStep): void {
    const { memory } = helper;
    memory.share[0] = share;
    if (this.#due) memory.hyper.set(this.#due);
    if (this.#slotsReplaced) {
      const { parameters, firstMoment, secondMoment } = this.#half.current;
      const count = this.#layout.parameterCount;
      for (const [i, slot] of [parameters, firstMoment, secondMoment].entries())
        memory.slots.set(data(slot), i * count);
    }
    helper.begin((this.#due ? command.updateIsDue : 0) | (this.#slotsReplaced ? command.replaceSlots : 0));
  }

  #cut(feeds: Feeds): readonly [HalfStep, HalfStep] {
    const { inputs } = this.#layout;
    const cut = (half: number, copies: Record<string, Float32Array>) =>
      Object.fromEntries(
        inputs.map((input) => [input.name, halfOf(input, feeds[input.name]!, half, copies[input.name]!)]),
      );
    const [first, second] = [cut(0, this.#copies[0]), cut(1, this.#copies[1])];
    const rows = [first, second].map((half) => sum(half[names.rowWeights]!)) as [number, number];
    const step = (half: Record<string, Float32Array>, i: 0 | 1) => {
      // A half of nothing but padding has no mean: it counts its padding, and counts for nothing.
      if (rows[i] === 0) half[names.rowWeights]!.fill(1);
      return { inputs: half, share: rows[i] / (rows[0] + rows[1]) };
    };
    return [step(first, 0), step(second, 1)];
  }
}

const noState = tensor(new Float32Array(0));

function emptyInputs({ inputs }: StepLayout): Record<string, Float32Array> {
  return Object.fromEntries(inputs.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))]));
}

function sum(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0);
}
