import type { z } from 'zod';
import { checkTrainable, targetMoments } from '../boosting/matrix.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import type { parameters } from './definition.ts';
import { FtrlProximal } from './ftrl.ts';
import { FtrlModel } from './model.ts';
import { type FeatureMoments, featureMoments, standardisedRows } from './standardiser.ts';

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
    const moments = featureMoments(panel, train);
    const scale = standardScale(targetMoments(target, train));
    const learner = new FtrlProximal(moments.length, {
      alpha: settings.alpha,
      beta: settings.beta,
      // What pure noise adds up to over n standardised rows has standard deviation √n.
      l1: settings.l1 * Math.sqrt(train.length),
      l2: settings.l2,
    });
    const stream = { input, moments, scale, learner };
    let kept = learner.weights.slice();
    let bestStep: number | null = null;
    let bestValidationLoss: number | null = null;
    for (let step = 1; step <= settings.passes * stepsPerPass; step++) {
      const part = (step - 1) % stepsPerPass;
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
    const nonZero = kept.subarray(0, moments.length).filter((weight) => weight !== 0).length;
    note(`FTRLProximal: ${nonZero} of ${moments.length} weights are not zero`);
    return new FtrlModel({
      format: 'twostage.ftrl-proximal',
      version: 1,
      target: scale,
      bias: kept[moments.length]!,
      features: moments.map((moment, index) => ({
        name: panel.featureNames[index]!,
        ...moment,
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
  readonly moments: readonly FeatureMoments[];
  readonly scale: { readonly mean: number; readonly deviation: number };
  readonly learner: FtrlProximal;
}

/** A target that never varies is left in its own unit: every error then is 0. */
function standardScale({ mean, deviation }: { mean: number; deviation: number }) {
  return { mean, deviation: deviation > 0 ? deviation : 1 };
}

/** Over rows `start` to `end` of `rows`, in the target's unit squared, learning from each if `learns`; null for no rows. */
function meanSquaredError(
  { input: { panel, target }, moments, scale, learner }: Stream,
  rows: FitInput['train'],
  start: number,
  end: number,
  learns: boolean,
): number | null {
  if (end <= start) return null;
  const columns = moments.length;
  let squares = 0;
  for (let from = start; from < end; from += blockRows) {
    const to = Math.min(from + blockRows, end);
    const inputs = standardisedRows(panel, rows, moments, from, to);
    for (let index = from; index < to; index++) {
      const offset = (index - from) * columns;
      const label = (target[rows[index]!]! - scale.mean) / scale.deviation;
      const error = (learns ? learner.learn(inputs, offset, label) : learner.predict(inputs, offset)) - label;
      squares += error * error;
    }
  }
  return (squares / (end - start)) * scale.deviation ** 2;
}
