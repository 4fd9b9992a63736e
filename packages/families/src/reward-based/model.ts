import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import { type Book, keepBook } from '@twostage/core/evaluation/policy';
import { type FigureInput, maxFigurePoints } from '@twostage/core/runs/figures';
import { z } from 'zod';
import { type Standardisation, standardise } from '../preprocessing/standardiser.ts';
import type { FigureContext, FittedModel, PredictInput, Prediction } from '../trainer.ts';
import { rollPositions } from './policy.ts';

const modelFile = 'model.json';

/** What the policy was like after an epoch: Sharpe ratios are annualised and net of costs. */
const epochSchema = z.object({
  epoch: z.number().int(),
  trainSharpe: z.number().nullable(),
  validationSharpe: z.number().nullable(),
  turnover: z.number().nullable(),
});
export type Epoch = z.infer<typeof epochSchema>;

/** All numbers are float64, written by JSON as the shortest decimal that reads back the same. */
const policySchema = z.object({
  format: z.literal('twostage.reward-based'),
  version: z.literal(1),
  costBasisPoints: z.number(),
  labelBars: z.number().int(),
  bias: z.number(),
  /** Weight of the position before. */
  recurrence: z.number(),
  features: z.array(z.object({ name: z.string(), mean: z.number(), deviation: z.number(), weight: z.number() })),
  epochs: z.array(epochSchema),
});
export type Policy = z.infer<typeof policySchema>;

/** A trading policy: positions in (−1, 1), each symbol rolled forward from its first bar in the panel. */
export class RewardModel implements FittedModel {
  constructor(readonly policy: Policy) {}

  /** @throws DomainError NOT_FOUND if there is no such model, or what is there is none */
  static async load(directory: string): Promise<RewardModel> {
    try {
      const text = await readFile(path.join(directory, modelFile), 'utf8');
      return new RewardModel(policySchema.parse(JSON.parse(text)));
    } catch (error) {
      throw new DomainError('NOT_FOUND', `no RewardBased model in ${directory}: ${messageOf(error)}`, { cause: error });
    }
  }

  async predict({ panel, rows }: PredictInput): Promise<Prediction> {
    const positions = this.#positions(panel);
    return { values: Float64Array.from(rows, (row) => positions[row]!) };
  }

  async save(directory: string): Promise<void> {
    await writeFile(path.join(directory, modelFile), `${JSON.stringify(this.policy, null, 1)}\n`);
  }

  /** Absolute weight on the standardised feature. */
  importances(): { feature: string; value: number }[] {
    return this.policy.features
      .map(({ name, weight }) => ({ feature: name, value: Math.abs(weight) }))
      .sort((a, b) => b.value - a.value);
  }

  async figures({ panel, target, test }: FigureContext): Promise<FigureInput[]> {
    const { costBasisPoints, labelBars, epochs, features, recurrence, bias } = this.policy;
    const positions = this.#positions(panel);
    const held = Float64Array.from(test, (row) => positions[row]!);
    const book = keepBook({ panel, target, rows: test, positions: held, labelBars, costBasisPoints });
    const curve = (name: string, y: (epoch: Epoch) => number | null) => {
      const shown = thinned(epochs.length).map((i) => epochs[i]!);
      return { name, x: shown.map(({ epoch }) => epoch), y: shown.map(y) };
    };
    const weights = [
      ...features.map(({ name, weight }) => ({ label: name, value: weight })),
      { label: 'position before', value: recurrence },
      { label: 'constant', value: bias },
    ];
    return [
      rewardCurve(book, panel.times, costBasisPoints),
      {
        kind: 'lines',
        title: 'Net Sharpe ratio by epoch',
        help: 'What is learnt: the annualised Sharpe ratio after costs. The epoch with the best validation ratio is kept.',
        xLabel: 'Epoch',
        yLabel: 'Net Sharpe ratio',
        series: [
          curve('training', ({ trainSharpe }) => trainSharpe),
          curve('validation', ({ validationSharpe }) => validationSharpe),
        ],
      },
      {
        kind: 'lines',
        title: 'Turnover by epoch',
        help: 'Mean change of position a bar and symbol, on the training bars: trading less is learnt where it costs more than it earns.',
        xLabel: 'Epoch',
        yLabel: 'Turnover',
        series: [curve('turnover', ({ turnover }) => turnover)],
      },
      {
        kind: 'bars',
        title: 'Weights of the policy',
        help: 'On standardised features; the weight of the position before makes it hold on.',
        items: weights.sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, 40),
      },
    ];
  }

  async close(): Promise<void> {}

  #positions(panel: PredictInput['panel']): Float64Array {
    const { features, recurrence, bias } = this.policy;
    const standardisation: Standardisation = {
      featureNames: features.map(({ name }) => name),
      means: features.map(({ mean }) => mean),
      deviations: features.map(({ deviation }) => deviation),
    };
    const theta = Float64Array.of(...features.map(({ weight }) => weight), recurrence, bias);
    return rollPositions(theta, panel, standardise(panel, standardisation));
  }
}

function rewardCurve(book: Book, times: Float64Array, costBasisPoints: number): FigureInput {
  const cumulative = (returns: Float64Array) => {
    let sum = 0;
    return returns.map((value) => {
      sum += value;
      return sum;
    });
  };
  const [net, gross] = [cumulative(book.net), cumulative(book.gross)];
  const shown = thinned(book.bars.length);
  const x = shown.map((i) => times[book.bars[i]!]!);
  return {
    kind: 'lines',
    title: 'Reward on the test bars',
    help: `Sum of the book's returns a bar, before and after costs of ${costBasisPoints} basis points; every symbol weighs the same.`,
    xLabel: '',
    yLabel: 'Cumulative return',
    xKind: 'time',
    series: [
      { name: 'net', x, y: shown.map((i) => net[i]!) },
      { name: 'gross', x, y: shown.map((i) => gross[i]!) },
    ],
  };
}

/** Evenly spaced indices of a list, at most as many as a figure shows, the last always among them. */
function thinned(length: number): number[] {
  const step = Math.max(1, Math.ceil(length / maxFigurePoints));
  return Array.from({ length: Math.ceil(length / step) }, (_, i) => length - 1 - i * step).reverse();
}
