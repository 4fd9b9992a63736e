import type { Weights } from '@twostage/engines/graph/program';
import type { RuntimeOptions } from '@twostage/engines/graph/runtime';
import type { FigureInput } from '@twostage/core/runs/figures';
import { z } from 'zod';
import { type ArtifactFormat, NetworkArtifact, networkDescription, targetScaleSchema } from '../neural/artifact.ts';
import { permutationFigure } from '../neural/permutation.ts';
import { featureInput } from '../neural/rows.ts';
import { unscaleTarget } from '../preprocessing/targetScale.ts';
import type { FigureContext, FittedModel, PredictInput, Prediction } from '../trainer.ts';
import { forecastCorrelations, weightsFigure } from './figures.ts';
import { type MultiTaskSize, multiTaskNetwork } from './network.ts';

/** What goes with the network: how its input is made from features, and its outputs turned into forecasts, one a target. */
const descriptionSchema = z.object({
  family: z.literal('MultiTask'),
  ...networkDescription,
  /** `weight`: what the target's error weighed in the loss at the end. */
  targets: z.array(targetScaleSchema.extend({ name: z.string(), weight: z.number().positive() })).min(1),
});
export type MultiTaskDescription = z.infer<typeof descriptionSchema>;

const format: ArtifactFormat<MultiTaskDescription> = {
  family: 'MultiTask',
  description: descriptionSchema,
  shape: ({ standardisation, targets }) => ({
    batchSize: 1024,
    inputs: [{ name: featureInput, shape: [standardisation.featureNames.length] }],
    outputsPerRow: targets.length,
  }),
};

/** A trained network of several targets. */
export class MultiTaskModel implements FittedModel {
  private constructor(readonly artifact: NetworkArtifact<MultiTaskDescription>) {}

  static async create(
    size: MultiTaskSize,
    weights: Weights,
    description: MultiTaskDescription,
    options: RuntimeOptions,
  ): Promise<MultiTaskModel> {
    return new MultiTaskModel(
      await NetworkArtifact.create(format, multiTaskNetwork(size), weights, description, options),
    );
  }

  /** See `NetworkArtifact.load`. */
  static async load(directory: string, options: RuntimeOptions): Promise<MultiTaskModel> {
    return new MultiTaskModel(await NetworkArtifact.load(format, directory, options));
  }

  save(directory: string): Promise<void> {
    return this.artifact.save(directory);
  }

  async predict({ panel, rows }: PredictInput): Promise<Prediction> {
    const { targets } = this.artifact.description;
    const outputs = await this.artifact.outputs(panel, rows);
    const byTarget = targets.map((scale, k) =>
      Float64Array.from(rows, (_, i) => unscaleTarget(outputs[i * targets.length + k]!, scale)),
    );
    return { values: byTarget[0]!, byTarget };
  }

  async figures(context: FigureContext): Promise<FigureInput[]> {
    const { targets } = this.artifact.description;
    const { byTarget } = await this.predict({ ...context, rows: context.test });
    const importances = await permutationFigure(this, context);
    const names = targets.map(({ name }) => name);
    const own = [weightsFigure(targets), forecastCorrelations(names, byTarget!)];
    if (!importances) return own;
    return [...own, { ...importances, title: `Permutation importance for ${names[0]}` }];
  }

  close(): Promise<void> {
    return this.artifact.close();
  }
}
