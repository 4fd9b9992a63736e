import type { FigureInput } from '@twostage/core/runs/figures';
import type { Weights } from '@twostage/engines/graph/program';
import type { RuntimeOptions } from '@twostage/engines/graph/runtime';
import { z } from 'zod';
import { type ArtifactFormat, NetworkArtifact, networkDescription, targetScaleSchema } from '../neural/artifact.ts';
import { permutationFigure } from '../neural/permutation.ts';
import { featureInput } from '../neural/rows.ts';
import { standardise } from '../preprocessing/standardiser.ts';
import { unscaleTarget } from '../preprocessing/targetScale.ts';
import type { FigureContext, FittedModel, PredictInput, Prediction } from '../trainer.ts';
import { latentFigures, reconstructionFigure } from './figures.ts';
import { outputsOf, type VaeSize, vaeNetwork } from './network.ts';

/** What goes with the network: how its input is made from features, and its output turned into a prediction. */
const descriptionSchema = z.object({
  family: z.literal('VAE'),
  ...networkDescription,
  target: targetScaleSchema,
  latents: z.number().int().positive(),
});
export type VaeDescription = z.infer<typeof descriptionSchema>;

const sizeOf = ({ standardisation, latents }: Pick<VaeDescription, 'standardisation' | 'latents'>) => ({
  latents,
  features: standardisation.featureNames.length,
});

const format: ArtifactFormat<VaeDescription> = {
  family: 'VAE',
  description: descriptionSchema,
  shape: (description) => ({
    batchSize: 1024,
    inputs: [{ name: featureInput, shape: [sizeOf(description).features] }],
    outputsPerRow: outputsOf(sizeOf(description)),
  }),
};

/** A trained VAE. */
export class VaeModel implements FittedModel {
  private constructor(readonly artifact: NetworkArtifact<VaeDescription>) {}

  static async create(
    size: VaeSize,
    weights: Weights,
    description: VaeDescription,
    options: RuntimeOptions,
  ): Promise<VaeModel> {
    return new VaeModel(await NetworkArtifact.create(format, vaeNetwork(size), weights, description, options));
  }

  /** See `NetworkArtifact.load`. */
  static async load(directory: string, options: RuntimeOptions): Promise<VaeModel> {
    return new VaeModel(await NetworkArtifact.load(format, directory, options));
  }

  save(directory: string): Promise<void> {
    return this.artifact.save(directory);
  }

  async predict({ panel, rows }: PredictInput): Promise<Prediction> {
    const { description } = this.artifact;
    const width = outputsOf(sizeOf(description));
    const outputs = await this.artifact.outputs(panel, rows);
    return { values: Float64Array.from(rows, (_, i) => unscaleTarget(outputs[i * width]!, description.target)) };
  }

  async figures(context: FigureContext): Promise<FigureInput[]> {
    const { panel, test } = context;
    const { description } = this.artifact;
    const { featureNames } = description.standardisation;
    const { latents, features } = sizeOf(description);
    const outputs = await this.artifact.outputs(panel, test);
    const width = outputsOf({ latents, features });
    const columnsOf = (start: number, count: number) =>
      Array.from({ length: count }, (_, k) => Float64Array.from(test, (_, i) => outputs[i * width + start + k]!));
    const matrix = standardise(panel, description.standardisation, test);
    const seen = featureNames.map((_, k) => Float64Array.from(test, (_, i) => matrix[i * features + k]!));
    const importances = await permutationFigure(this, context);
    return [
      reconstructionFigure(featureNames, seen, columnsOf(1 + latents, features)),
      ...latentFigures(featureNames, seen, columnsOf(1, latents)),
      ...(importances ? [importances] : []),
    ];
  }

  close(): Promise<void> {
    return this.artifact.close();
  }
}
