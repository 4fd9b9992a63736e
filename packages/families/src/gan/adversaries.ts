import { DomainError } from '@twostage/core/errors';
import { Random } from '@twostage/core/random';
import { adamWDefaults, adamWHyper } from '@twostage/engines/graph/adamw';
import { type LabelledRows, TrainingBatch } from '@twostage/engines/graph/batch';
import { inferenceProgram, trainingProgram, type Weights } from '@twostage/engines/graph/program';
import type { Feeds, RuntimeFactory, RuntimeOptions, StepRuntime } from '@twostage/engines/graph/runtime';
import { type BatchPredictor, batchPredictor } from '@twostage/engines/graph/train';
import { fillNormal, initialWeights } from '@twostage/engines/graph/weights';
import {
  discriminatorFeed,
  discriminatorLoss,
  discriminatorNetwork,
  type GanSize,
  generatorFeed,
  generatorInTraining,
  generatorLoss,
  labelInput,
  latentInput,
} from './network.ts';

export interface AdversarySettings {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly batchSize: number;
  /** Steps of the discriminator for each of the generator. */
  readonly discriminatorSteps: number;
  /** Share of the averaged generator that stays at each step. */
  readonly averaging: number;
}

/** Losses of one step; each before it. */
export interface AdversaryLosses {
  readonly generator: number;
  readonly discriminator: number;
}

/** Rows that features and labels are drawn from: `targets` are the standardised labels. */
export type AdversaryRows = LabelledRows;

/** Momenta as for the spectrally normalised networks of Miyato et al. 2018: none of the gradient, its square over ten steps. */
const momenta = { ...adamWDefaults, beta1: 0, beta2: 0.9 } as const;

/** Rows a call where the generator predicts. */
const predictedRows = 4096;

/** A generator and a discriminator that learn from each other in turns, each on a runtime of its own. */
export class Adversaries {
  readonly #settings: AdversarySettings;
  readonly #generator: StepRuntime;
  readonly #discriminator: StepRuntime;
  readonly #predictor: BatchPredictor;
  readonly #batches: { readonly generator: TrainingBatch; readonly discriminator: TrainingBatch };
  readonly #latents: Random;
  #weights: { generator: Weights; discriminator: Weights };
  #averaged: Float32Array;
  #steps = 0;

