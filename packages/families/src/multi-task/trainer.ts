import type { RowIndices } from '@twostage/core/panel/panel';
import { meanSquaredErrorOf } from '@twostage/engines/graph/losses';
import { networkSpec } from '@twostage/engines/graph/program';
import type { z } from 'zod';
import { chooseEngine } from '../neural/engine.ts';
import { fitNetwork } from '../neural/fitNetwork.ts';
import { featureRows } from '../neural/rows.ts';
import { fitStandardisation, standardise } from '../preprocessing/standardiser.ts';
import { fitTargetScale, scaleTarget } from '../preprocessing/targetScale.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import type { parameters } from './definition.ts';
import { MultiTaskModel } from './model.ts';
import { multiTaskNetwork, scalarsOf, taskWeights, uncertaintyWeighted } from './network.ts';

type Settings = z.infer<typeof parameters>;
const silent = () => {};

/** Learns every target of the run at once, each standardised: what is stopped early by is the mean of their squared errors. */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, targets, train, validation, threads, device } = input;
    const settings = input.parameters as Settings;
    const standardisation = fitStandardisation(panel, train);
    const scales = targets.map(({ values }) => fitTargetScale(values, train));
    const features = panel.featureNames.length;
    const labelled = (rows: RowIndices) => {
      const columns = targets.map(({ values }, k) => scaleTarget(values, rows, scales[k]!));
      return {
        ...featureRows(standardise(panel, standardisation, rows), features),
        targets: Float32Array.from(
          { length: rows.length * columns.length },
          (_, i) => columns[i % columns.length]![Math.floor(i / columns.length)]!,
        ),
      };
    };
    const size = { ...settings, features, targets: targets.length };
    const network = multiTaskNetwork(size);
    const names = targets.map(({ name }) => name);
    const { engine, weights } = await fitNetwork(input, settings, {
      family: 'MultiTask',
      network,
      loss: uncertaintyWeighted(names),
      targetShape: [targets.length],
      train: labelled(train),
      validation: labelled(validation),
      validationLoss: meanSquaredErrorOf,
      report: reportMeanError(input.report, names),
    });
    const shares = taskWeights(networkSpec(network), weights);
    const described = targets.map(({ name }, k) => ({ name, ...scales[k]!, weight: shares[k]! }));
    const description = { family: 'MultiTask', version: 1, engine, standardisation, targets: described } as const;
    return MultiTaskModel.create(size, weights, description, { threads, device, note: silent });
  },

  load: (directory, threads, device) => MultiTaskModel.load(directory, { threads, device, note: silent }),

  describe: async (threads, device) => (await chooseEngine({ threads, device, note: silent })).description,
};

/**
 * The training loss as the validation loss is: the mean of the targets' squared errors. Targets have units of their own: it is in
 * their variances, 1 for a forecast of the mean.
 */
function reportMeanError(report: FitInput['report'], names: readonly string[]): FitInput['report'] {
  return (progress) => {
    const errors = names.map((name) => progress.scalars?.[scalarsOf(name).error] ?? Number.NaN);
    return report({ ...progress, trainLoss: errors.reduce((sum, error) => sum + error, 0) / errors.length });
  };
}
