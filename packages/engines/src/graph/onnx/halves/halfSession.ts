import { feeds as names, fetches } from '../../program.ts';
import { type BoundArrays, BoundSession } from '../boundSession.ts';
import type { StepLayout, StepMemory } from './layout.ts';

/** Parameters and moments, all [parameterCount]. */
export type Slots = Readonly<Record<'parameters' | 'firstMoment' | 'secondMoment', Float32Array>>;

/** Runs the program of a part of a batch on the memory of the step, with parameters and moments of its own. */
export class HalfSession {
  readonly #slots: readonly [Slots, Slots];
  #turn: 0 | 1 = 0;
  /** By part, the slots read and the gradients read. */
  readonly #runs = new Map<string, () => void>();

  private constructor(
    readonly session: BoundSession,
    readonly layout: StepLayout,
    readonly memory: StepMemory,
  ) {
    const slots = (): Slots => ({
      parameters: new Float32Array(layout.parameterCount),
      firstMoment: new Float32Array(layout.parameterCount),
      secondMoment: new Float32Array(layout.parameterCount),
    });
    this.#slots = [slots(), slots()];
  }

  /** @throws DomainError ENGINE_FAILED, ENGINE_MISSING */
  static open(model: Uint8Array, layout: StepLayout, memory: StepMemory, threads: number): HalfSession {
    return new HalfSession(BoundSession.open(model, threads), layout, memory);
  }

  get current(): Slots {
    return this.#slots[this.#turn];
  }

  /** What `current` is once the update that is due is done; written by each run. */
  get next(): Slots {
    return this.#slots[1 - this.#turn]!;
  }

  /**
   * One part of the batch that lies in the memory, which the loss and the gradient of that part are written to.
   * @param last which gradients are those of the last batch: the others are written
   * @throws DomainError ENGINE_FAILED
   */
  run(part: number, last: 0 | 1): void {
    const key = `${part} ${this.#turn} ${last}`;
    let run = this.#runs.get(key);
    if (run === undefined) {
      run = this.#bind(part, last);
      this.#runs.set(key, run);
    }
    run();
  }

  /** The update that was due is done. */
  advance(): void {
    this.#turn = this.#turn === 0 ? 1 : 0;
  }

  #bind(part: number, last: 0 | 1): () => void {
    const { current, next, memory } = this;
    const { parameterCount, inputs } = this.layout;
    const vector = (values: Float32Array) => ({ values, shape: [values.length] });
    const batch: BoundArrays = Object.fromEntries(
      inputs.map(({ name, shape }) => [name, { values: memory.parts[part]!.inputs[name]!, shape }]),
    );
    const gradient = memory.gradients[1 - last]!.subarray(part * parameterCount, (part + 1) * parameterCount);
    return this.session.bind(
      {
        ...batch,
        [names.share]: vector(memory.parts[part]!.share),
        [names.hyper]: vector(memory.hyper),
        [names.gradients]: vector(memory.gradients[last]),
        [names.parameters]: vector(current.parameters),
        [names.firstMoment]: vector(current.firstMoment),
        [names.secondMoment]: vector(current.secondMoment),
      },
      {
        [fetches.loss]: { values: memory.parts[part]!.loss, shape: [] },
        [fetches.gradient]: vector(gradient),
        [fetches.parameters]: vector(next.parameters),
        [fetches.firstMoment]: vector(next.firstMoment),
        [fetches.secondMoment]: vector(next.secondMoment),
      },
    );
  }
}
