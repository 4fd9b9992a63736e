import type { FamilyId } from '@twostage/core/families/family';
import type { Trainer } from './trainer.ts';

/** Loaded one at a time, so that a child process holds the engine of its family and no other. */
export const trainers: Record<FamilyId, () => Promise<Trainer>> = {
  LightGBM: async () => (await import('./lightgbm/trainer.ts')).trainer,
  XGBoost: async () => (await import('./xgboost/trainer.ts')).trainer,
  FTRLProximal: async () => (await import('./ftrl-proximal/trainer.ts')).trainer,
  MLP: async () => (await import('./mlp/trainer.ts')).trainer,
  LSTM: async () => (await import('./lstm/trainer.ts')).trainer,
};
