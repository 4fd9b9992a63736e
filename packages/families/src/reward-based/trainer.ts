import type { RowIndices } from '@twostage/core/panel/panel';
import { annualisedSharpe, holdingBars, keepBook } from '@twostage/core/evaluation/policy';
import { Random } from '@twostage/core/random';
import type { z } from 'zod';
import { checkTrainable } from '../boosting/matrix.ts';
import { fitRidge } from '../linear/ridge.ts';
import { fitStandardisation, standardise } from '../preprocessing/standardiser.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import type { parameters } from './definition.ts';
import { type Epoch, RewardModel } from './model.ts';
import { DifferentialSharpe, type Market, OnlineTrader, rollPositions } from './policy.ts';

type Settings = z.infer<typeof parameters>;

/** The rate falls as 1 / (1 + epoch / this). */
const rateHalvesAtEpoch = 10;

/**
 * Direct reinforcement: trades through the training bars in time order, epoch after epoch, and after each bar climbs the
 * differential Sharpe ratio of the book net of costs. The candidate of an epoch is the mean of its weights (Polyak &
 * Juditsky 1992); kept is the one with the best net Sharpe ratio on the validation block. Losses are negative net Sharpe ratios.
 */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, train, validation, seed, report, note } = input;
    checkTrainable('RewardBased', panel, train);
    const settings = input.parameters as Settings;
    const { labelBars } = input.targets[0]!;
    const standardisation = fitStandardisation(panel, train);
    const length = holdingBars(labelBars);
    const market: Market = {
      panel,
      matrix: standardise(panel, standardisation),
      returns: input.target.map((value) => value / length),
      cost: settings.costBasisPoints / 10_000,
    };
    const trader = new OnlineTrader(market, initialTheta(fitRidge(input).weights, seed));
    const bars = splitByBar(panel.barOf, train);
    const judge = (theta: Float64Array, rows: RowIndices) => bookFigures(input, settings, market, theta, rows);

    const epochs: Epoch[] = [];
    let kept: Float64Array = trader.theta.slice();
    let best: { epoch: number; sharpe: number } | null = null;
    for (let epoch = 1; epoch <= settings.epochs; epoch++) {
      const candidate = climb(trader, bars, settings, settings.learningRate / (1 + (epoch - 1) / rateHalvesAtEpoch));
      const onTrain = judge(candidate, train);
      const sharpe = validation.length > 0 ? judge(candidate, validation).sharpe : null;
      if (sharpe !== null && (best === null || sharpe > best.sharpe)) {
        best = { epoch, sharpe };
        kept = candidate;
      }
      if (best === null) kept = candidate;
      const { turnover } = onTrain;
      epochs.push({ epoch, trainSharpe: onTrain.sharpe, validationSharpe: sharpe, turnover });
      await report({
        step: epoch,
        totalSteps: settings.epochs,
        trainLoss: negative(onTrain.sharpe),
        validationLoss: negative(sharpe),
        bestStep: best?.epoch ?? null,
        bestValidationLoss: negative(best?.sharpe ?? null),
        rows: train.length,
        scalars: { 'net Sharpe': onTrain.sharpe ?? 0, 'gross Sharpe': onTrain.gross ?? 0, turnover: turnover ?? 0 },
      });
      if (best !== null && settings.patience > 0 && epoch - best.epoch >= settings.patience) break;
    }
    const last = epochs[(best?.epoch ?? epochs.length) - 1]!;
    note(
      `RewardBased: turnover ${(last.turnover ?? 0).toFixed(3)} a bar and symbol on the training bars, at costs of ${settings.costBasisPoints} basis points`,
    );
    const width = panel.featureNames.length;
    return new RewardModel({
      format: 'twostage.reward-based',
      version: 1,
      costBasisPoints: settings.costBasisPoints,
      labelBars,
      bias: kept[width + 1]!,
      recurrence: kept[width]!,
      features: panel.featureNames.map((name, k) => ({
        name,
        mean: standardisation.means[k]!,
        deviation: standardisation.deviations[k]!,
        weight: kept[k]!,
      })),
      epochs,
    });
  },

  load: (directory) => RewardModel.load(directory),

  async describe(): Promise<string> {
    return 'direct reinforcement, cpu, 1 thread';
  },
};

/** Deviation of what the features make of a position, before the first step. */
const initialScale = 0.5;

/**
 * Ridge's direction, not yet knowing costs, as a book of some size: the Sharpe ratio of a book of next to nothing has slopes so steep
 * that its first steps lead anywhere. The seed breaks ties.
 */
function initialTheta(ridge: Float64Array, seed: number): Float64Array {
  const random = new Random(seed, 1);
  const length = Math.hypot(...ridge);
  const direction = ridge.map((weight) => (length > 0 ? (initialScale * weight) / length : 0));
  return Float64Array.of(...direction, 0, 0).map((weight) => weight + 0.01 * random.normal());
}

/** One epoch of ascent in place. @returns the mean of the weights over its bars */
function climb(trader: OnlineTrader, bars: readonly RowIndices[], settings: Settings, rate: number): Float64Array {
  const { theta, gradient } = trader;
  const features = theta.length - 2;
  const sharpe = new DifferentialSharpe(1 / settings.memoryBars);
  const mean = new Float64Array(theta.length);
  let count = 0;
  trader.reset();
  for (const rows of bars) {
    const reward = trader.trade(rows);
    if (sharpe.ready) {
      const slope = rate * sharpe.slope(reward);
      for (let k = 0; k < theta.length; k++) {
        const decay = k < features ? rate * settings.weightDecay * theta[k]! : 0;
        theta[k]! += slope * gradient[k]! - decay;
      }
    }
    sharpe.add(reward);
    count++;
    for (let k = 0; k < theta.length; k++) mean[k]! += (theta[k]! - mean[k]!) / count;
  }
  return mean;
}

function bookFigures(
  { panel, target, targets }: FitInput,
  { costBasisPoints }: Settings,
  { matrix }: Market,
  theta: Float64Array,
  rows: RowIndices,
): { sharpe: number | null; gross: number | null; turnover: number | null } {
  const rolled = rollPositions(theta, panel, matrix);
  const positions = Float64Array.from(rows, (row) => rolled[row]!);
  const { labelBars } = targets[0]!;
  const book = keepBook({ panel, target, rows, positions, labelBars, costBasisPoints });
  return { sharpe: annualisedSharpe(book.net), gross: annualisedSharpe(book.gross), turnover: book.turnover };
}

/** Rows in time order, cut where the bar changes. */
function splitByBar(barOf: Uint32Array, rows: RowIndices): RowIndices[] {
  const bars: RowIndices[] = [];
  for (let start = 0; start < rows.length; ) {
    let end = start + 1;
    while (end < rows.length && barOf[rows[end]!] === barOf[rows[start]!]) end++;
    bars.push(rows.subarray(start, end));
    start = end;
  }
  return bars;
}

const negative = (value: number | null): number | null => (value === null ? null : -value);
