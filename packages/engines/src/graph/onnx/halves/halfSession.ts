import type { Tensor } from 'onnxruntime-node';
import { hyperLength } from '../../adamw.ts';
import { feeds as names, fetches } from '../../program.ts';
import type { OnnxSession } from '../session.ts';
import { data, tensor } from '../stepper.ts';
import { halves, type StepLayout } from './layout.ts';

/** Parameters and moments, all [parameterCount]. */
export type Slots = Readonly<Record<'parameters' | 'firstMoment' | 'secondMoment', Tensor>>;

export interface HalfStep {
  readonly inputs: Readonly<Record<string, Float32Array>>;
  /** Of this half in the row weights of the batch. */
  readonly share: number;
}

/** Runs the program of half a batch, with parameters and moments of its own. */
export class HalfSession {
  current: Slots;
  /** What `current` is once the update that is due is done; written by each run. */
  next: Slots;
  /** Of the half batch that ran last. */
  readonly gradient: Float32Array;
  readonly #outputs: { readonly loss: Tensor; readonly gradient: Tensor };
  readonly #share = tensor(new Float32Array(1));
  readonly #hyper = tensor(new Float32Array(hyperLength));
  readonly #gradients: Tensor;

  constructor(
    readonly session: OnnxSession,
    readonly layout: StepLayout,
  ) {
    const vector = () => tensor(new Float32Array(layout.parameterCount));
    const slots = () => ({ parameters: vector(), firstMoment: vector(), secondMoment: vector() });
    [this.current, this.next] = [slots(), slots()];
    this.gradient = new Float32Array(layout.parameterCount);
    this.#outputs = { loss: tensor(new Float32Array(1), []), gradient: tensor(this.gradient) };
    this.#gradients = tensor(new Float32Array(halves * layout.parameterCount));
  }

  /** Takes the update that is due with the next runs; null: none is due, and `next` is of no use. */
  setUpdate(update: { hyper: Float32Array; gradients: Float32Array } | null): void {
    // Keeps the parameters to the bit: times 1, minus 0 / 1.
    data(this.#hyper).set(update?.hyper ?? [1, 0, 1]);
    if (update) data(this.#gradients).set(update.gradients);
    else data(this.#gradients).fill(0);
  }

  /** @returns the half's part of the loss, before the step */
  async run({ inputs, share }: HalfStep): Promise<number> {
    data(this.#share)[0] = share;
    const fed = this.layout.inputs.map(({ name, shape }) => [name, tensor(inputs[name]!, shape)] as const);
    await this.session.run(
      {
        ...Object.fromEntries(fed),
        [names.share]: this.#share,
        [names.hyper]: this.#hyper,
        [names.gradients]: this.#gradients,
        [names.parameters]: this.current.parameters,
        [names.firstMoment]: this.current.firstMoment,
        [names.secondMoment]: this.current.secondMoment,
      },
      {
        [fetches.loss]: this.#outputs.loss,
        [fetches.gradient]: this.#outputs.gradient,
        [fetches.parameters]: this.next.parameters,
        [fetches.firstMoment]: this.next.firstMoment,
        [fetches.secondMoment]: this.next.secondMoment,
      },
    );
    return data(this.#outputs.loss)[0]!;
  }

  /** The update that was due is done. */
  advance(): void {
    [this.current, this.next] = [this.next, this.current];
  }
}
