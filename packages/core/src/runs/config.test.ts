import { describe, expect, it } from 'vitest';
import { runConfigSchema } from './config.ts';
import { labelBarsOf, parseTargetName, targetColumnPattern } from './targets.ts';
import { trainingId } from './training.ts';

describe('a run’s config', () => {
  it('needs a folder only', () => {
    expect(runConfigSchema.parse({ dataDir: '/data' })).toEqual({
      name: 'run',
      dataDir: '/data',
      symbols: [],
      targets: ['fwd_ret_1d'],
      targetLagBars: 1,
      features: 'auto',
      normalisation: 'auto',
      featureExpressions: [],
      modelTypes: 'sequential',
      families: [],
      folds: {
        validation: 'walk-forward',
        count: 3,
        scheme: 'expanding',
        groups: 6,
        testGroups: 2,
        embargoBars: 5,
        validationFraction: 0.15,
        holdoutFraction: 0,
      },
      lookback: 20,
      scope: 'crossSectional',
      costBasisPoints: 5,
      quantiles: 5,
      packing: true,
      allowLeaks: false,
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
    ['a computed target that is none', { targets: ['fwd_max_5d'] }],
    ['a lag before the signal', { targetLagBars: -1 }],
    ['a feature set that is none', { features: 'alpha360' }],
    ['a normalisation that is none', { normalisation: 'minmax' }],
    ['a feature whose name is none', { featureExpressions: { 'a b': 'close' } }],
    ['a feature without an expression', { featureExpressions: { a: '' } }],
    ['two features of one name', { featureExpressions: ['a', 'A'].map((name) => ({ name, expression: 'close' })) }],
    ['an unknown family', { families: ['Oracle'] }],
    ['no fold', { folds: { count: 0 } }],
    ['half a bar of embargo', { folds: { embargoBars: 0.5 } }],
    ['a validation block larger than the training one', { folds: { validationFraction: 0.6 } }],
    ['a holdout of most bars', { folds: { holdoutFraction: 0.6 } }],
    ['groups that are all tested', { folds: { validation: 'cpcv', groups: 3, testGroups: 3 } }],
    ['more splits than anyone waits for', { folds: { validation: 'cpcv', groups: 12, testGroups: 6 } }],
    ['costs below nothing', { costBasisPoints: -1 }],
    ['one quantile', { quantiles: 1 }],
    ['a window of one bar', { lookback: 1 }],
    ['a negative seed', { seed: -1 }],
    ['parameters of an unknown family', { parameters: { Oracle: {} } }],
    ['a parameter that is a list', { parameters: { LightGBM: { rounds: [1] } } }],
  ])('refuses %s', (_, overrides) => {
    expect(runConfigSchema.safeParse({ dataDir: '/data', ...overrides }).success).toBe(false);
  });

  it.each([
    ['fwd_ret_1d', { kind: 'ret', horizon: 1, unit: 'd' }],
    ['fwd_ret_120b', { kind: 'ret', horizon: 120, unit: 'b' }],
    ['fwd_excess_5d', { kind: 'excess', horizon: 5, unit: 'd' }],
    ['fwd_volret_5b', { kind: 'volret', horizon: 5, unit: 'b' }],
    ['fwd_dir_9999d', { kind: 'dir', horizon: 9999, unit: 'd' }],
    ['fwd_ret_0d', null],
    ['fwd_ret_01d', null],
    ['fwd_ret_5', null],
    ['fwd_ret_5h', null],
    ['fwd_max_5d', null],
    ['xfwd_ret_5d', null],
  ])('reads %s as the computed target %j', (name, target) => {
    expect(parseTargetName(name)).toEqual(target);
  });

  it('knows how far a label looks', () => {
    expect(labelBarsOf(parseTargetName('fwd_ret_5d')!, 1)).toBe(6);
    expect(labelBarsOf(parseTargetName('fwd_dir_5d')!, 0)).toBe(5);
  });

  it.each([
    ['FWD_RET_x', true],
    ['fwd_excess_1d', true],
    ['fwd_volret_mine', true],
    ['fwd_dir_', true],
    ['Y_next', true],
    ['target_x', true],
    ['fwd_speed', false],
    ['yield', false],
  ])('a column %s of a file is a target: %s', (name, is) => {
    expect(targetColumnPattern.test(name)).toBe(is);
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
