import { Random } from '@twostage/core/random';
import type { Weights } from '@twostage/engines/graph/program';
import type { LabelledRows } from '@twostage/engines/graph/train';
import type { FitInput } from '../trainer.ts';
import type { Adversaries } from './adversaries.ts';

export interface EpochSettings {
  readonly batchSize: number;
  readonly discriminatorSteps: number;
  readonly epochs: number;
  readonly maxSteps: number;
  readonly patience: number;
}

export interface Contest {
  readonly adversaries: Adversaries;
  readonly rows: LabelledRows;
  /** How good the averaged generator is, in the label's unit: lower is better. Null where nothing is there to judge it by. */
  readonly trainLoss: () => Promise<number>;
  readonly validationLoss: () => Promise<number | null>;
}

/** Steps block the event loop; this often it is let go. */
const reportEveryMs = 100;

/** An epoch has so many steps at least: on few rows it goes through them several times before it is judged. */
const leastSteps = 25;

/**
 * Trains until the validation loss has not become better for `patience` epochs.
 * @returns the averaged generator of the best epoch; of the last one where nothing judges it
 */
export async function trainByEpochs(
  { seed, report }: Pick<FitInput, 'seed' | 'report'>,
  settings: EpochSettings,
  { adversaries, rows, trainLoss, validationLoss }: Contest,
): Promise<Weights> {
  const { batchSize, epochs, maxSteps, patience, discriminatorSteps } = settings;
  const batches = new Batches(rows.rows, batchSize, seed);
  const stepsPerEpoch = Math.max(leastSteps, Math.ceil(rows.rows / (batchSize * discriminatorSteps)));
  const totalSteps = Math.min(maxSteps, stepsPerEpoch * epochs);
  let best: { step: number; epoch: number; loss: number; weights: Weights } | null = null;
  let reportedAt = performance.now();
  let unreportedRows = 0;
  let step = 0;
  for (let epoch = 1; step < totalSteps; epoch++) {
    const start = step;
    const end = Math.min(start + stepsPerEpoch, totalSteps);
    const sums = { generator: 0, discriminator: 0 };
    const tell = async (losses: { trainLoss: number | null; validationLoss: number | null }) => {
      const done = step - start;
      const scalars = { generator: sums.generator / done, discriminator: sums.discriminator / done };
      const bestSoFar = { bestStep: best?.step ?? null, bestValidationLoss: best?.loss ?? null };
      const consumed = unreportedRows;
      unreportedRows = 0;
      await report({ step, totalSteps, ...losses, ...bestSoFar, scalars, rows: consumed });
      reportedAt = performance.now();
    };
    while (step < end) {
      const drawn = Array.from({ length: discriminatorSteps }, () => batches.next());
      const losses = await adversaries.step(rows, drawn);
      step++;
      sums.generator += losses.generator;
      sums.discriminator += losses.discriminator;
      unreportedRows += drawn.reduce((sum, batch) => sum + batch.length, 0);
      const late = performance.now() - reportedAt >= reportEveryMs;
      if (step < end && late) await tell({ trainLoss: null, validationLoss: null });
    }
    const losses = { trainLoss: await trainLoss(), validationLoss: await validationLoss() };
    const loss = losses.validationLoss;
    if (loss !== null && (best === null || loss < best.loss))
      best = { step, epoch, loss, weights: adversaries.averagedGenerator() };
    await tell(losses);
    if (best !== null && patience > 0 && epoch - best.epoch >= patience) break;
  }
  return best?.weights ?? adversaries.averagedGenerator();
}

/** Batches of all rows in shuffled order, over and over. */
class Batches {
  readonly #order: Uint32Array;
  readonly #batchSize: number;
  readonly #random: Random;
  #next: number;

  constructor(rows: number, batchSize: number, seed: number) {
    this.#order = Uint32Array.from({ length: rows }, (_, row) => row);
    this.#batchSize = batchSize;
    this.#random = new Random(seed, 2);
    this.#next = rows;
  }

  /** The last one before the rows begin anew may be shorter. */
  next(): Uint32Array {
    if (this.#next >= this.#order.length) {
      this.#random.shuffle(this.#order);
      this.#next = 0;
    }
    const start = this.#next;
    this.#next += this.#batchSize;
    // A copy: the order may be shuffled before the batch is used.
    return this.#order.slice(start, this.#next);
  }
}
