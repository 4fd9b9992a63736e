import type { RowIndices } from '@twostage/core/panel/panel';
import { LightgbmDataset } from '@twostage/engines/lightgbm/dataset';
import type { LightgbmParameters } from '@twostage/engines/lightgbm/parameters';
import { gatherLabels, gatherRows } from '../boosting/matrix.ts';
import { plainNames } from '../boosting/names.ts';
import type { FitInput } from '../trainer.ts';

/** A fold in LightGBM's bins: any number of boosters may train on it, one after another or in turns. */
export interface Blocks {
  readonly train: LightgbmDataset;
  /** null where there are no validation rows. */
  readonly validation: LightgbmDataset | null;
  /** After every booster that points into it. */
  readonly close: () => void;
}

/**
 * @param scale what labels are divided by
 * @throws DomainError ENGINE_MISSING, ENGINE_FAILED
 */
export function openBlocks(
  input: Pick<FitInput, 'panel' | 'target' | 'train' | 'validation'>,
  parameters: LightgbmParameters,
  scale = 1,
): Blocks {
  const train = dataset(input, input.train, parameters, scale);
  try {
    const { length } = input.validation;
    const validation = length > 0 ? dataset(input, input.validation, parameters, scale, train) : null;
    return {
      train,
      validation,
      close: () => {
        validation?.close();
        train.close();
      },
    };
  } catch (error) {
    train.close();
    throw error;
  }
}

function dataset(
  { panel, target }: Pick<FitInput, 'panel' | 'target'>,
  rows: RowIndices,
  parameters: LightgbmParameters,
  scale: number,
  reference?: LightgbmDataset,
): LightgbmDataset {
  const matrix = {
    values: gatherRows(panel, rows),
    rows: rows.length,
    columns: panel.featureNames.length,
    layout: 'rowMajor',
  } as const;
  const featureNames = plainNames(panel.featureNames);
  return LightgbmDataset.create(matrix, gatherLabels(target, rows, scale), parameters, { featureNames, reference });
}
