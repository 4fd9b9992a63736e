import { DomainError } from '@twostage/core/errors';
import { Random } from '@twostage/core/random';
import { type AdamWSettings, adamWHyper } from './adamw.ts';
import { type Shape, sizeOf } from './ir.ts';
import type { InputSpec } from './network.ts';
import { feeds as names, type InferenceProgram, type TrainingProgram, type Weights } from './program.ts';
import type { Feeds, StepRuntime } from './runtime.ts';
import { fillDropoutMask } from './weights.ts';

/** Rows a network predicts for, numbered from 0. */
export interface RowSource {
  readonly rows: number;
  /** Writes the network's inputs for some rows into the arrays of a batch, one after the other from its beginning. */
  readonly fill: (rows: Uint32Array, inputs: Record<string, Float32Array>) => void;
}

/** Rows a network is trained or judged on. */
export interface LabelledRows extends RowSource {
  /** [rows, …], as the loss wants them. */
  readonly targets: Float32Array;
}

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
  /** Epochs without a better validation loss before it stops; 0: never early. */
  readonly patience: number;
  readonly seed: number;
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
  const batch = batchArrays(training);
  const order = Uint32Array.from({ length: train.rows }, (_, row) => row);
  const shuffling = new Random(input.seed, 2);
  const dropout = new Random(input.seed, 3);
  const stepsPerEpoch = Math.ceil(train.rows / training.batchSize);
  const totalSteps = stepsPerEpoch * input.epochs;
  let best: { step: number; epoch: number; loss: number; weights: Weights } | null = null;
  let step = 0;
  let unreportedRows = 0;
  let reportedAt = performance.now();

  const report = async (trainLoss: number, validationLoss: number | null) => {
    const rows = unreportedRows;
    unreportedRows = 0;
    const bestSoFar = { bestStep: best?.step ?? null, bestValidationLoss: best?.loss ?? null };
    await input.report({ step, totalSteps, trainLoss, validationLoss, ...bestSoFar, rows });
    reportedAt = performance.now();
  };

  for (let epoch = 1; epoch <= input.epochs; epoch++) {
    shuffling.shuffle(order);
    let lossSum = 0;
    let rowsDone = 0;
    for (let start = 0; start < train.rows; start += training.batchSize) {
      const rows = order.subarray(start, start + training.batchSize);
      fillTrainingBatch(batch, training, train, rows, dropout);
      step++;
      const loss = await runtime.step(batch, adamWHyper(step, optimizer));
      if (!Number.isFinite(loss)) {
        throw new DomainError('ENGINE_FAILED', `the loss is ${loss} at step ${step}: try a lower learning rate`);
      }
      lossSum += loss * rows.length;
      rowsDone += rows.length;
      unreportedRows += rows.length;
      const lastOfEpoch = rowsDone === train.rows;
      if (!lastOfEpoch && performance.now() - reportedAt >= reportEveryMs) await report(lossSum / rowsDone, null);
    }
    const validationLoss = await lossOn(input, validation);
    if (validationLoss !== null && (best === null || validationLoss < best.loss))
      best = { step, epoch, loss: validationLoss, weights: await runtime.weights() };
    await report(lossSum / rowsDone, validationLoss);
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

/** Arrays for every input of a step but parameters, moments and hyper. */
function batchArrays({ graph, spec, dropouts }: TrainingProgram): Record<string, Float32Array> {
  const fed = [...spec.inputs, ...dropouts].map(({ name }) => name);
  const all = [...fed, names.target, names.rowWeights];
  return Object.fromEntries(all.map((name) => [name, new Float32Array(sizeOf(graph.inputs.get(name)!.shape))]));
}

/** Rows beyond those given keep what an earlier batch left there: their weight is 0. */
function fillTrainingBatch(
  batch: Record<string, Float32Array>,
  { dropouts, batchSize }: TrainingProgram,
  source: LabelledRows,
  rows: Uint32Array,
  random: Random,
): void {
  source.fill(rows, batch);
  const target = batch[names.target]!;
  const width = target.length / batchSize;
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < width; j++) target[i * width + j] = source.targets[rows[i]! * width + j]!;
  }
  batch[names.rowWeights]!.fill(1, 0, rows.length).fill(0, rows.length);
  for (const { name, rate } of dropouts) fillDropoutMask(batch[name]!, rate, random);
}

function range(start: number, end: number): Uint32Array {
  return Uint32Array.from({ length: end - start }, (_, i) => start + i);
}
