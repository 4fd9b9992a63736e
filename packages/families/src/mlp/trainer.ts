import { DomainError } from '@twostage/core/errors';
import type { RowIndices } from '@twostage/core/panel/panel';
import { adamWDefaults } from '@twostage/engines/graph/adamw';
import { meanSquaredError, meanSquaredErrorOf } from '@twostage/engines/graph/losses';
import { inferenceProgram, trainingProgram, type Weights } from '@twostage/engines/graph/program';
import { trainNetwork } from '@twostage/engines/graph/train';
import { initialWeights } from '@twostage/engines/graph/weights';
import type { z } from 'zod';
import { fitStandardisation, standardise } from '../preprocessing/standardiser.ts';
import { fitTargetScale, reportInLabelUnit, scaleTarget } from '../preprocessing/targetScale.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import type { parameters } from './definition.ts';
import { chooseEngine } from './engine.ts';
import { featureSource, MlpModel } from './model.ts';
import { mlpNetwork } from './network.ts';

type Settings = z.infer<typeof parameters>;
const silent = () => {};

/** Minimises the mean squared error of the standardised target. */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, target, train, validation, seed, threads, device, note } = input;
    if (train.length === 0) throw new DomainError('TOO_FEW_BARS', 'MLP needs at least 1 training row, got 0');
    const settings = input.parameters as Settings;
    const options = { threads, device, note };
    const { engine, createRuntime } = await chooseEngine(options);

    const standardisation = fitStandardisation(panel, train);
    const scale = fitTargetScale(target, train);
    const features = panel.featureNames.length;
    const labelled = (rows: RowIndices) => ({
      ...featureSource(standardise(panel, standardisation, rows), features),
      targets: scaleTarget(target, rows, scale),
    });

    const size = { ...settings, features };
    const network = mlpNetwork(size);
    const optimizer = { ...adamWDefaults, learningRate: settings.learningRate, weightDecay: settings.weightDecay };
    const training = trainingProgram(network, Math.min(settings.batchSize, train.length), {
      loss: meanSquaredError,
      targetShape: [],
      optimizer,
      clipNorm: 0,
    });
    const inference = inferenceProgram(network, settings.batchSize);
    const runtime = await createRuntime({ training, inference, weights: initialWeights(training.spec, seed), options });
    let weights: Weights;
    try {
      await trainNetwork({
        runtime,
        training,
        inference,
        train: labelled(train),
        validation: labelled(validation),
        optimizer,
        validationLoss: meanSquaredErrorOf,
        epochs: settings.epochs,
        patience: settings.patience,
        seed,
        report: reportInLabelUnit(input.report, scale),
      });
      weights = await runtime.weights();
    } finally {
      await runtime.close();
    }
    const description = { family: 'MLP', version: 1, engine, standardisation, target: scale } as const;
    return MlpModel.create(size, weights, description, { threads, device, note: silent });
  },

  load: (directory, threads, device) => MlpModel.load(directory, { threads, device, note: silent }),

  describe: async (threads, device) => (await chooseEngine({ threads, device, note: silent })).description,
};
