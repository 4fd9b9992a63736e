import { dense } from '@twostage/engines/graph/layers/dense';
import type { Network } from '@twostage/engines/graph/network';
import type { Loss } from '@twostage/engines/graph/program';
import { hiddenLayers } from '../neural/hiddenLayers.ts';
import { featureInput } from '../neural/rows.ts';

export interface VaeSize {
  readonly features: number;
  /** Of the encoder's first layer; the decoder's only one is as wide. */
  readonly hiddenUnits: number;
  readonly layers: number;
  readonly latents: number;
  /** Hidden units of the head that reads the latent variables. */
  readonly headUnits: number;
  readonly dropout: number;
}

/** What the network shows its loss. */
const shown = { mean: 'mean', logVariance: 'logVariance', noiseVariance: 'noiseVariance', x: 'x' } as const;
/** Weight of the KL divergence, fed at each step. */
export const betaFeed = 'beta';
export const terms = {
  reconstruction: 'reconstruction',
  kl: 'KL',
  labelErrors: 'labelErrors',
  labelled: 'labelled',
} as const;

/** Smallest variance that a feature is taken to have around its reconstruction, in its own variance: else one that never varies would count without bound. */
const leastNoise = 0.01;

/** What the network gives for a row: forecast, latent means, reconstructed features. */
export const outputsOf = ({ latents, features }: Pick<VaeSize, 'latents' | 'features'>): number =>
  1 + latents + features;

/**
 * Variational autoencoder (Kingma & Welling 2014) of the features with a head for the target. In training the decoder and the head
 * read a draw from the latent's distribution, so that the head learns nothing from latent variables that hold nothing; in inference,
 * its mean: [batch, features] → [batch, 1 + latents + features].
 */
export function vaeNetwork({ features, hiddenUnits, layers, latents, headUnits, dropout }: VaeSize): Network {
  return (scope) => {
    const { builder } = scope;
    const x = scope.input(featureInput, [features]);
    const encoded = hiddenLayers(scope, x, { hiddenUnits, layers, dropout });
    const mean = dense(scope, 'latent.mean', encoded, latents);
    const logVariance = dense(scope, 'latent.logVariance', encoded, latents);
    const deviation = builder.exp(builder.multiply(logVariance, 0.5));
    const z =
      scope.mode === 'training'
        ? builder.add(mean, builder.multiply(deviation, scope.noise('draws', [latents])))
        : mean;
    const decoded = builder.relu(dense(scope, 'decoder.hidden', z, hiddenUnits));
    const reconstruction = dense(scope, 'decoder.output', decoded, features);
    const noise = scope.parameter('decoder.logNoise', [features], { kind: 'constant', value: 0 });
    const head = dense(scope, 'head.output', builder.relu(dense(scope, 'head.hidden', z, headUnits)), 1);
    scope.expose(shown.x, x);
    scope.expose(shown.mean, mean);
    scope.expose(shown.logVariance, logVariance);
    scope.expose(shown.noiseVariance, builder.add(builder.exp(noise), leastNoise));
    return builder.concat([head, mean, reconstruction], 1);
  };
}

/**
 * Negative evidence lower bound a feature, with the KL divergence times β, plus the squared error of the label's forecast:
 * (Σ ½ ((x − x̂)² / σ² + log σ²) + β · KL) / features + weight · error. The mean over rows; the error's over those with a label.
 * Target [batch, 2]: the standardised label, and 1 where it is known, else 0.
 * @param labelledShare of all training rows, > 0: the weight of a labelled row is the same in every batch
 */
export function vaeLoss(size: Pick<VaeSize, 'features' | 'latents'>, labelledShare: number, labelWeight: number): Loss {
  const { features, latents } = size;
  return (builder, output, target, rowWeights, scope) => {
    const [batch] = target.shape as [number];
    const shares = builder.reshape(builder.divide(rowWeights, builder.reduceSum(rowWeights)), [1, batch]);
    const meanOf = (perRow: ReturnType<typeof builder.add>) =>
      builder.reshape(builder.matmul(shares, builder.reshape(perRow, [batch, 1])), []);

    const [forecast, , reconstructed] = builder.split(output, 1, [1, latents, features]);
    const squares = builder.square(builder.subtract(scope.exposed(shown.x), reconstructed!));
    const variance = scope.exposed(shown.noiseVariance);
    const surprise = builder.add(builder.divide(squares, variance), builder.log(variance));
    const reconstruction = builder.multiply(meanOf(builder.reduceSum(surprise, [1])), 0.5);

    const [mean, logVariance] = [scope.exposed(shown.mean), scope.exposed(shown.logVariance)];
    const divergence = builder.subtract(
      builder.add(builder.square(mean), builder.exp(logVariance)),
      builder.add(logVariance, 1),
    );
    const kl = builder.multiply(meanOf(builder.reduceSum(divergence, [1])), 0.5);

    const [label, known] = builder.split(target, 1, [1, 1]);
    const errors = meanOf(builder.multiply(builder.square(builder.subtract(forecast!, label!)), known!));
    scope.term(terms.reconstruction, builder.multiply(meanOf(builder.reduceSum(squares, [1])), 1 / features));
    scope.term(terms.kl, kl);
    scope.term(terms.labelErrors, errors);
    scope.term(terms.labelled, meanOf(known!));
    const bound = builder.add(reconstruction, builder.multiply(kl, scope.fed(betaFeed, [])));
    return builder.add(builder.multiply(bound, 1 / features), builder.multiply(errors, labelWeight / labelledShare));
  };
}
