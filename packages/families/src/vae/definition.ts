import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';
import { trainingParameters } from '../neural/trainingParameters.ts';

export const parameters = z.object({
  latents: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(4)
    .meta({ title: 'Latent variables', description: 'Numbers that a row of features is summed up in.' }),
  hiddenUnits: z.number().int().min(4).max(1024).default(128).meta({
    title: 'Hidden units',
    description:
      'Width of the encoder’s first layer and of the decoder; each further layer of the encoder is half as wide.',
  }),
  layers: z
    .number()
    .int()
    .min(1)
    .max(4)
    .default(2)
    .meta({ title: 'Encoder layers', description: 'Dense layers before the latent variables.' }),
  headUnits: z.number().int().min(2).max(512).default(32).meta({
    title: 'Head units',
    description: 'Hidden units between the latent means and the forecast.',
  }),
  beta: z.number().min(0).max(10).default(1).meta({
    title: 'Beta',
    description: 'Weight of the KL divergence once it has risen to the full; 1 is the evidence lower bound.',
  }),
  annealing: z.number().min(0).max(1).default(0.1).meta({
    title: 'Annealing',
    description: 'Share of the steps over which beta rises from 0; 0 has it at the full from the first step.',
  }),
  labelWeight: z.number().min(0.001).max(1000).default(0.2).meta({
    title: 'Label weight',
    description: 'Weight of the forecast’s squared error beside the evidence lower bound a feature.',
  }),
  ...trainingParameters({
    dropout: 0,
    learningRate: 0.003,
    schedule: 'constant',
    weightDecay: 0.01,
    batchSize: 256,
    epochs: 100,
    maxSteps: 4000,
    patience: 15,
  }),
});

export const definition: FamilyDefinition = {
  id: 'VAE',
  title: 'Variational autoencoder',
  summary: 'Learns what the features have in common, from rows without a label too, and forecasts from that.',
  source: 'Kingma & Welling 2014; Higgins et al. 2017',
  stage: 'gpu',
  framework: 'tensorflow',
  engine: 'tensorflow',
  input: 'tabular',
  output: 'point',
  targets: 'each',
  minimum: { symbols: 1, targets: 1 },
  threads: 'all',
  parameters,
};
