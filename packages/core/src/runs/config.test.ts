import { describe, expect, it } from 'vitest';
import { runConfigSchema, targetNamePattern } from './config.ts';
import { trainingId } from './training.ts';

describe('a run’s config', () => {
  it('needs a folder only', () => {
    expect(runConfigSchema.parse({ dataDir: '/data' })).toEqual({
      name: 'run',
      dataDir: '/data',
      symbols: [],
      targets: ['fwd_ret_1d'],
      modelTypes: 'sequential',
      families: [],
      folds: { count: 3, scheme: 'expanding', embargoBars: 5, validationFraction: 0.15 },
      lookback: 20,
      scope: 'crossSectional',
      packing: true,
      seed: 42,
      device: 'auto',
      threads: 0,
      deadlineSeconds: 3600,
      memoryCapMb: 4096,
      parameters: {},
    });
  });

  it.each([
    ['no folder', { dataDir: '' }],
    ['no target', { targets: [] }],
    ['a target that is none', { targets: ['close'] }],
    ['a target with a path in it', { targets: ['y_../x'] }],
    ['an unknown family', { families: ['Oracle'] }],
    ['no fold', { folds: { count: 0 } }],
    ['half a bar of embargo', { folds: { embargoBars: 0.5 } }],
    ['a validation block larger than the training one', { folds: { validationFraction: 0.6 } }],
    ['a window of one bar', { lookback: 1 }],
    ['a negative seed', { seed: -1 }],
    ['parameters of an unknown family', { parameters: { Oracle: {} } }],
    ['a parameter that is a list', { parameters: { LightGBM: { rounds: [1] } } }],
  ])('refuses %s', (_, overrides) => {
    expect(runConfigSchema.safeParse({ dataDir: '/data', ...overrides }).success).toBe(false);
  });

  it.each([
    ['fwd_ret_1d', ['1', 'd']],
    ['fwd_ret_120b', ['120', 'b']],
    ['fwd_ret_0d', null],
    ['fwd_ret_01d', null],
    ['fwd_ret_5', null],
    ['fwd_ret_5h', null],
    ['xfwd_ret_5d', null],
  ])('reads %s as a forward return over %j', (name, parts) => {
    expect(targetNamePattern.exec(name)?.slice(1) ?? null).toEqual(parts);
  });
});

describe('a training’s id', () => {
  it('is a folder’s name, whatever the symbol', () => {
    expect(trainingId('MLP', 'fwd_ret_1d', { kind: 'crossSectional' })).toBe('MLP.fwd_ret_1d.all');
    expect(trainingId('MLP', 'fwd_ret_1d', { kind: 'symbol', symbol: '../A B/C' })).toBe(
      'MLP.fwd_ret_1d.symbol-..%2FA%20B%2FC',
    );
    expect(trainingId('MLP', 'y', { kind: 'symbol', symbol: 'all' })).not.toBe(
      trainingId('MLP', 'y', { kind: 'crossSectional' }),
    );
  });
});
