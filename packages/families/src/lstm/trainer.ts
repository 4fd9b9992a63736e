import { DomainError } from '@twostage/core/errors';
import type { RowIndices } from '@twostage/core/panel/panel';
import { adamWDefaults } from '@twostage/engines/graph/adamw';
import { meanSquaredError, meanSquaredErrorOf } from '@twostage/engines/graph/losses';
import { describeOnnx } from '@twostage/engines/graph/onnx/device';
import { exportOnnx } from '@twostage/engines/graph/onnx/model';
import { createOnnxRuntime } from '@twostage/engines/graph/onnx/runtime';
import { inferenceProgram, trainingProgram, type Weights } from '@twostage/engines/graph/program';
import { trainNetwork } from '@twostage/engines/graph/train';
import { initialWeights } from '@twostage/engines/graph/weights';
import type { z } from 'zod';
import { fitStandardisation, standardise } from '../preprocessing/standardiser.ts';
import { fitTargetScale, reportInLabelUnit, scaleTarget } from '../preprocessing/targetScale.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import type { parameters } from './definition.ts';
import { LstmModel } from './model.ts';
import { lstmNetwork } from './network.ts';
import { rowsWithWindow, windowSource } from './windows.ts';

type Settings = z.infer<typeof parameters>;

/** Minimises the mean squared error of the standardised target, over the windows that end at the training rows. */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, target, lookback, seed, threads, device, note } = input;
    const settings = input.parameters as Settings;
    const train = trainableRows(input);
    const validation = rowsWithWindow(panel, input.validation, lookback);
    const standardisation = fitStandardisation(panel, input.train);
    const scale = fitTargetScale(target, train);
    const matrix = standardise(panel, standardisation);
    const features = panel.featureNames.length;
    const labelled = (rows: RowIndices) => ({
      ...windowSource(matrix, features, rows, lookback),
      targets: scaleTarget(target, rows, scale),
    });

    const network = lstmNetwork({ ...settings, lookback, features });
    const batchSize = Math.min(settings.batchSize, train.length);
    const optimizer = { ...adamWDefaults, learningRate: settings.learningRate, weightDecay: settings.weightDecay };
    const training = trainingProgram(network, batchSize, {
      loss: meanSquaredError,
      targetShape: [],
      optimizer,
      clipNorm: settings.clipNorm,
    });
    const inference = inferenceProgram(network, settings.batchSize);
    const runtime = await createOnnxRuntime({
      training,
      inference,
      weights: initialWeights(training.spec, seed),
      options: { threads, device, note },
    });
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
    const bytes = exportOnnx(inferenceProgram(network, settings.batchSize, weights), { family: 'LSTM' });
    const description = { family: 'LSTM', version: 1, lookback, standardisation, target: scale } as const;
    return LstmModel.open(bytes, description, { threads, device, note: () => {} });
  },

  load: (directory, threads, device) => LstmModel.load(directory, threads, device),

  describe: (threads, device) => describeOnnx({ threads, device, note: () => {} }),
};

/** @throws DomainError TOO_FEW_BARS if no training row has a window */
function trainableRows({ panel, train, lookback }: FitInput): RowIndices {
  const rows = rowsWithWindow(panel, train, lookback);
  if (rows.length > 0) return rows;
  const message = `LSTM needs a training row with ${lookback} bars behind it, got ${train.length} rows without any`;
  throw new DomainError('TOO_FEW_BARS', message);
}
