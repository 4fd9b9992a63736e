import { hyperLength } from '../../adamw.ts';
import { type Shape, sizeOf } from '../../ir.ts';
import { feeds as names, fetches } from '../../program.ts';
import { type BoundArrays, BoundSession } from '../boundSession.ts';
import { halves, type StepLayout } from './layout.ts';

/** Parameters and moments, all [parameterCount]. */
export type Slots = Readonly<Record<'parameters' | 'firstMoment' | 'secondMoment', Float32Array>>;

/** Runs the program of half a batch, with parameters and moments of its own. */
export class HalfSession {
  /** What a run reads of the half batch, to be written before it. */
  readonly inputs: Readonly<Record<string, Float32Array>>;
  /** [halves · parameterCount], to be written before a run with an update: the gradients of the last batch. */
  readonly gradients: Float32Array;
  /** Of the half batch that ran last. */
  readonly gradient: Float32Array;
  readonly #slots: readonly [Slots, Slots];
  /** From the one slots to the other, and back. */
  readonly #runs: readonly [() => void, () => void];
  readonly #share = new Float32Array(1);
  readonly #hyper = new Float32Array(hyperLength);
  readonly #loss = new Float32Array(1);
  #turn: 0 | 1 = 0;

  private constructor(
    readonly session: BoundSession,
    layout: StepLayout,
  ) {
    const { parameterCount } = layout;
    const slots = (): Slots => ({
      parameters: new Float32Array(parameterCount),
      firstMoment: new Float32Array(parameterCount),
      secondMoment: new Float32Array(parameterCount),
    });
    this.#slots = [slots(), slots()];
    this.gradient = new Float32Array(parameterCount);
    this.gradients = new Float32Array(halves * parameterCount);
    this.inputs = emptyInputs(layout);
    this.#runs = [this.#bind(layout, 0, 1), this.#bind(layout, 1, 0)];
  }

  /** @throws DomainError ENGINE_FAILED, ENGINE_MISSING */
  static open(model: Uint8Array, layout: StepLayout, threads: number): HalfSession {
    const session = BoundSession.open(model, threads);
    try {
      return new HalfSession(session, layout);
    } catch (error) {
      session.release();
      throw error;
    }
  }

  get current(): Slots {
    return this.#slots[this.#turn];
  }

  /** What `current` is once the update that is due is done; written by each run. */
  get next(): Slots {
    return this.#slots[this.#turn === 0 ? 1 : 0];
  }

  /** Takes the update that is due with the next runs; null: none is due, and `next` is of no use. */
  setUpdate(hyper: ArrayLike<number> | null): void {
    // Keeps the parameters to the bit: times 1, minus 0 / 1.
    this.#hyper.set(hyper ?? [1, 0, 1]);
    if (hyper === null) this.gradients.fill(0);
  }

  /**
   * @param share of this half in the row weights of the batch
   * @returns the half's part of the loss, before the step
   * @throws DomainError ENGINE_FAILED
   */
  run(share: number): number {
    this.#share[0] = share;
    this.#runs[this.#turn]();
    return this.#loss[0]!;
  }

  /** The update that was due is done. */
  advance(): void {
    this.#turn = this.#turn === 0 ? 1 : 0;
  }

  #bind({ inputs }: StepLayout, from: 0 | 1, to: 0 | 1): () => void {
    const whole = (values: Float32Array, shape: Shape = [values.length]) => ({ values, shape });
    const [current, next] = [this.#slots[from], this.#slots[to]];
    const batch: BoundArrays = Object.fromEntries(
      inputs.map(({ name, shape }) => [name, whole(this.inputs[name]!, shape)]),
    );
    return this.session.bind(
      {
        ...batch,
        [names.share]: whole(this.#share),
        [names.hyper]: whole(this.#hyper),
        [names.gradients]: whole(this.gradients),
        [names.parameters]: whole(current.parameters),
        [names.firstMoment]: whole(current.firstMoment),
        [names.secondMoment]: whole(current.secondMoment),
      },
      {
        [fetches.loss]: whole(this.#loss, []),
        [fetches.gradient]: whole(this.gradient),
        [fetches.parameters]: whole(next.parameters),
        [fetches.firstMoment]: whole(next.firstMoment),
        [fetches.secondMoment]: whole(next.secondMoment),
      },
    );
  }
}

const emptyInputs = ({ inputs }: StepLayout): Record<string, Float32Array> =>
  Object.fromEntries(inputs.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))]));
