import type { FamilyDefinition, FamilyId } from '@twostage/core/families/family';
import { definition as ftrlProximal } from './ftrl-proximal/definition.ts';
import { definition as lightgbm } from './lightgbm/definition.ts';
import { definition as lstm } from './lstm/definition.ts';
import { definition as mlp } from './mlp/definition.ts';
import { definition as xgboost } from './xgboost/definition.ts';

/** Browser-safe. Total by type: a family without a definition does not compile. */
export const catalogue: Record<FamilyId, FamilyDefinition> = {
  LightGBM: lightgbm,
  XGBoost: xgboost,
  FTRLProximal: ftrlProximal,
  MLP: mlp,
  LSTM: lstm,
};

export const families: readonly FamilyDefinition[] = Object.values(catalogue);
