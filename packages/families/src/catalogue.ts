import type { FamilyDefinition, FamilyId } from '@twostage/core/families/family';
import { definition as changePoint } from './change-point/definition.ts';
import { definition as cnn1d } from './cnn1d/definition.ts';
import { definition as ensemble } from './ensemble/definition.ts';
import { definition as ftrlProximal } from './ftrl-proximal/definition.ts';
import { definition as gan } from './gan/definition.ts';
import { definition as gmmRegime } from './gmm-regime/definition.ts';
import { definition as lightgbm } from './lightgbm/definition.ts';
import { definition as lstm } from './lstm/definition.ts';
import { definition as metaLearning } from './meta-learning/definition.ts';
import { definition as mlp } from './mlp/definition.ts';
import { definition as multiTask } from './multi-task/definition.ts';
import { definition as ngboost } from './ngboost/definition.ts';
import { definition as quantileLightgbm } from './quantile-lightgbm/definition.ts';
import { definition as rewardBased } from './reward-based/definition.ts';
import { definition as tabCnn } from './tab-cnn/definition.ts';
import { definition as tabLstm } from './tab-lstm/definition.ts';
import { definition as tabTransformer } from './tab-transformer/definition.ts';
import { definition as transformer } from './transformer/definition.ts';
import { definition as vae } from './vae/definition.ts';
import { definition as xgboost } from './xgboost/definition.ts';

/** Browser-safe. Total by type: a family without a definition does not compile. */
export const catalogue: Record<FamilyId, FamilyDefinition> = {
  LightGBM: lightgbm,
  QuantileLightGBM: quantileLightgbm,
  XGBoost: xgboost,
  RewardBased: rewardBased,
  NGBoost: ngboost,
  GMMRegime: gmmRegime,
  ChangePoint: changePoint,
  FTRLProximal: ftrlProximal,
  Ensemble: ensemble,
  MetaLearning: metaLearning,
  MLP: mlp,
  VAE: vae,
  GAN: gan,
  MultiTask: multiTask,
  CNN1D: cnn1d,
  LSTM: lstm,
  Transformer: transformer,
  TabCNN: tabCnn,
  TabLSTM: tabLstm,
  TabTransformer: tabTransformer,
};

export const families: readonly FamilyDefinition[] = Object.values(catalogue);
