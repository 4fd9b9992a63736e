import type { Tensor } from '@twostage/engines/graph/ir';
import { dense } from '@twostage/engines/graph/layers/dense';
import { spectrallyNormalisedDense } from '@twostage/engines/graph/layers/spectralNormalisation';
import type { Network, NetworkScope } from '@twostage/engines/graph/network';
import { frozenScope, type Loss, networkSpec } from '@twostage/engines/graph/program';
import { featureInput } from '../neural/rows.ts';

export interface GanSize {
  readonly features: number;
  /** Numbers of the noise that the generator turns into a target. */
  readonly latents: number;
  readonly hiddenUnits: number;
  readonly layers: number;
}

/** Inputs beside the features: the generator's noise, [latents], and the label that the discriminator judges, [1]. */
export const [latentInput, labelInput] = ['latent', 'label'] as const;
/** Names under which one network is run inside the other's step. */
export const [generatorFeed, discriminatorFeed] = ['generator', 'discriminator'] as const;
const scores = 'scores';

/** Conditional generator (Mirza & Osindero 2014): features and noise → [batch, 1], a draw of the target. */
function generate(scope: NetworkScope, x: Tensor, latent: Tensor, { hiddenUnits, layers }: GanSize): Tensor {
  let y = scope.builder.concat([x, latent], 1);
  for (let layer = 0; layer < layers; layer++) y = leakyRelu(scope, dense(scope, `hidden.${layer}`, y, hiddenUnits));
  return dense(scope, 'output', y, 1);
}

/** Steepest slope of the discriminator: with that of the normalised layers alone, at most 1, the margins of the hinge are out of reach. */
const steepness = 10;

/** Conditional discriminator of bounded slope (Miyato et al. 2018): features and a target → [batch, 1], larger where it looks real. */
function judge(scope: NetworkScope, x: Tensor, label: Tensor, { hiddenUnits, layers }: GanSize): Tensor {
  let y = scope.builder.concat([x, label], 1);
  for (let layer = 0; layer < layers; layer++)
    y = leakyRelu(scope, spectrallyNormalisedDense(scope, `hidden.${layer}`, y, hiddenUnits));
  return scope.builder.multiply(spectrallyNormalisedDense(scope, 'output', y, 1), steepness);
}

const leakyRelu = ({ builder }: NetworkScope, x: Tensor) => builder.maximum(x, builder.multiply(x, 0.2));

/** The generator alone, without a discriminator to learn from. */
export function generatorNetwork(size: GanSize): Network {
  return (scope) => {
    const x = scope.input(featureInput, [size.features]);
    return generate(scope, x, scope.input(latentInput, [size.latents]), size);
  };
}

/** The generator as it learns: what it draws is judged by the discriminator as it is. */
export function generatorInTraining(size: GanSize): Network {
  return (scope) => {
    const x = scope.input(featureInput, [size.features]);
    const drawn = generate(scope, x, scope.input(latentInput, [size.latents]), size);
    if (scope.mode === 'training') {
      const frozen = frozenScope(scope, discriminatorFeed, networkSpec(discriminatorNetwork(size)));
      scope.expose(scores, judge(frozen, x, drawn, size));
    }
    return drawn;
  };
}

/**
 * The discriminator as it learns: the real label and one drawn by the generator as it is, for the same features.
 * Training: [batch, 2], the scores of the real and of the drawn one. Inference: [batch, 1], the score of the label given.
 */
export function discriminatorNetwork(size: GanSize): Network {
  return (scope) => {
    const { builder, batchSize } = scope;
    const x = scope.input(featureInput, [size.features]);
    const label = scope.input(labelInput, [1]);
    if (scope.mode === 'inference') return judge(scope, x, label, size);
    const frozen = frozenScope(scope, generatorFeed, networkSpec(generatorNetwork(size)));
    const drawn = generate(frozen, x, scope.noise(latentInput, [size.latents]), size);
    // In one batch: the power iteration of the spectral normalisation moves on once a step.
    const both = judge(scope, builder.concat([x, x], 0), builder.concat([label, drawn], 0), size);
    return builder.concat(builder.split(both, 0, [batchSize, batchSize]), 1);
  };
}

/** Hinge loss of the discriminator: mean of max(0, 1 − score of the real) + max(0, 1 + score of the drawn). */
export const discriminatorLoss: Loss = (builder, output, _target, rowWeights) => {
  const [real, drawn] = builder.split(output, 1, [1, 1]) as [Tensor, Tensor];
  const hinges = builder.add(builder.relu(builder.subtract(1, real)), builder.relu(builder.add(drawn, 1)));
  const weighted = builder.multiply(builder.reshape(hinges, rowWeights.shape), rowWeights);
  return builder.divide(builder.reduceSum(weighted), builder.reduceSum(rowWeights));
};

/** Hinge loss of the generator: minus the mean score of what it draws. */
export const generatorLoss: Loss = (builder, _output, _target, rowWeights, scope) => {
  const weighted = builder.multiply(builder.reshape(scope.exposed(scores), rowWeights.shape), rowWeights);
  return builder.negate(builder.divide(builder.reduceSum(weighted), builder.reduceSum(rowWeights)));
};
