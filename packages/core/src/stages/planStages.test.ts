import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { FamilyDefinition, FamilyId } from '../families/family.ts';
import { chooseFamilies, planStages, summaryLines } from './planStages.ts';

function family(id: FamilyId, rest: Pick<FamilyDefinition, 'stage' | 'framework' | 'input'>): FamilyDefinition {
  return {
    id,
    title: id,
    summary: '',
    source: '',
    engine: 'typescript',
    output: 'point',
    targets: 'each',
    minimum: { symbols: 1, targets: 1 },
    threads: 'one',
    parameters: z.object({}),
    ...rest,
  };
}
const lightgbm = family('LightGBM', { stage: 'cpu', framework: 'cpu', input: 'tabular' });
const xgboost = family('XGBoost', { stage: 'cpu', framework: 'cpu', input: 'tabular' });
const ftrl = family('FTRLProximal', { stage: 'cpu', framework: 'cpu', input: 'tabular' });
const mlp = family('MLP', { stage: 'gpu', framework: 'tensorflow', input: 'tabular' });
const lstm = family('LSTM', { stage: 'gpu', framework: 'torch', input: 'sequence' });
/** Out of order, so that the order of running has to come about. */
const catalogue = [lstm, lightgbm, mlp, xgboost, ftrl];

const ids = (families: readonly FamilyDefinition[]) => families.map(({ id }) => id);

describe('chooseFamilies', () => {
  it.each([
    ['sequential', [], ['LightGBM', 'XGBoost', 'FTRLProximal', 'MLP', 'LSTM']],
    ['both', [], ['LightGBM', 'XGBoost', 'FTRLProximal', 'MLP', 'LSTM']],
    ['cross-sectional', [], ['LightGBM', 'XGBoost', 'FTRLProximal', 'MLP']],
    ['sequential', ['LSTM', 'XGBoost'], ['XGBoost', 'LSTM']],
    ['cross-sectional', ['LSTM'], []],
  ] as const)('%s narrowed to %j is %j', (modelTypes, narrowed, expected) => {
    expect(ids(chooseFamilies(catalogue, modelTypes, narrowed))).toEqual(expected);
  });
});

describe('planStages', () => {
  it('puts every CPU training before every GPU one, TensorFlow before Torch, targets in order within a family', () => {
    const stages = planStages(chooseFamilies(catalogue, 'sequential', []), ['fwd_ret_5d', 'fwd_ret_1d']);
    expect(stages.map(({ stage, trainings }) => [stage, trainings.map(({ id }) => id)])).toEqual([
      [
        'cpu',
        [
          'LightGBM.fwd_ret_5d.all',
          'LightGBM.fwd_ret_1d.all',
          'XGBoost.fwd_ret_5d.all',
          'XGBoost.fwd_ret_1d.all',
          'FTRLProximal.fwd_ret_5d.all',
          'FTRLProximal.fwd_ret_1d.all',
        ],
      ],
      ['gpu', ['MLP.fwd_ret_5d.all', 'MLP.fwd_ret_1d.all', 'LSTM.fwd_ret_5d.all', 'LSTM.fwd_ret_1d.all']],
    ]);
    for (const { stage, trainings } of stages) {
      expect(trainings.every((training) => training.stage === stage)).toBe(true);
      expect(trainings.every(({ scope }) => scope.kind === 'crossSectional')).toBe(true);
    }
  });

  const placed = (families: FamilyDefinition[], targets: string[], scope: 'crossSectional' | 'symbol' | 'both') =>
    planStages(families, targets, { scope, symbols: ['A', 'B/C'] }).flatMap(({ trainings }) =>
      trainings.map(({ id }) => id),
    );
  const together: FamilyDefinition = { ...mlp, targets: 'together', minimum: { symbols: 1, targets: 2 } };
  const needsTwo: FamilyDefinition = { ...xgboost, minimum: { symbols: 2, targets: 1 } };

  it.each([
    ['crossSectional', ['LightGBM.y_a.all']],
    ['symbol', ['LightGBM.y_a.symbol-A', 'LightGBM.y_a.symbol-B%2FC']],
    ['both', ['LightGBM.y_a.all', 'LightGBM.y_a.symbol-A', 'LightGBM.y_a.symbol-B%2FC']],
  ] as const)('scope %s gives %j', (scope, expected) => {
    expect(placed([lightgbm], ['y_a'], scope)).toEqual(expected);
  });

  it('trains no model of one symbol of a family that needs two', () => {
    expect(placed([needsTwo], ['y_a'], 'symbol')).toEqual([]);
    expect(placed([needsTwo], ['y_a'], 'both')).toEqual(['XGBoost.y_a.all']);
  });

  it('has one training of every target where a family learns them together', () => {
    const [, gpu] = planStages([together], ['y_a', 'y_b', 'y_a'], { scope: 'both', symbols: ['A'] });
    expect(gpu.trainings).toEqual([
      {
        id: 'MLP.y_a+y_b.all',
        family: 'MLP',
        target: 'y_a',
        targets: ['y_a', 'y_b'],
        scope: { kind: 'crossSectional' },
        stage: 'gpu',
      },
      {
        id: 'MLP.y_a+y_b.symbol-A',
        family: 'MLP',
        target: 'y_a',
        targets: ['y_a', 'y_b'],
        scope: { kind: 'symbol', symbol: 'A' },
        stage: 'gpu',
      },
    ]);
    expect(planStages([together], ['y_a'])[1].trainings).toEqual([
      { id: 'MLP.y_a.all', family: 'MLP', target: 'y_a', scope: { kind: 'crossSectional' }, stage: 'gpu' },
    ]);
  });

  it('names a target once, however often it was asked for', () => {
    expect(placed([lightgbm], ['y_a', 'y_b', 'y_a'], 'crossSectional')).toEqual([
      'LightGBM.y_a.all',
      'LightGBM.y_b.all',
    ]);
  });

  it('has both stages, even empty ones', () => {
    expect(planStages([lstm], ['y_x']).map(({ trainings }) => trainings.length)).toEqual([0, 1]);
    expect(planStages([], ['y_x']).map(({ stage, trainings }) => [stage, trainings.length])).toEqual([
      ['cpu', 0],
      ['gpu', 0],
    ]);
  });
});

describe('summaryLines', () => {
  it('are the ones that users know', () => {
    const cpu = Array.from({ length: 10 }, (_, i) => ({ ...lightgbm, id: `Cpu${i}` as FamilyId }));
    const tensorflow = Array.from({ length: 4 }, () => mlp);
    const torch = Array.from({ length: 6 }, () => lstm);
    expect(summaryLines([...cpu, ...tensorflow, ...torch], 'sequential')).toEqual([
      '🎯 Sequential mode: training all models (sequential + cross-sectional): 20 models',
      "📊 Stage 1 (CPU): 10 models - ['Cpu0', 'Cpu1', 'Cpu2', 'Cpu3', 'Cpu4']...",
      '📊 Stage 2 (GPU): 10 models - 4 TF, 6 Torch, 0 others',
    ]);
  });

  it('leave the dots out where every name is shown, and count one model as one', () => {
    expect(summaryLines([lightgbm, xgboost], 'cross-sectional')).toEqual([
      '🎯 Cross-sectional mode: training cross-sectional models only: 2 models',
      "📊 Stage 1 (CPU): 2 models - ['LightGBM', 'XGBoost']",
      '📊 Stage 2 (GPU): 0 models - 0 TF, 0 Torch, 0 others',
    ]);
    expect(summaryLines([lstm], 'both')[0]).toBe(
      '🎯 Both mode: training all models (sequential + cross-sectional): 1 model',
    );
  });
});
