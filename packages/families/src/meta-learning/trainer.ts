import { Random } from '@twostage/core/random';
import type { z } from 'zod';
import { checkTrainable } from '../boosting/matrix.ts';
import { fitStandardisation } from '../preprocessing/standardiser.ts';
import { fitTargetScale, reportInLabelUnit } from '../preprocessing/targetScale.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import type { parameters } from './definition.ts';
import { MetaModel } from './model.ts';
import { Network } from './network.ts';
import { Adaptation, reptileStep, requireSymbols, squaredErrors, type Task, triedSteps } from './reptile.ts';
import { splitBySymbol, taskOf } from './tasks.ts';

type Settings = z.infer<typeof parameters>;

/** Adaptation is given up after so many numbers of steps that were each worse than the best. */
const worseInARow = 2;

/** Of all epochs, over which the outer rate rises: where there is little to learn, the best start is met within the first few. */
const warmShare = 0.25;

/** Rows that the curvature, and so the largest stable step, is measured on. */
const curvatureRows = 4000;

/** Loss after each number of adaptation steps, of the standardised label. */
interface Path {
  /** As far as it was tried. */
  readonly steps: readonly number[];
  readonly support: readonly number[];
  /** Empty without a validation block. */
  readonly validation: readonly number[];
}

/**
 * Reptile over symbols. After each epoch every symbol is adapted on its last training rows, step by step, and judged on the
 * validation block: that decides the epoch and the number of steps kept. Losses are mean squared errors after adaptation.
 */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, target, train, validation, seed, note } = input;
    checkTrainable('MetaLearning', panel, train);
    const rowsBySymbol = splitBySymbol(panel, train);
    requireSymbols(rowsBySymbol.filter((rows) => rows.length > 0).length);
    const settings = input.parameters as Settings;
    const standardisation = fitStandardisation(panel, train);
    const scale = fitTargetScale(target, train);
    const report = reportInLabelUnit(input.report, scale);
    const take = (rows: Uint32Array) => taskOf(panel, target, rows, standardisation, scale);
    const tasks = rowsBySymbol.map(take);
    const supports = rowsBySymbol.map((rows) => take(rows.subarray(Math.max(0, rows.length - settings.supportBars))));
    const queries = splitBySymbol(panel, validation).map(take);

    const network = new Network(panel.featureNames.length, settings.hiddenUnits);
    const random = new Random(seed, 5);
    const start = network.start(random);
    const rate = settings.innerRate / network.curvature(start, take(spread(train, curvatureRows)).matrix);
    const seen = tasks.filter(({ labels }) => labels.length > 0);
    let best: { epoch: number; start: Float64Array; path: Path; at: number; loss: number | null } | null = null;
    for (let epoch = 1; epoch <= settings.epochs; epoch++) {
      const order = new Uint32Array(seen.length).map((_, i) => i);
      for (let task = 0; task < settings.tasksPerEpoch; task++) {
        if (task % seen.length === 0) random.shuffle(order);
        const done = (epoch - 1 + task / settings.tasksPerEpoch) / settings.epochs;
        const outerRate = settings.outerRate * Math.min(1, done / warmShare) * (1 - done);
        reptileStep(network, start, seen[order[task % seen.length]!]!, outerRate, { ...settings, rate }, random);
      }
      const path = tryAdapting(network, start, supports, queries, rate, settings.innerSteps);
      const at = path.validation.length > 0 ? indexOfLeast(path.validation) : path.steps.length - 1;
      const loss = path.validation[at] ?? null;
      if (best === null || loss === null || loss < best.loss!) best = { epoch, start: start.slice(), path, at, loss };
      await report({
        step: epoch,
        totalSteps: settings.epochs,
        trainLoss: path.support[at]!,
        validationLoss: loss,
        bestStep: best.epoch,
        bestValidationLoss: best.loss,
        rows: settings.tasksPerEpoch * settings.innerSteps * settings.batchSize,
        scalars: {
          'adaptation steps': path.steps[at]!,
          'gain by adaptation (%)': gainOf(path.validation.length > 0 ? path.validation : path.support, at),
        },
      });
      if (loss !== null && settings.patience > 0 && epoch - best.epoch >= settings.patience) break;
    }
    const { path, at } = best!;
    const steps = path.steps[at]!;
    note(
      `MetaLearning: ${steps} steps adapt to a symbol, which ${path.validation.length > 0 ? `takes ${gainOf(path.validation, at).toFixed(2)} % off the validation loss` : 'no validation block has judged'}`,
    );
    return new MetaModel(network, {
      standardisation,
      scale,
      start: best!.start,
      adapted: supports.flatMap((support, symbol) => {
        if (support.labels.length === 0) return [];
        const parameters = new Adaptation(network, best!.start, support, rate).advanceTo(steps);
        return [{ symbol: panel.symbols[symbol]!, supportRows: support.labels.length, parameters }];
      }),
      steps,
      path: { ...path, unit: scale.deviation ** 2 },
    });
  },

  load: (directory) => MetaModel.load(directory),

  async describe(): Promise<string> {
    return 'Reptile, cpu, 1 thread';
  },
};

/** Adapts every symbol and judges each number of steps over all of them, until more steps only do harm. */
function tryAdapting(
  network: Network,
  start: Float64Array,
  supports: readonly Task[],
  queries: readonly Task[],
  rate: number,
  innerSteps: number,
): Path {
  const judged = queries.some(({ labels }) => labels.length > 0);
  // Without a judge, symbols are adapted as they were in learning.
  const stops: readonly number[] = judged ? triedSteps : [0, innerSteps];
  const steps: number[] = [];
  const [support, validation]: [number[], number[]] = [[], []];
  const walks = supports.map((task) => new Adaptation(network, start, task, rate));
  for (const stop of stops) {
    const current = walks.map((walk) => walk.advanceTo(stop));
    steps.push(stop);
    support.push(meanLoss(network, current, supports));
    if (!judged) continue;
    validation.push(meanLoss(network, current, queries));
    if (steps.length - 1 - indexOfLeast(validation) >= worseInARow) break;
  }
  return { steps, support, validation };
}

function meanLoss(network: Network, parameters: readonly Float64Array[], tasks: readonly Task[]): number {
  let [squares, rows] = [0, 0];
  tasks.forEach((task, i) => {
    squares += squaredErrors(network, parameters[i]!, task);
    rows += task.labels.length;
  });
  return squares / rows;
}

const indexOfLeast = (values: readonly number[]): number => values.indexOf(Math.min(...values));

/** Percent that adaptation takes off the loss of the starting point. */
const gainOf = (losses: readonly number[], at: number): number =>
  losses[0]! > 0 ? 100 * (1 - losses[at]! / losses[0]!) : 0;

/** Every so many-th row: at most `most` of them. */
function spread(rows: Uint32Array, most: number): Uint32Array {
  const stride = Math.max(1, Math.ceil(rows.length / most));
  return rows.filter((_, i) => i % stride === 0);
}
