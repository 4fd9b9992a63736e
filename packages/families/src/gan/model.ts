import type { FigureInput } from '@twostage/core/runs/figures';
import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import type { Weights } from '@twostage/engines/graph/program';
import type { RuntimeOptions } from '@twostage/engines/graph/runtime';
import { predictRows } from '@twostage/engines/graph/train';
import { z } from 'zod';
import { type ArtifactFormat, NetworkArtifact, networkDescription, targetScaleSchema } from '../neural/artifact.ts';
import { permutationFigure } from '../neural/permutation.ts';
import { featureInput } from '../neural/rows.ts';
import { standardise } from '../preprocessing/standardiser.ts';
import { unscaleTarget } from '../preprocessing/targetScale.ts';
import type { FigureContext, FittedModel, PredictInput, Prediction } from '../trainer.ts';
import { asForecast, drawnRows, latentDraws } from './draws.ts';
import { distributionFigures } from './figures.ts';
import { type GanSize, generatorNetwork, latentInput } from './network.ts';

/** What goes with the generator: how its inputs are made, and its draws turned into a forecast. */
const descriptionSchema = z.object({
  family: z.literal('GAN'),
  ...networkDescription,
  target: targetScaleSchema,
  latents: z.number().int().positive(),
  draws: z.number().int().positive(),
  /** Of the noise that its draws are made from. */
  seed: z.number().int(),
});
export type GanDescription = z.infer<typeof descriptionSchema>;

const format: ArtifactFormat<GanDescription> = {
  family: 'GAN',
  description: descriptionSchema,
  shape: ({ standardisation, latents }) => ({
    batchSize: 4096,
    inputs: [
      { name: featureInput, shape: [standardisation.featureNames.length] },
      { name: latentInput, shape: [latents] },
    ],
    outputsPerRow: 1,
  }),
};

/** Draws from which the importance of features is told: only how the mean moves counts there. */
const drawsForImportance = 10;

/** A trained generator. */
export class GanModel implements FittedModel {
  private constructor(readonly artifact: NetworkArtifact<GanDescription>) {}

  static async create(
    size: GanSize,
    weights: Weights,
    description: GanDescription,
    options: RuntimeOptions,
  ): Promise<GanModel> {
    return new GanModel(await NetworkArtifact.create(format, generatorNetwork(size), weights, description, options));
  }

  /** See `NetworkArtifact.load`. */
  static async load(directory: string, options: RuntimeOptions): Promise<GanModel> {
    return new GanModel(await NetworkArtifact.load(format, directory, options));
  }

  save(directory: string): Promise<void> {
    return this.artifact.save(directory);
  }

  predict({ panel, rows }: PredictInput): Promise<Prediction> {
    return this.#forecast(panel, rows, this.artifact.description.draws);
  }

  async figures(context: FigureContext): Promise<FigureInput[]> {
    const { target, test } = context;
    const known = test.filter((row) => Number.isFinite(target[row]!));
    const forecast = await this.predict({ ...context, rows: known });
    const rough = { predict: ({ panel, rows }: PredictInput) => this.#forecast(panel, rows, drawsForImportance) };
    const importances = await permutationFigure(rough, context);
    const outcomes = Float64Array.from(known, (row) => target[row]!);
    return [...distributionFigures(outcomes, forecast), ...(importances ? [importances] : [])];
  }

  close(): Promise<void> {
    return this.artifact.close();
  }

  async #forecast(panel: Panel, rows: RowIndices, draws: number): Promise<Prediction> {
    const { standardisation, target, latents, seed } = this.artifact.description;
    const matrix = standardise(panel, standardisation, rows);
    const noise = latentDraws(draws, latents, seed);
    const source = drawnRows(matrix, standardisation.featureNames.length, noise, latents);
    const outputs = await predictRows(this.artifact.network, source);
    const forecast = asForecast(
      Float64Array.from(outputs, (output) => unscaleTarget(output, target)),
      draws,
    );
    return { values: forecast.values, uncertainty: { kind: 'draws', perRow: draws, draws: forecast.draws } };
  }
}
