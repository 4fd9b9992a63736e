import { DomainError } from '@twostage/core/errors';
import { Random } from '@twostage/core/random';
import { type AdamWSettings, adamWHyper } from './adamw.ts';
import { type LabelledRows, type RowSource, TrainingBatch } from './batch.ts';
import { type Shape, sizeOf } from './ir.ts';
import type { InputSpec } from './network.ts';
import type { InferenceProgram, TrainingProgram, Weights } from './program.ts';
import type { Feeds, StepRuntime } from './runtime.ts';
import { type StepSettings, StepTaker } from './takeSteps.ts';

export type { LabelledRows, RowSource } from './batch.ts';

/** What it says while it trains; a step is one batch. Losses are means over rows. */
export interface TrainProgress {
  readonly step: number;
  readonly totalSteps: number;
  /** Over this epoch so far. */
  readonly trainLoss: number | null;
  /** At the end of each epoch. */
  readonly validationLoss: number | null;
  readonly bestStep: number | null;
  readonly bestValidationLoss: number | null;
  /** The program's terms, over this epoch so far; absent where it has none. */
  readonly scalars?: Readonly<Record<string, number>>;
  /** Trained on since the last report. */
  readonly rows: number;
}

export interface TrainInput {
  readonly runtime: StepRuntime;
  readonly training: TrainingProgram;
  readonly inference: InferenceProgram;
  readonly train: LabelledRows;
  /** For early stopping; without rows, the last weights are kept. */
  readonly validation: LabelledRows;
  readonly optimizer: AdamWSettings;
  /** Loss of predictions [rows, …] against targets, as the progress shows it beside the training loss. */
  readonly validationLoss: (predictions: Float32Array, targets: Float32Array) => number;
  readonly epochs: number;
  /** It stops after so many steps at the latest, and judges the weights it has then; no bound if not given. */
  readonly maxSteps?: number;
  /** What the optimizer's learning rate is multiplied by at a step; 1 if not given. @param step 1-based */
  readonly learningRateScale?: (step: number, totalSteps: number) => number;
  /** Epochs without a better validation loss before it stops; 0: never early. */
  readonly patience: number;
  readonly seed: number;
  /** What the program is fed whole at a step, e.g. an annealed weight. @param step 1-based */
  readonly fed?: (step: number, totalSteps: number) => Feeds;
  /** Lets progress out and a cancel in. What it throws ends the training. */
  readonly report: (progress: TrainProgress) => Promise<void>;
}

export interface TrainResult {
  readonly steps: number;
  readonly bestStep: number | null;
  readonly bestValidationLoss: number | null;
}

/** A run of a step blocks the event loop; this often it is let go. */
const reportEveryMs = 100;

/**
 * Trains a network in shuffled mini-batches and leaves the runtime with the weights of the best epoch.
 * Shuffling and dropout are drawn from the seed: on CPU the same input gives the same weights, bit by bit.
 * @throws DomainError ENGINE_FAILED if the loss ceases to be a number
 */
