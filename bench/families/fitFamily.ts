import { realisedLabels } from '@twostage/core/evaluation/realisedLabels';
import type { FamilyId } from '@twostage/core/families/family';
import { resolveParameters } from '@twostage/core/families/parameters';
import { catalogue } from '@twostage/families/catalogue';
import type { FitInput, PredictInput } from '@twostage/families/trainer';
import { trainers } from '@twostage/families/trainers';
import { costBasisPoints, type Forecast } from './scores.ts';
import type { Ground } from './ground.ts';

export interface FamilyFit {
  readonly forecast: Forecast;
  readonly importances: readonly { readonly feature: string; readonly value: number }[] | null;
}

/** A family with its default parameters, fitted and asked as a training does. Loads its engine. */
export async function fitFamily(family: FamilyId, ground: Ground): Promise<FamilyFit> {
  const input = fitInputOf(family, ground);
  const model = await (await trainers[family]()).fit(input);
  try {
    const prediction = await model.predict(askedOf(ground));
    const positions = catalogue[family].output === 'position';
    return {
      forecast: { ...prediction, ...(positions && { positions }) },
      importances: model.importances?.() ?? null,
    };
  } finally {
    await model.close();
  }
}

export function fitInputOf(family: FamilyId, { panel, targets, rows, lookback, seed }: Ground): FitInput {
  const { parameters, targets: learns } = catalogue[family];
  return {
    ...{ panel, lookback, seed },
    target: targets[0].values,
    targets: learns === 'together' ? targets : [targets[0]],
    train: rows.train,
    validation: rows.validation,
    parameters: resolveParameters(catalogue[family], 'costBasisPoints' in parameters.shape ? { costBasisPoints } : {}),
    threads: 1,
    device: 'cpu',
    report: async () => {},
    note: () => {},
  };
}

/** The test rows, outcomes told as they become known. */
export function askedOf({ panel, targets: [{ values, labelBars }], rows, lookback }: Ground): PredictInput {
  const realised = realisedLabels(panel, values, labelBars);
  return { panel, rows: rows.test, realised, lookback, threads: 1, device: 'cpu' };
}
