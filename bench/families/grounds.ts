import type { FamilyId } from '@twostage/core/families/family';
import type { ScenarioName } from '@twostage/data/simulate/scenarios/catalogue';
import type { RivalId } from './rivals.ts';
import type { MeasureName, Scores } from './scores.ts';

export type Contestant = FamilyId | RivalId;

/** What else a family has to show, on the means of the figures over the seeds. */
export interface FurtherCheck {
  readonly title: string;
  readonly value: (scores: Scores) => number | undefined;
  readonly least: number;
  readonly most: number;
}

/** Where a family has to be better than something simpler. */
export interface HomeGround {
  readonly scenario: ScenarioName;
  /** The family has to win by every one of them. */
  readonly measures: readonly [MeasureName, ...MeasureName[]];
  /** It has to beat each of them. */
  readonly rivals: readonly [Contestant, ...Contestant[]];
  readonly checks?: readonly FurtherCheck[];
  /** As small as one seed shows the difference on, instead of the scenario's own size: for `--quick` and the tests. */
  readonly quick: Size;
}

export interface Size {
  readonly symbols: number;
  readonly bars: number;
}

const oneRival = (scenario: ScenarioName, measure: MeasureName, rival: Contestant, quick: Size): HomeGround => ({
  ...{ scenario, quick },
  measures: [measure],
  rivals: [rival],
});

const interaction = oneRival('interaction', 'r2', 'ridge', { symbols: 20, bars: 450 });

/** Total by type: a family without a home ground does not compile. */
export const homeGrounds: Record<FamilyId, HomeGround> = {
  LightGBM: interaction,
  QuantileLightGBM: {
    ...oneRival('heteroscedastic', 'pinball', 'constantIntervals', { symbols: 30, bars: 450 }),
    checks: [{ title: 'share within its 80 % interval', value: ({ coverage }) => coverage, least: 0.77, most: 0.83 }],
  },
  XGBoost: interaction,
  RewardBased: oneRival('costs', 'netSharpe', 'signOfRidge', { symbols: 30, bars: 600 }),
  NGBoost: {
    ...oneRival('heteroscedastic', 'nll', 'oneNormal', { symbols: 20, bars: 450 }),
    measures: ['nll', 'crps'],
  },
  GMMRegime: oneRival('regime', 'r2', 'ridge', { symbols: 20, bars: 600 }),
  ChangePoint: oneRival('break', 'r2', 'ridge', { symbols: 20, bars: 600 }),
  FTRLProximal: {
    ...oneRival('linear-sparse', 'r2', 'ridge', { symbols: 5, bars: 600 }),
    checks: [
      { title: 'precision of its support', value: ({ support }) => support?.precision, least: 0.8, most: 1 },
      { title: 'recall of its support', value: ({ support }) => support?.recall, least: 0.9, most: 1 },
    ],
  },
  Ensemble: {
    ...oneRival('mixed', 'r2', 'ridge', { symbols: 20, bars: 450 }),
    rivals: ['ridge', 'boostingBase', 'forestBase'],
  },
  MetaLearning: {
    ...oneRival('per-symbol', 'r2', 'ridge', { symbols: 20, bars: 450 }),
    rivals: ['ridge', 'perSymbolRidge'],
  },
  MLP: interaction,
  VAE: oneRival('manifold', 'r2', 'MLP', { symbols: 20, bars: 450 }),
  GAN: {
    ...oneRival('bimodal', 'crps', 'oneNormal', { symbols: 6, bars: 300 }),
    // A Normal of one width, and one whose width follows the features.
    rivals: ['oneNormal', 'NGBoost'],
  },
  MultiTask: oneRival('multi-horizon', 'meanR2', 'separateMlps', { symbols: 20, bars: 300 }),
  CNN1D: oneRival('motif', 'r2', 'flattenedMlp', { symbols: 8, bars: 450 }),
  LSTM: oneRival('memory', 'r2', 'MLP', { symbols: 20, bars: 450 }),
  Transformer: oneRival('retrieval', 'r2', 'CNN1D', { symbols: 14, bars: 450 }),
  TabCNN: interaction,
  TabLSTM: oneRival('memory+context', 'r2', 'LSTM', { symbols: 20, bars: 600 }),
  TabTransformer: interaction,
};