export async function trainNetwork(input: TrainInput): Promise<TrainResult> {
  const { runtime, training, train, validation, optimizer } = input;
  if (train.rows === 0) throw new DomainError('TOO_FEW_BARS', 'a network needs at least 1 training row, got 0');
  const taker = new StepTaker(runtime, training, (count) => new TrainingBatch(training, input.seed, count));
  const order = Uint32Array.from({ length: train.rows }, (_, row) => row);
  const shuffling = new Random(input.seed, 2);
  const stepsPerEpoch = Math.ceil(train.rows / training.batchSize);
  const totalSteps = Math.min(stepsPerEpoch * input.epochs, input.maxSteps ?? Number.POSITIVE_INFINITY);
  let best: { step: number; epoch: number; loss: number; weights: Weights } | null = null;
  let step = 0;
  const termSums = new Float64Array(training.terms.length);
  let unreportedRows = 0;
  let reportedAt = performance.now();

  const report = async (lossSum: number, rowsDone: number, validationLoss: number | null) => {
    const rows = unreportedRows;
    unreportedRows = 0;
    const bestSoFar = { bestStep: best?.step ?? null, bestValidationLoss: best?.loss ?? null };
    const means = Object.fromEntries(training.terms.map((name, i) => [name, termSums[i]! / rowsDone]));
    const scalars = training.terms.length > 0 ? { scalars: means } : {};
    const trainLoss = lossSum / rowsDone;
    await input.report({ step, totalSteps, trainLoss, validationLoss, ...bestSoFar, ...scalars, rows });
    reportedAt = performance.now();
  };

  const settingsAt = (step: number): StepSettings => {
    const scale = input.learningRateScale?.(step, totalSteps) ?? 1;
    const hyper = adamWHyper(step, { ...optimizer, learningRate: optimizer.learningRate * scale });
    return { hyper, fed: input.fed?.(step, totalSteps) ?? {} };
  };

  for (let epoch = 1; step < totalSteps; epoch++) {
    shuffling.shuffle(order);
    let lossSum = 0;
    let rowsDone = 0;
    termSums.fill(0);
    const epochSteps = Math.min(stepsPerEpoch, totalSteps - step);
    for (let done = 0; done < epochSteps; ) {
      const batches = Array.from({ length: Math.min(taker.atOnce, epochSteps - done) }, (_, i) =>
        order.subarray((done + i) * training.batchSize, (done + i + 1) * training.batchSize),
      );
      const settings = batches.map((_, i) => settingsAt(step + 1 + i));
      for (const [i, { loss, terms }] of (await taker.take(train, batches, settings)).entries()) {
        step++;
        if (!Number.isFinite(loss)) {
          throw new DomainError('ENGINE_FAILED', `the loss is ${loss} at step ${step}: try a lower learning rate`);
        }
        const rows = batches[i]!.length;
        lossSum += loss * rows;
        for (let term = 0; term < terms.length; term++) termSums[term]! += terms[term]! * rows;
        rowsDone += rows;
        unreportedRows += rows;
      }
      done += batches.length;
      if (done < epochSteps && performance.now() - reportedAt >= reportEveryMs) await report(lossSum, rowsDone, null);
    }
    const validationLoss = await lossOn(input, validation);
    if (validationLoss !== null && (best === null || validationLoss < best.loss))
      best = { step, epoch, loss: validationLoss, weights: await runtime.weights() };
    await report(lossSum, rowsDone, validationLoss);
    if (best !== null && input.patience > 0 && epoch - best.epoch >= input.patience) break;
  }
  if (best !== null) await runtime.setWeights(best.weights);
  return { steps: step, bestStep: best?.step ?? null, bestValidationLoss: best?.loss ?? null };
}

/** A network that predicts in batches of one size: a runtime with its inference program, or a model that stands alone. */
export interface BatchPredictor {
  readonly batchSize: number;
  readonly inputs: readonly InputSpec[];
  /** Of a whole batch. */
  readonly outputShape: Shape;
  readonly predict: (feeds: Feeds) => Promise<Float32Array>;
}

/** A runtime as it predicts with its present weights. */
export function batchPredictor(
  runtime: StepRuntime,
  { batchSize, spec, outputShape }: InferenceProgram,
): BatchPredictor {
  return { batchSize, inputs: spec.inputs, outputShape, predict: (feeds) => runtime.predict(feeds) };
}

/**
 * The network's output for every row of a source, batch after batch.
 * @returns [rows, …output shape of one row]
 */
export async function predictRows(predictor: BatchPredictor, source: RowSource): Promise<Float32Array> {
  const { batchSize, inputs, outputShape } = predictor;
  const width = sizeOf(outputShape) / batchSize;
  const batch = Object.fromEntries(
    inputs.map(({ name, shape }) => [name, new Float32Array(batchSize * sizeOf(shape))]),
  );
  const result = new Float32Array(source.rows * width);
  let yieldedAt = performance.now();
  for (let start = 0; start < source.rows; start += batchSize) {
    const rows = range(start, Math.min(start + batchSize, source.rows));
    source.fill(rows, batch);
    const output = await predictor.predict(batch);
    result.set(output.subarray(0, rows.length * width), start * width);
    if (performance.now() - yieldedAt >= reportEveryMs) {
      await new Promise(setImmediate);
      yieldedAt = performance.now();
    }
  }
  return result;
}

async function lossOn(input: TrainInput, { rows, fill, targets }: LabelledRows): Promise<number | null> {
  if (rows === 0) return null;
  const predictions = await predictRows(batchPredictor(input.runtime, input.inference), { rows, fill });
  return input.validationLoss(predictions, targets);
}

function range(start: number, end: number): Uint32Array {
  return Uint32Array.from({ length: end - start }, (_, i) => start + i);
}