  private constructor(
    settings: AdversarySettings,
    seed: number,
    programs: ReturnType<typeof programsOf>,
    parts: {
      predictor: BatchPredictor;
      generator: StepRuntime;
      discriminator: StepRuntime;
      weights: { generator: Weights; discriminator: Weights };
    },
  ) {
    this.#settings = settings;
    this.#generator = parts.generator;
    this.#predictor = parts.predictor;
    this.#discriminator = parts.discriminator;
    this.#weights = parts.weights;
    this.#averaged = parts.weights.generator.parameters.slice();
    this.#latents = new Random(seed, 6);
    this.#batches = {
      generator: new TrainingBatch(programs.generator, seed),
      discriminator: new TrainingBatch(programs.discriminator, seed),
    };
  }

  static async create(
    size: GanSize,
    settings: AdversarySettings,
    seed: number,
    createRuntime: RuntimeFactory,
    options: RuntimeOptions,
  ): Promise<Adversaries> {
    const programs = programsOf(size, settings.batchSize);
    const weights = {
      generator: initialWeights(programs.generator.spec, seed),
      discriminator: initialWeights(programs.discriminator.spec, seed + 1),
    };
    const discriminator = await createRuntime({
      training: programs.discriminator,
      inference: inferenceProgram(discriminatorNetwork(size), settings.batchSize),
      weights: weights.discriminator,
      options,
      oneByOne: true,
    });
    try {
      const inference = inferenceProgram(generatorInTraining(size), predictedRows);
      const generator = await createRuntime({
        training: programs.generator,
        inference,
        weights: weights.generator,
        // What there is to say of the device was said once.
        options: { ...options, note: () => {} },
        oneByOne: true,
      });
      const predictor = batchPredictor(generator, inference);
      return new Adversaries(settings, seed, programs, { generator, discriminator, predictor, weights });
    } catch (error) {
      await discriminator.close();
      throw error;
    }
  }

  /**
   * One turn of each: the discriminator on every batch of rows given, then the generator on the last of them.
   * @param batches rows of `source`, at most a batch each, `discriminatorSteps` of them
   * @throws DomainError ENGINE_FAILED if a loss ceases to be a number
   */
  async step(source: AdversaryRows, batches: readonly Uint32Array[]): Promise<AdversaryLosses> {
    const { generator, discriminator } = this.#batches;
    this.#steps++;
    let discriminatorLoss = 0;
    for (const [i, rows] of batches.entries()) {
      discriminator.fill(withLabels(source), rows);
      const frozen = { [`${generatorFeed}.parameters`]: this.#weights.generator.parameters };
      const step = (this.#steps - 1) * batches.length + i + 1;
      discriminatorLoss += await this.#run(this.#discriminator, { ...discriminator.feeds(), ...frozen }, step);
    }
    this.#weights = { ...this.#weights, discriminator: await this.#discriminator.weights() };
    generator.fill(this.#withLatents(source), batches.at(-1)!);
    const { parameters, state } = this.#weights.discriminator;
    const frozen = { [`${discriminatorFeed}.parameters`]: parameters, [`${discriminatorFeed}.state`]: state };
    const generatorLoss = await this.#run(this.#generator, { ...generator.feeds(), ...frozen }, this.#steps);
    this.#weights = { ...this.#weights, generator: await this.#generator.weights() };
    this.#average();
    return { generator: generatorLoss, discriminator: discriminatorLoss / batches.length };
  }

  /** The generator averaged over its steps (Yazıcı et al. 2019): where it circles, the average is near the middle. */
  averagedGenerator(): Weights {
    return { parameters: this.#averaged.slice(), state: this.#weights.generator.state };
  }

  /** Lets the averaged generator predict, while `use` lasts. */
  async withAveraged<T>(use: (generator: BatchPredictor) => Promise<T>): Promise<T> {
    await this.#generator.setWeights(this.averagedGenerator());
    try {
      return await use(this.#predictor);
    } finally {
      await this.#generator.setWeights(this.#weights.generator);
    }
  }

  async close(): Promise<void> {
    await this.#generator.close();
    await this.#discriminator.close();
  }

  async #run(runtime: StepRuntime, feeds: Feeds, step: number): Promise<number> {
    const { learningRate, weightDecay } = this.#settings;
    const loss = await runtime.step(feeds, adamWHyper(step, { ...momenta, learningRate, weightDecay }));
    if (Number.isFinite(loss)) return loss;
    throw new DomainError('ENGINE_FAILED', `the loss is ${loss} at step ${step}: try a lower learning rate`);
  }

  #withLatents(source: AdversaryRows): AdversaryRows {
    const fill: AdversaryRows['fill'] = (rows, inputs) => {
      source.fill(rows, inputs);
      fillNormal(inputs[latentInput]!, this.#latents);
    };
    return { ...source, fill };
  }

  /** Over the last quarter of the steps so far at first: those in which it knew nothing are soon forgotten. */
  #average(): void {
    const keep = Math.min(this.#settings.averaging, this.#steps / (this.#steps + 4));
    const { parameters } = this.#weights.generator;
    for (let i = 0; i < parameters.length; i++) {
      this.#averaged[i] = keep * this.#averaged[i]! + (1 - keep) * parameters[i]!;
    }
  }
}

function programsOf(size: GanSize, batchSize: number) {
  const settings = { targetShape: [], optimizer: momenta, clipNorm: 0 };
  return {
    generator: trainingProgram(generatorInTraining(size), batchSize, { ...settings, loss: generatorLoss }),
    discriminator: trainingProgram(discriminatorNetwork(size), batchSize, { ...settings, loss: discriminatorLoss }),
  };
}

function withLabels(source: AdversaryRows): AdversaryRows {
  const fill: AdversaryRows['fill'] = (rows, inputs) => {
    source.fill(rows, inputs);
    const labels = inputs[labelInput]!;
    rows.forEach((row, i) => {
      labels[i] = source.targets[row]!;
    });
  };
  return { ...source, fill };
}
