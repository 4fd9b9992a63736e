import { resolveParameters } from '@twostage/core/families/parameters';
import type { FamilyParameters } from '@twostage/core/runs/config';
import { catalogue } from '@twostage/families/catalogue';
import { lightgbmParameters, type Settings as LightgbmSettings } from '@twostage/families/lightgbm/settings';
import type { Trainer } from '@twostage/families/trainer';
import { type Settings as XgboostSettings, xgboostParameters } from '@twostage/families/xgboost/settings';
import type { Simulated } from './simulate.ts';

export interface Opened {
  readonly trainer: Trainer;
  /** Of the family. */
  readonly settings: FamilyParameters;
  /** Of Python's library, for peer.py. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface Contest {
  readonly size: { readonly rows: number; readonly columns: number; readonly rounds: number };
  readonly interpreter: string;
  /** Ours / Python's, at most. */
  readonly aim: number;
  /** Each family loads its own engine only. */
  readonly open: (asked: { seed: number; threads: number; rounds: number; data: Simulated }) => Promise<Opened>;
}

const python = process.env.PYTHON ?? 'python3';
const large = { rows: 500_000, columns: 50, rounds: 100 };

export const contests: Readonly<Record<string, Contest>> = {
  LightGBM: {
    size: large,
    interpreter: python,
    aim: 1.05,
    async open({ seed, threads, rounds }) {
      const settings = resolveParameters(catalogue.LightGBM, { rounds, patience: 0 });
      const { trainer } = await import('@twostage/families/lightgbm/trainer');
      const own = settings as unknown as LightgbmSettings;
      return { trainer, settings, parameters: lightgbmParameters(own, { seed, threads, targetDeviation: 1 }) };
    },
  },
  QuantileLightGBM: {
    size: large,
    interpreter: python,
    aim: 1.05,
    async open({ seed, threads, rounds }) {
      const settings = resolveParameters(catalogue.QuantileLightGBM, { rounds, patience: 0 });
      const { trainer, quantileParameters } = await import('@twostage/families/quantile-lightgbm/trainer');
      const parameters = quantileParameters(settings as never, { seed, threads });
      return { trainer, settings, parameters: { ...parameters, levels: [0.1, 0.5, 0.9] } };
    },
  },
  XGBoost: {
    size: large,
    interpreter: process.env.PYTHON_XGBOOST ?? python,
    aim: 1.05,
    async open({ seed, threads, rounds, data }) {
      const settings = resolveParameters(catalogue.XGBoost, { rounds, patience: 0 });
      const { trainer } = await import('@twostage/families/xgboost/trainer');
      const mean = data.train.reduce((sum, row) => sum + data.target[row]!, 0) / data.train.length;
      const own = settings as unknown as XgboostSettings;
      // Ours divides the target by a power of two; Python gets it multiplied by a hundred, so that neither refuses small gains.
      const target = { mean: mean * 100, deviation: 1 };
      return { trainer, settings, parameters: { ...xgboostParameters(own, { seed, threads, target }), unit: 100 } };
    },
  },
  NGBoost: {
    size: { rows: 20_000, columns: 20, rounds: 60 },
    interpreter: python,
    aim: 0.1,
    async open({ rounds }) {
      const given = { rounds, patience: 0, learningRate: 0.05, leaves: 8, minLeafRows: 20 };
      const settings = resolveParameters(catalogue.NGBoost, given);
      return { trainer: (await import('@twostage/families/ngboost/trainer')).trainer, settings, parameters: given };
    },
  },
};
