import type { FamilyId } from '@twostage/core/families/family';
import type { Trainer } from './trainer.ts';

/** Loaded one at a time, so that a child process holds the engine of its family and no other. */
export const trainers: Record<FamilyId, () => Promise<Trainer>> = {
  LightGBM: async () => (await import('./lightgbm/trainer.ts')).trainer,
  QuantileLightGBM: async () => (await import('./quantile-lightgbm/trainer.ts')).trainer,
  XGBoost: async () => (await import('./xgboost/trainer.ts')).trainer,
  RewardBased: async () => (await import('./reward-based/trainer.ts')).trainer,
  NGBoost: async () => (await import('./ngboost/trainer.ts')).trainer,
  GMMRegime: async () => (await import('./gmm-regime/trainer.ts')).trainer,
  ChangePoint: async () => (await import('./change-point/trainer.ts')).trainer,
  FTRLProximal: async () => (await import('./ftrl-proximal/trainer.ts')).trainer,
  Ensemble: async () => (await import('./ensemble/trainer.ts')).trainer,
  MetaLearning: async () => (await import('./meta-learning/trainer.ts')).trainer,
  MLP: async () => (await import('./mlp/trainer.ts')).trainer,
  VAE: async () => (await import('./vae/trainer.ts')).trainer,
  GAN: async () => (await import('./gan/trainer.ts')).trainer,
  MultiTask: async () => (await import('./multi-task/trainer.ts')).trainer,
  CNN1D: async () => (await import('./cnn1d/trainer.ts')).trainer,
  LSTM: async () => (await import('./lstm/trainer.ts')).trainer,
  Transformer: async () => (await import('./transformer/trainer.ts')).trainer,
  TabCNN: async () => (await import('./tab-cnn/trainer.ts')).trainer,
  TabLSTM: async () => (await import('./tab-lstm/trainer.ts')).trainer,
  TabTransformer: async () => (await import('./tab-transformer/trainer.ts')).trainer,
};
