import type { z } from 'zod';
import { checkTrainable } from '../boosting/matrix.ts';
import { fitStandardisation, type Standardisation, standardise } from '../preprocessing/standardiser.ts';
import { fitTargetScale, type TargetScale } from '../preprocessing/targetScale.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import type { parameters } from './definition.ts';
import { FtrlProximal } from './ftrl.ts';
import { FtrlModel } from './model.ts';

type Settings = z.infer<typeof parameters>;

/** A pass is reported in this many steps, so that the curve moves and a cancel is heard. */
const stepsPerPass = 10;
const blockRows = 4096;

/**
 * FTRL-Proximal on standardised features and target, streamed in time order. Which pass is kept is decided on the
 * validation block at the end of each pass only: the last rows of the stream, the most recent ones, are always seen.
 * Train loss is the mean squared error of predictions made before each row was learnt (progressive validation).
 */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, target, train, validation, note, report } = input;
    checkTrainable('FTRLProximal', panel, train);
    const settings = input.parameters as Settings;
    const standardisation = fitStandardisation(panel, train);
    const features = panel.featureNames.length;
    const scale = fitTargetScale(target, train);
    const learner = new FtrlProximal(features, {
      alpha: settings.alpha,
      beta: settings.beta,
      l1: 0,
      l2: settings.l2,
    });
    const stream = { input, standardisation, scale, learner };
    let kept = learner.weights.slice();
    let bestStep: number | null = null;
    let bestValidationLoss: number | null = null;
    for (let step = 1; step <= settings.passes * stepsPerPass; step++) {
      const part = (step - 1) % stepsPerPass;
      // What pure noise adds up to over a pass of n standardised rows has standard deviation √n; over two, twice that.
      learner.penalise((settings.l1 * Math.sqrt(train.length) * step) / stepsPerPass);
      const [start, end] = [part, part + 1].map((edge) => Math.floor((train.length * edge) / stepsPerPass));
      const trainLoss = meanSquaredError(stream, train, start!, end!, true);
      const validationLoss = meanSquaredError(stream, validation, 0, validation.length, false);
      const endsPass = part === stepsPerPass - 1;
      const isBest = validationLoss === null || bestValidationLoss === null || validationLoss < bestValidationLoss;
      if (endsPass && isBest) {
        kept = learner.weights.slice();
        bestStep = step;
        bestValidationLoss = validationLoss;
      }
      const progress = { trainLoss, validationLoss, bestStep, bestValidationLoss, rows: end! - start! };
      await report({ step, totalSteps: settings.passes * stepsPerPass, ...progress });
      const passesSinceBest = (step - (bestStep ?? step)) / stepsPerPass;
      if (endsPass && settings.patience > 0 && passesSinceBest >= settings.patience) break;
    }
    const nonZero = kept.subarray(0, features).filter((weight) => weight !== 0).length;
    note(`FTRLProximal: ${nonZero} of ${features} weights are not zero`);
    return new FtrlModel({
      format: 'twostage.ftrl-proximal',
      version: 1,
      target: scale,
      bias: kept[features]!,
      features: panel.featureNames.map((name, index) => ({
        name,
        mean: standardisation.means[index]!,
        deviation: standardisation.deviations[index]!,
        weight: kept[index]!,
      })),
    });
  },

  async load(directory: string): Promise<FittedModel> {
    return FtrlModel.load(directory);
  },

  async describe(): Promise<string> {
    return 'FTRL-Proximal, cpu, 1 thread';
  },
};

interface Stream {
  readonly input: FitInput;
  readonly standardisation: Standardisation;
  readonly scale: TargetScale;
  readonly learner: FtrlProximal;
}

/** Over rows `start` to `end` of `rows`, in the target's unit squared, learning from each if `learns`; null for no rows. */
function meanSquaredError(
  { input: { panel, target }, standardisation, scale, learner }: Stream,
  rows: FitInput['train'],
  start: number,
  end: number,
  learns: boolean,
): number | null {
  if (end <= start) return null;
  const columns = panel.featureNames.length;
  let squares = 0;
  for (let from = start; from < end; from += blockRows) {
    const to = Math.min(from + blockRows, end);
    const inputs = standardise(panel, standardisation, rows.subarray(from, to));
    for (let index = from; index < to; index++) {
      const offset = (index - from) * columns;
      const label = (target[rows[index]!]! - scale.mean) / scale.deviation;
      const error = (learns ? learner.learn(inputs, offset, label) : learner.predict(inputs, offset)) - label;
      squares += error * error;
    }
  }
  return (squares / (end - start)) * scale.deviation ** 2;
}
