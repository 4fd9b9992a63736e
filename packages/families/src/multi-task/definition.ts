import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';
import { trainingParameters } from '../neural/trainingParameters.ts';

export const parameters = z.object({
  hiddenUnits: z.number().int().min(4).max(2048).default(128).meta({
    title: 'Hidden units',
    description: 'Width of the first layer of the shared trunk; each further one is half as wide.',
  }),
  layers: z
    .number()
    .int()
    .min(1)
    .max(4)
    .default(2)
    .meta({ title: 'Trunk layers', description: 'Dense layers that all targets share.' }),
  headUnits: z.number().int().min(0).max(512).default(32).meta({
    title: 'Head units',
    description: 'Hidden units of each target’s own head; 0 makes the head a line on the trunk.',
  }),
  ...trainingParameters({
    dropout: 0.25,
    learningRate: 0.001,
    schedule: 'constant',
    weightDecay: 0.01,
    batchSize: 512,
    epochs: 40,
    maxSteps: 20_000,
    patience: 5,
  }),
});

export const definition: FamilyDefinition = {
  id: 'MultiTask',
  title: 'Multi-task network',
  summary:
    'One network for every target: a shared trunk, a head a target, weighted by an uncertainty learnt with them.',
  source: 'Caruana 1997; Kendall, Gal & Cipolla 2018',
  stage: 'gpu',
  framework: 'tensorflow',
  engine: 'tensorflow',
  input: 'tabular',
  output: 'point',
  targets: 'together',
  minimum: { symbols: 1, targets: 2 },
  threads: 'all',
  parameters,
};
