import { checkTrainable } from '../boosting/matrix.ts';
import { describeLightgbm } from '../lightgbm/trainer.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import { type BaseName, baseNames, closeBases, predictBases, StackingSums } from './bases.ts';
import { fitBases, roundsOf, type Settings } from './fitBases.ts';
import { type EnsembleData, EnsembleModel } from './model.ts';
import { nonNegativeLeastSquares } from './nnls.ts';
import { timeBlocks } from './timeBlocks.ts';

type PerBase = Record<BaseName, number>;
type Progress = (round: number) => Promise<void>;

/**
 * Stacking (Wolpert 1992) in time order: each of the later blocks of the training window is predicted by bases fitted before it, and
 * non-negative least squares on these predictions, and on those of the validation block by bases fitted on the whole window, weighs the bases. A step is a
 * tree, or ridge, of any of these fits. Losses are mean squared errors: training, of the rows held out; validation, of the sum.
 */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, target, targets, train, validation, threads, device, note, report, lookback } = input;
    checkTrainable('Ensemble', panel, train);
    const settings = input.parameters as Settings;
    const blocks = timeBlocks(panel, train, settings.blocks, targets[0]!.labelBars);
    const totalSteps = (blocks.length + 1) * roundsOf(settings) + 1;
    let trainLoss: number | null = null;
    const fitAt =
      (place: number): Progress =>
      (round) =>
        say(place * roundsOf(settings) + round, null, train.length / totalSteps);
    const say = (step: number, validationLoss: number | null, rows: number) =>
      report({
        ...{ step, totalSteps, trainLoss, validationLoss, rows },
        bestStep: validationLoss === null ? null : step,
        bestValidationLoss: validationLoss,
      });

    const mean = train.reduce((sum, row) => sum + target[row]!, 0) / train.length;
    const sums = new StackingSums();
    for (const [place, block] of blocks.entries()) {
      const bases = await fitBases(input, block, fitAt(place));
      try {
        const asked = { panel, rows: block.held, lookback, threads, device };
        sums.add(await predictBases(bases, asked), target, block.held, mean);
      } finally {
        await closeBases(bases);
      }
    }
    if (sums.rows === 0) note('Ensemble: too few bars to hold any out: the bases count alike');

    const bases = await fitBases(input, { train, validation }, fitAt(blocks.length));
    try {
      const asked = { panel, rows: validation, lookback, threads, device };
      const predictions = await predictBases(bases, asked);
      // They were fitted before the validation block: it is held out too, and says most of what they are worth.
      if (sums.rows > 0) sums.add(predictions, target, validation, mean);
      const weights = weigh(sums);
      if (sums.rows > 0 && baseNames.every((name) => weights[name] === 0)) {
        note('Ensemble: no base forecasts held out rows better than the training mean, so that mean is the forecast');
      }
      const judged = new StackingSums();
      judged.add(predictions, target, validation, mean);
      trainLoss = sums.loss(listed(weights));
      await say(totalSteps, judged.loss(listed(weights)), 1);
      return new EnsembleModel(bases, { mean, weights, heldLosses: lossesOf(sums, weights) });
    } catch (error) {
      await closeBases(bases);
      throw error;
    }
  },

  load: (directory) => EnsembleModel.load(directory),

  describe: async (threads) => describeLightgbm(threads),
};

function weigh(sums: StackingSums): PerBase {
  const weights =
    sums.rows > 0 ? nonNegativeLeastSquares(sums.gram, sums.products) : baseNames.map(() => 1 / baseNames.length);
  return perBase((i) => weights[i]!);
}

const perBase = (value: (place: number) => number): PerBase =>
  Object.fromEntries(baseNames.map((name, i) => [name, value(i)])) as PerBase;

const listed = (weights: PerBase): number[] => baseNames.map((name) => weights[name]);

function lossesOf(sums: StackingSums, weights: PerBase): EnsembleData['heldLosses'] {
  const alone = (place: number) => baseNames.map((_, i) => (i === place ? 1 : 0));
  const stack = sums.loss(listed(weights));
  if (stack === null) return null;
  return { ...perBase((place) => sums.loss(alone(place))!), stack, mean: sums.loss(baseNames.map(() => 0))! };
}
