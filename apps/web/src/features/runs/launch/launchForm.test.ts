import { runConfigSchema } from '@twostage/core/runs/config';
import { describe, expect, it } from 'vitest';
import {
  changedParameters,
  configOf,
  defaultParameters,
  familiesOfMode,
  type LaunchValues,
  launchIssues,
  launchValues,
  offerOf,
  startInput,
  suitableFamilies,
} from './launchForm.ts';

const issuesOf = (values: LaunchValues) =>
  Object.fromEntries(launchIssues(values, 8).map(({ path, message }) => [path, message]));
const valid = () => {
  const values = launchValues('d1');
  values.config.name = 'first';
  return values;
};

describe('launch form', () => {
  it('opens valid but for a name and a dataset', () => {
    expect(Object.keys(issuesOf(launchValues('')))).toEqual(['datasetId', 'config.name']);
    expect(issuesOf(valid())).toEqual({});
  });

  it('sends "all families" and untouched parameters as open choices', () => {
    const { config } = startInput(valid(), 8);
    expect(config).toMatchObject({ families: [], parameters: {}, symbols: [] });
  });

  it('sends only parameters that differ, only of chosen families', () => {
    const values = valid();
    values.config.families = ['MLP', 'LightGBM'];
    values.config.parameters.MLP.layers = 3;
    values.config.parameters.LSTM.layers = 4;
    expect(startInput(values, 8).config).toMatchObject({
      families: ['LightGBM', 'MLP'],
      parameters: { MLP: { layers: 3 } },
    });
  });

  it('a mode drops families it does not hold', () => {
    const values = valid();
    values.config.modelTypes = 'cross-sectional';
    expect(familiesOfMode('cross-sectional')).not.toContain('LSTM');
    expect(startInput(values, 8).config.families).toEqual([]);
  });

  it('config → form → config is the same configuration', () => {
    const config = runConfigSchema.parse({
      name: 'again',
      dataDir: '/data/x',
      symbols: ['A', 'B'],
      targets: ['fwd_ret_5d', 'target_x'],
      modelTypes: 'both',
      families: ['XGBoost', 'LSTM'],
      scope: 'both',
      packing: false,
      allowLeaks: true,
      featureExpressions: { _step: 'close / open', a: '_step - 1' },
      folds: { count: 4, scheme: 'sliding', embargoBars: 2, validationFraction: 0.2 },
      lookback: 12,
      costBasisPoints: 9,
      quantiles: 3,
      seed: 3,
      device: 'cpu',
      threads: 2,
      deadlineSeconds: 99,
      memoryCapMb: 1024,
      parameters: { LSTM: { hiddenUnits: 8 } },
    });
    expect(configOf(launchValues('d1', config), '/data/x', 8)).toEqual(config);
  });

  it('names each wrong input at its place', () => {
    const values = valid();
    values.config.families = ['MLP'];
    values.config.parameters.MLP.layers = 9;
    values.config.parameters.MLP.epochs = Number.NaN;
    values.config.parameters.MLP.batchSize = 32.5;
    values.config.folds.count = 0;
    values.config.targets = [];
    const issues = issuesOf(values);
    expect(issues).toEqual({
      'config.folds.count': '1 or more',
      'config.targets': 'choose at least one target',
      'config.parameters.MLP.layers': '4 or less',
      'config.parameters.MLP.epochs': 'a number is needed',
      'config.parameters.MLP.batchSize': 'a whole number is needed',
    });
  });

  it('names each feature that has no name or expression of its own', () => {
    const values = valid();
    values.config.featureExpressions = [
      { name: 'momentum', expression: '' },
      { name: 'two words', expression: 'close' },
      { name: 'Momentum', expression: 'close' },
    ];
    expect(issuesOf(values)).toEqual({
      'config.featureExpressions.0.expression': 'an SQL expression is needed',
      'config.featureExpressions.1.name': expect.stringMatching(/^a feature is named by letters/),
      'config.featureExpressions.2.name': 'another feature is named Momentum already',
    });
  });

  it('checks parameters of chosen families against their definitions', () => {
    const values = valid();
    values.config.families = ['MLP'];
    values.config.parameters.MLP.layers = 9;
    values.config.parameters.MLP.batchSize = 32.5;
    values.config.parameters.LSTM.layers = 99;
    expect(issuesOf(values)).toEqual({
      'config.parameters.MLP.layers': '4 or less',
      'config.parameters.MLP.batchSize': 'a whole number is needed',
    });
  });

  it('does not ask about parameters of families that are not chosen', () => {
    const values = valid();
    values.config.families = ['MLP'];
    values.config.parameters.LSTM.layers = Number.NaN;
    expect(issuesOf(values)).toEqual({});
  });

  it('a family that lacks symbols is left out of what is sent, and alone it is refused in words', () => {
    const values = valid();
    expect(startInput(values, 1).config.families).toEqual([]);
    expect(suitableFamilies('sequential', offerOf(values.config, 1))).not.toContain('MetaLearning');
    values.config.families = ['LightGBM', 'MetaLearning'];
    expect(startInput(values, 1).config.families).toEqual(['LightGBM']);
    expect(startInput(values, 8).config.families).toEqual(['LightGBM', 'MetaLearning']);
    values.config.families = ['MetaLearning'];
    const issues = Object.fromEntries(launchIssues(values, 1).map(({ path, message }) => [path, message]));
    expect(issues['config.families']).toBe('none of the chosen families can be trained on this choice');
  });

  it('counts the symbols that are chosen before those of the dataset', () => {
    const { config } = valid();
    expect(offerOf(config, 31).symbols).toBe(31);
    expect(offerOf({ ...config, symbols: ['A'] }, 31)).toEqual({ scope: 'crossSectional', symbols: 1, targets: 1 });
  });

  it('asks for at least one family', () => {
    const values = valid();
    values.config.families = [];
    expect(issuesOf(values)).toEqual({ 'config.families': 'choose at least one family' });
  });
});

describe('parameters', () => {
  it('knows what was changed', () => {
    const given = { ...defaultParameters('FTRLProximal'), passes: 9 };
    expect(changedParameters('FTRLProximal', given)).toEqual({ passes: 9 });
    expect(changedParameters('FTRLProximal', defaultParameters('FTRLProximal'))).toEqual({});
  });
});
