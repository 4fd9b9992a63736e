import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { FamilyDefinition } from './family.ts';
import { parameterFields, resolveParameters } from './parameters.ts';

const definition = (parameters: z.ZodObject): FamilyDefinition => ({
  id: 'MLP',
  title: 'MLP',
  summary: '',
  source: '',
  stage: 'gpu',
  framework: 'tensorflow',
  engine: 'tensorflow',
  input: 'tabular',
  output: 'point',
  targets: 'each',
  minimum: { symbols: 1, targets: 1 },
  threads: 'all',
  parameters,
});
const family = definition(
  z.object({
    epochs: z
      .number()
      .int()
      .min(1)
      .max(500)
      .default(30)
      .meta({ title: 'Epochs', description: 'Passes over the rows.' }),
    learningRate: z.number().gt(0).max(1).default(0.001).meta({ title: 'Learning rate', description: 'Step size.' }),
    seedOffset: z.number().int().default(0),
    shuffle: z.boolean().default(true).meta({ title: 'Shuffle', description: 'Draw the rows in random order.' }),
    loss: z.enum(['mse', 'huber']).default('huber').meta({ title: 'Loss', description: 'What is minimised.' }),
  }),
);

describe('parameterFields', () => {
  it('are what a form needs, in the order of the schema', () => {
    expect(parameterFields(family)).toEqual([
      {
        name: 'epochs',
        title: 'Epochs',
        help: 'Passes over the rows.',
        kind: 'number',
        default: 30,
        minimum: 1,
        maximum: 500,
        integer: true,
      },
      {
        name: 'learningRate',
        title: 'Learning rate',
        help: 'Step size.',
        kind: 'number',
        default: 0.001,
        minimum: 0,
        maximum: 1,
        integer: false,
      },
      {
        name: 'seedOffset',
        title: 'seedOffset',
        help: '',
        kind: 'number',
        default: 0,
        minimum: undefined,
        maximum: undefined,
        integer: true,
      },
      { name: 'shuffle', title: 'Shuffle', help: 'Draw the rows in random order.', kind: 'boolean', default: true },
      {
        name: 'loss',
        title: 'Loss',
        help: 'What is minimised.',
        kind: 'choice',
        default: 'huber',
        choices: ['mse', 'huber'],
      },
    ]);
  });

  it('refuse a parameter that no form could show', () => {
    expect(() => parameterFields(definition(z.object({ layers: z.array(z.number()).default([1]) })))).toThrow(
      'MLP.layers: a parameter is a number, boolean or choice with a default',
    );
    expect(() => parameterFields(definition(z.object({ width: z.number() })))).toThrow(/MLP\.width/);
  });
});

describe('resolveParameters', () => {
  it('fills in the defaults', () => {
    expect(resolveParameters(family, { epochs: 5 })).toEqual({
      epochs: 5,
      learningRate: 0.001,
      seedOffset: 0,
      shuffle: true,
      loss: 'huber',
    });
  });

  const refused: [given: Record<string, unknown>, message: RegExp, field: string][] = [
    [{ epoch: 5 }, /^MLP has no parameter "epoch"; it has epochs, learningRate, seedOffset, shuffle, loss$/, 'epoch'],
    [{ epochs: 0 }, /^MLP\.epochs: .*, got 0$/, 'epochs'],
    [{ epochs: 1.5 }, /^MLP\.epochs: .*, got 1\.5$/, 'epochs'],
    [{ epochs: 'many' }, /^MLP\.epochs: .*, got "many"$/, 'epochs'],
    [{ learningRate: 0 }, /^MLP\.learningRate: .*, got 0$/, 'learningRate'],
    [{ loss: 'hinge' }, /^MLP\.loss: .*, got "hinge"$/, 'loss'],
    [{ shuffle: 1 }, /^MLP\.shuffle: .*, got 1$/, 'shuffle'],
  ];
  it.each(refused)('refuses %j', (given, message, field) => {
    expect(() => resolveParameters(family, given)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(message),
        field: `parameters.MLP.${field}`,
      }),
    );
  });

  it('names the family where a rule spans several parameters', () => {
    const ruled = definition(
      z
        .object({ low: z.number().default(0), high: z.number().default(1) })
        .refine(({ low, high }) => low < high, 'low must be below high'),
    );
    expect(() => resolveParameters(ruled, { low: 2 })).toThrow(
      expect.objectContaining({ message: 'MLP: low must be below high, got {"low":2}', field: 'parameters.MLP' }),
    );
  });
});
