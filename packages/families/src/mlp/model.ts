import type { FigureInput } from '@twostage/core/runs/figures';
import type { Weights } from '@twostage/engines/graph/program';
import type { RuntimeOptions } from '@twostage/engines/graph/runtime';
import { z } from 'zod';
import { type ArtifactFormat, NetworkArtifact, networkDescription, targetScaleSchema } from '../neural/artifact.ts';
import { permutationFigure } from '../neural/permutation.ts';
import { featureInput } from '../neural/rows.ts';
import { unscaleTarget } from '../preprocessing/targetScale.ts';
import type { FigureContext, FittedModel, PredictInput, Prediction } from '../trainer.ts';
import { mlpNetwork, type NetworkSize } from './network.ts';

/** What goes with the network: how its input is made from features, and its output turned into a prediction. */
const descriptionSchema = z.object({
  family: z.literal('MLP'),
  ...networkDescription,
  target: targetScaleSchema,
});
export type MlpDescription = z.infer<typeof descriptionSchema>;

const format: ArtifactFormat<MlpDescription> = {
  family: 'MLP',
  description: descriptionSchema,
  shape: ({ standardisation }) => ({
    batchSize: 1024,
    inputs: [{ name: featureInput, shape: [standardisation.featureNames.length] }],
    outputsPerRow: 1,
  }),
};

/** A trained MLP. */
export class MlpModel implements FittedModel {
  private constructor(readonly artifact: NetworkArtifact<MlpDescription>) {}

  static async create(
    size: NetworkSize,
    weights: Weights,
    description: MlpDescription,
    options: RuntimeOptions,
  ): Promise<MlpModel> {
    return new MlpModel(await NetworkArtifact.create(format, mlpNetwork(size), weights, description, options));
  }

  /** See `NetworkArtifact.load`. */
  static async load(directory: string, options: RuntimeOptions): Promise<MlpModel> {
    return new MlpModel(await NetworkArtifact.load(format, directory, options));
  }

  get description(): MlpDescription {
    return this.artifact.description;
  }

  save(directory: string): Promise<void> {
    return this.artifact.save(directory);
  }

  async predict({ panel, rows }: PredictInput): Promise<Prediction> {
    const outputs = await this.artifact.outputs(panel, rows);
    return { values: Float64Array.from(outputs, (output) => unscaleTarget(output, this.description.target)) };
  }

  async figures(context: FigureContext): Promise<FigureInput[]> {
    const importances = await permutationFigure(this, context);
    return importances ? [importances] : [];
  }

  close(): Promise<void> {
    return this.artifact.close();
  }
}
