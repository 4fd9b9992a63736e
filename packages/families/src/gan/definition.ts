import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';

export const parameters = z.object({
  hiddenUnits: z
    .number()
    .int()
    .min(4)
    .max(1024)
    .default(32)
    .meta({ title: 'Hidden units', description: 'Width of each layer of generator and discriminator.' }),
  layers: z
    .number()
    .int()
    .min(1)
    .max(4)
    .default(2)
    .meta({ title: 'Hidden layers', description: 'Dense layers of generator and discriminator before their output.' }),
  latents: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(4)
    .meta({ title: 'Latent variables', description: 'Numbers of noise that the generator turns into a draw.' }),
  draws: z
    .number()
    .int()
    .min(10)
    .max(500)
    .default(100)
    .meta({ title: 'Draws', description: 'Draws of the target for each row forecast; the forecast is their mean.' }),
  discriminatorSteps: z.number().int().min(1).max(10).default(2).meta({
    title: 'Discriminator steps',
    description: 'Steps of the discriminator for each step of the generator.',
  }),
  averaging: z.number().min(0).max(0.9999).default(0.9995).meta({
    title: 'Averaging',
    description: 'Share of the averaged generator that stays at each step; 0 takes the generator of the last step.',
  }),
  learningRate: z
    .number()
    .min(1e-6)
    .max(0.5)
    .default(0.0005)
    .meta({ title: 'Learning rate', description: 'AdamW step size of both networks.' }),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .meta({ title: 'Weight decay', description: 'Decoupled decay of AdamW.' }),
  batchSize: z.number().int().min(16).max(8192).default(256).meta({ title: 'Batch size', description: 'Rows a step.' }),
  epochs: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(200)
    .meta({ title: 'Epochs', description: 'Most passes over the training rows, of 25 steps at least.' }),
  maxSteps: z.number().int().min(1).max(1_000_000).default(3000).meta({
    title: 'Most steps',
    description: 'It ends after so many steps of the generator, whatever epochs are left.',
  }),
  patience: z.number().int().min(0).max(1000).default(20).meta({
    title: 'Patience',
    description: 'Epochs without a better validation CRPS before it stops; 0 never stops early.',
  }),
});

export const definition: FamilyDefinition = {
  id: 'GAN',
  title: 'Conditional GAN',
  summary:
    'Draws of the target given the features, whatever the shape of its distribution: several humps, skew, heavy tails.',
  source: 'Mirza & Osindero 2014; Miyato et al. 2018',
  stage: 'gpu',
  framework: 'tensorflow',
  engine: 'tensorflow',
  input: 'tabular',
  output: 'distribution',
  targets: 'each',
  minimum: { symbols: 1, targets: 1 },
  threads: 'all',
  parameters,
};
