import type { FamilyId } from '@twostage/core/families/family';

/**
 * Seconds that a training of each family of stage cpu took on one thread, on 31 symbols of 3,000 daily bars with default settings:
 * only how they compare counts. Packing starts the longest first.
 */
const seconds: Partial<Record<FamilyId, number>> = {
  LightGBM: 6,
  QuantileLightGBM: 20,
  XGBoost: 4,
  RewardBased: 8,
  NGBoost: 26,
  GMMRegime: 26,
  ChangePoint: 8,
  FTRLProximal: 3,
  Ensemble: 36,
  MetaLearning: 12,
};

/** Of a family of stage gpu, which is never packed. */
const middling = 15;

export const costOf = (family: FamilyId): number => seconds[family] ?? middling;
