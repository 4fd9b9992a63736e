import { scoreUncertainty } from '@twostage/core/evaluation/scoreUncertainty';
import type { RowIndices } from '@twostage/core/panel/panel';
import type { Weights } from '@twostage/engines/graph/program';
import { type BatchPredictor, predictRows } from '@twostage/engines/graph/train';
import type { z } from 'zod';
import { chooseEngine } from '../neural/engine.ts';
import { requireTrainingRows } from '../neural/fitNetwork.ts';
import { featureRows } from '../neural/rows.ts';
import { fitStandardisation, standardise } from '../preprocessing/standardiser.ts';
import { fitTargetScale, scaleTarget } from '../preprocessing/targetScale.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import { Adversaries } from './adversaries.ts';
import type { parameters } from './definition.ts';
import { asForecast, drawnRows, latentDraws } from './draws.ts';
import { trainByEpochs } from './epochs.ts';
import { GanModel } from './model.ts';

type Settings = z.infer<typeof parameters>;
const silent = () => {};

/** Rows and draws by which an epoch is judged: more would cost more than they tell. */
const [judgedRows, judgedDraws] = [1500, 24] as const;

/** Generator and discriminator learn in turns; what is kept is the averaged generator of the epoch with the best CRPS. */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, target, train, validation, seed, threads, device, note } = input;
    requireTrainingRows('GAN', train.length);
    const given = input.parameters as Settings;
    const settings = { ...given, batchSize: Math.min(given.batchSize, train.length) };
    const { engine, createRuntime } = await chooseEngine({ threads, device, note });
    const standardisation = fitStandardisation(panel, train);
    const scale = fitTargetScale(target, train);
    const size = { ...settings, features: panel.featureNames.length };
    const noise = latentDraws(judgedDraws, size.latents, seed);
    const adversaries = await Adversaries.create(size, settings, seed, createRuntime, { threads, device, note });
    const judge = (rows: RowIndices) => {
      const judged = thinned(rows);
      const source = drawnRows(standardise(panel, standardisation, judged), size.features, noise, size.latents);
      const labels = scaleTarget(target, judged, scale);
      return () =>
        adversaries.withAveraged(async (generator) => scale.deviation * (await crpsOf(generator, source, labels)));
    };
    let weights: Weights;
    try {
      const source = featureRows(standardise(panel, standardisation, train), size.features);
      weights = await trainByEpochs(input, settings, {
        adversaries,
        rows: { ...source, targets: scaleTarget(target, train, scale) },
        trainLoss: judge(train),
        validationLoss: validation.length > 0 ? judge(validation) : async () => null,
      });
    } finally {
      await adversaries.close();
    }
    const { latents, draws } = settings;
    const scales = { standardisation, target: scale };
    const description = { family: 'GAN', version: 1, engine, ...scales, latents, draws, seed } as const;
    return GanModel.create(size, weights, description, { threads, device, note: silent });
  },

  load: (directory, threads, device) => GanModel.load(directory, { threads, device, note: silent }),

  describe: async (threads, device) => (await chooseEngine({ threads, device, note: silent })).description,
};

function thinned(rows: RowIndices): RowIndices {
  const every = Math.max(1, Math.ceil(rows.length / judgedRows));
  return rows.filter((_, i) => i % every === 0);
}

/** Of standardised labels. */
async function crpsOf(
  generator: BatchPredictor,
  source: ReturnType<typeof drawnRows>,
  labels: Float32Array,
): Promise<number> {
  const { values, draws } = asForecast(Float64Array.from(await predictRows(generator, source)), judgedDraws);
  const uncertainty = { kind: 'draws', perRow: judgedDraws, draws } as const;
  return scoreUncertainty({ target: Float64Array.from(labels), values, uncertainty }).crps ?? Number.NaN;
}
