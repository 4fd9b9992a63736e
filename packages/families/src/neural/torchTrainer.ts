import { DomainError } from '@twostage/core/errors';
import type { RowIndices } from '@twostage/core/panel/panel';
import type { FamilyParameters } from '@twostage/core/runs/config';
import type { FigureInput } from '@twostage/core/runs/figures';
import { meanSquaredError, meanSquaredErrorOf } from '@twostage/engines/graph/losses';
import type { Network } from '@twostage/engines/graph/network';
import { describeOnnx } from '@twostage/engines/graph/onnx/device';
import { exportOnnx, openOnnxModel } from '@twostage/engines/graph/onnx/model';
import { createOnnxRuntime } from '@twostage/engines/graph/onnx/runtime';
import { inferenceProgram } from '@twostage/engines/graph/program';
import { predictRows } from '@twostage/engines/graph/train';
import { fitStandardisation, standardise } from '../preprocessing/standardiser.ts';
import { fitTargetScale, reportInLabelUnit, scaleTarget } from '../preprocessing/targetScale.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import { barsRead, networkRows, rowsWithWindow } from './rows.ts';
import type { NetworkDrawing } from './drawing.ts';
import { type TorchFamily, TorchModel } from './torchModel.ts';
import type { TrainingSettings } from './trainingParameters.ts';
import { trainOn } from './trainOn.ts';

export interface TorchRecipe {
  readonly settings: TrainingSettings;
  /** Reads `featureInput` [features], `windowInput` [lookback, features] or both, as its family says; gives [batch, 1]. */
  readonly network: Network;
  /** What else than its forecasts is worth seeing. */
  readonly drawings?: readonly NetworkDrawing[];
}

/**
 * The trainer of a family of the Torch group with a point forecast: minimises the mean squared error of the standardised target
 * by AdamW, over the training rows (those with a full window, where windows are read), and keeps the weights of the epoch with
 * the best validation loss.
 * @param recipe what the parameters ask for. @param size.lookback bars read at a row
 */
export function torchTrainer(
  family: TorchFamily,
  recipe: (parameters: FamilyParameters, size: { lookback: number; features: number }) => TorchRecipe,
): Trainer {
  return {
    fit: (input) => fit(family, input, recipe),
    load: (directory, threads, device) => TorchModel.load(family, directory, { threads, device, note: () => {} }),
    describe: (threads, device) => describeOnnx({ threads, device, note: () => {} }),
  };
}

async function fit(
  family: TorchFamily,
  input: FitInput,
  recipe: Parameters<typeof torchTrainer>[1],
): Promise<FittedModel> {
  const { panel, target, threads, device } = input;
  const lookback = barsRead(family.input, input.lookback);
  const features = panel.featureNames.length;
  const train = trainableRows(family, input, lookback);
  const validation = rowsWithWindow(panel, input.validation, lookback);
  const standardisation = fitStandardisation(panel, input.train);
  const scale = fitTargetScale(target, train);
  const matrix = standardise(panel, standardisation);
  const labelled = (rows: RowIndices) => ({
    ...networkRows(family.input, matrix, features, rows, lookback),
    targets: scaleTarget(target, rows, scale),
  });

  const { network, settings, drawings = [] } = recipe(input.parameters, { lookback, features });
  const weights = await trainOn(createOnnxRuntime, input, settings, {
    network,
    loss: meanSquaredError,
    targetShape: [],
    train: labelled(train),
    validation: labelled(validation),
    validationLoss: meanSquaredErrorOf,
    report: reportInLabelUnit(input.report, scale),
  });
  const exported = (of: Network) =>
    exportOnnx(inferenceProgram(of, settings.batchSize, weights), { family: family.id });
  const description = { family: family.id, version: 1, lookback, standardisation, target: scale } as const;
  const options = { threads, device, note: () => {} };
  return TorchModel.open(family, exported(network), description, options, async (source, featureNames) => {
    const figures: FigureInput[] = [];
    for (const drawing of drawings) {
      const opened = await openOnnxModel(exported(drawing.network), options);
      try {
        figures.push(drawing.draw(await predictRows(opened, source), source.rows, featureNames));
      } finally {
        await opened.close();
      }
    }
    return figures;
  });
}

/** @throws DomainError TOO_FEW_BARS if no training row has what the network reads */
function trainableRows({ id, input }: TorchFamily, { panel, train }: FitInput, lookback: number): RowIndices {
  const rows = rowsWithWindow(panel, train, lookback);
  if (rows.length > 0) return rows;
  const needed = input === 'tabular' ? 'at least 1 training row' : `a training row with ${lookback} bars behind it`;
  throw new DomainError('TOO_FEW_BARS', `${id} needs ${needed}, got ${train.length} rows without any`);
}
