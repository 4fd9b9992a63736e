import { holdingBars } from '@twostage/core/evaluation/policy';
import { type RealisedLabels, realisedLabels } from '@twostage/core/evaluation/realisedLabels';
import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import type { z } from 'zod';
import { checkTrainable } from '../boosting/matrix.ts';
import { type LinearFit, Moments } from '../linear/moments.ts';
import { chooseLambda, evaluateLinear, momentsOf } from '../linear/ridge.ts';
import { shrinkTo } from '../linear/solve.ts';
import { fitStandardisation, type Standardisation, standardise } from '../preprocessing/standardiser.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import type { parameters } from './definition.ts';
import { ChangePointModel } from './model.ts';
import { noiseOf, type Observation, RelationReader, standardiseScore, type Watch } from './relation.ts';
import { findSegments, type Segments } from './segments.ts';
import { type Detection, RelationWalk } from './walk.ts';
import { fitWhitening } from './whitening.ts';

type Settings = z.infer<typeof parameters>;

/** Pulls to the pooled fit that are tried, in training rows: from nearly free to nearly pooled. */
const pulls = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 10] as const;
const middlePull = 0.03;
/** What labels that overlap add to the noise of a sum of blocks, beyond what differences of blocks apart show. */
const overlapNoise = Math.sqrt(1.5);

/**
 * PELT on the training bars, Bayesian online detection from there on. Step 1 is the pooled ridge; each further one a pull to it,
 * tried on the validation block as on any later bars: with the outcomes that were known then. Losses are mean squared errors.
 */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, target, train, validation, note, report } = input;
    checkTrainable('ChangePoint', panel, train);
    const settings = input.parameters as Settings;
    const { labelBars } = input.targets[0]!;
    const standardisation = fitStandardisation(panel, train);
    const whole = momentsOf(panel, target, train, standardisation);
    const judge = momentsOf(panel, target, validation, standardisation);
    const { fit: pooled, loss } = chooseLambda(whole, judge);
    const totalSteps = 1 + pulls.length;
    let best = { step: 1, loss };
    const said = { totalSteps, trainLoss: whole.meanSquaredError(pooled), validationLoss: loss };
    await report({ step: 1, ...said, bestStep: 1, bestValidationLoss: loss, rows: train.length });

    const { watch, observations, segments } = watchTraining(input, standardisation, whole, settings);
    const detection: Detection = { watch, prior: segments.prior, hazard: segments.hazard, labelBars };
    const known = labelsOf(panel, target, [train, validation], labelBars);
    const walk = new RelationWalk(panel, detection, known);
    walk.advanceTo(panel.barOf[train.at(-1)!]! + labelBars);
    const atEnd = walk.segment();
    const losses = validationLosses(input, standardisation, walk, pooled, train.length);
    const parts = splitObservations(observations, segments);
    for (const [i, pull] of pulls.entries()) {
      const step = 2 + i;
      const validationLoss = losses?.[i] ?? null;
      if (validationLoss !== null && validationLoss < best.loss!) best = { step, loss: validationLoss };
      await report({
        step,
        totalSteps,
        trainLoss: segmentedLoss(parts, pull * train.length, pooled),
        validationLoss,
        bestStep: best.step,
        bestValidationLoss: best.loss,
        rows: i === 0 ? validation.length : 0,
        scalars: { breaks: segments.breaks.length },
      });
    }
    const order = losses ? [...pulls.keys()].sort((a, b) => losses[a]! - losses[b]!) : [];
    const lambda = (losses ? pulls[order[0]!]! : middlePull) * train.length;
    note(`ChangePoint: ${segments.breaks.length} breaks in the training bars${datesOf(panel, observations, segments)}`);
    return modelOf({ panel, detection, pooled, lambda, current: shrinkTo(atEnd, lambda, pooled), parts });
  },

  load: (directory) => ChangePointModel.load(directory),

  async describe(): Promise<string> {
    return 'PELT, online detection and ridge, cpu, 1 thread';
  },
};

/** How the relation is watched, learnt from the training rows, and their segments. */
function watchTraining(
  { panel, target, targets, train }: FitInput,
  standardisation: Standardisation,
  whole: Moments,
  { minimumSegmentBars, penalty, mostDirections }: Settings,
): { watch: Watch; observations: Observation[]; segments: Segments } {
  const features = panel.featureNames.length;
  const covariance = whole.gram.map((value, at) => {
    const [i, j] = [Math.floor(at / features), at % features];
    return value / whole.weight - (whole.inputs[i]! * whole.inputs[j]!) / whole.weight ** 2;
  });
  const { labelBars } = targets[0]!;
  const blockBars = holdingBars(labelBars);
  const whitening = fitWhitening(covariance, features, mostDirections);
  const quiet = { standardisation, whitening, targetMean: whole.target / whole.weight, blockBars };
  const known = labelsOf(panel, target, [train], labelBars);
  const reader = new RelationReader(panel, quiet);
  const observations: Observation[] = [];
  const lastBar = panel.barOf[train.at(-1)!]!;
  while (reader.next <= lastBar) {
    const observation = reader.read((row) => known(row, Number.POSITIVE_INFINITY));
    if (observation) observations.push(observation);
  }
  const dimensions = whitening.columns.length + 1;
  const inflate = blockBars > 1 ? overlapNoise : 1;
  const scores = observations.map(({ score }) => score);
  const noise = noiseOf(scores, dimensions).map((value) => value * inflate);
  const signal = Float64Array.from(scores.flatMap((score) => [...standardiseScore(score, noise)]));
  const minimumLength = Math.max(2, Math.ceil(minimumSegmentBars / blockBars));
  const segments = findSegments(signal, dimensions, minimumLength, penalty);
  return { watch: { ...quiet, noise }, observations, segments };
}

/** Labels of some rows and of no others, as they become known. */
function labelsOf(
  panel: Panel,
  target: Float64Array,
  blocks: readonly RowIndices[],
  labelBars: number,
): RealisedLabels {
  const own = new Float64Array(panel.rows).fill(Number.NaN);
  for (const rows of blocks) for (const row of rows) own[row] = target[row]!;
  return realisedLabels(panel, own, labelBars);
}

/** Of each pull, over the validation block, walked bar by bar; null without one. */
function validationLosses(
  { panel, target, validation }: FitInput,
  standardisation: Standardisation,
  walk: RelationWalk,
  pooled: LinearFit,
  trainRows: number,
): number[] | null {
  if (validation.length === 0) return null;
  const squares = new Array<number>(pulls.length).fill(0);
  for (let start = 0; start < validation.length; ) {
    const bar = panel.barOf[validation[start]!]!;
    let end = start + 1;
    while (end < validation.length && panel.barOf[validation[end]!] === bar) end++;
    const rows = validation.subarray(start, end);
    walk.advanceTo(bar);
    const segment = walk.segment();
    const matrix = standardise(panel, standardisation, rows);
    pulls.forEach((pull, i) => {
      const fit = shrinkTo(segment, pull * trainRows, pooled);
      for (let at = 0; at < rows.length; at++)
        squares[i]! += (evaluateLinear(fit, matrix, at) - target[rows[at]!]!) ** 2;
    });
    start = end;
  }
  return squares.map((sum) => sum / validation.length);
}

/** A training segment and its rows' sums. */
interface Part {
  readonly startBar: number;
  readonly bars: number;
  readonly strength: number;
  readonly moments: Moments;
}

function splitObservations(observations: readonly Observation[], { breaks }: Segments): Part[] {
  if (observations.length === 0) return [];
  const starts = [{ at: 0, strength: 0 }, ...breaks];
  return starts.map(({ at, strength }, i) => {
    const own = observations.slice(at, starts[i + 1]?.at);
    const moments = new Moments(own[0]!.moments.features);
    for (const observation of own) moments.addMoments(observation.moments);
    return { startBar: own[0]!.start, bars: own.at(-1)!.end + 1 - own[0]!.start, strength, moments };
  });
}

/** Mean squared error of each segment's own fit on its own rows; null where there are no segments. */
function segmentedLoss(parts: readonly Part[], lambda: number, pooled: LinearFit): number | null {
  let [squares, weight] = [0, 0];
  for (const { moments } of parts) {
    squares += moments.weight * moments.meanSquaredError(shrinkTo(moments, lambda, pooled));
    weight += moments.weight;
  }
  return weight > 0 ? squares / weight : null;
}

function datesOf(panel: Panel, observations: readonly Observation[], { breaks }: Segments): string {
  if (breaks.length === 0) return '';
  const dates = breaks.map(({ at }) => new Date(panel.times[observations[at]!.start]!).toISOString().slice(0, 10));
  return `: ${dates.slice(-6).join(', ')}${dates.length > 6 ? ' are the last' : ''}`;
}

interface Learnt {
  readonly panel: Panel;
  readonly detection: Detection;
  readonly pooled: LinearFit;
  readonly current: LinearFit;
  readonly lambda: number;
  readonly parts: readonly Part[];
}

function modelOf({ panel, detection, pooled, current, lambda, parts }: Learnt): ChangePointModel {
  const { watch, prior, hazard, labelBars } = detection;
  const { standardisation, whitening, targetMean, blockBars, noise } = watch;
  const plain = ({ intercept, weights }: LinearFit) => ({ intercept, weights: [...weights] });
  return new ChangePointModel({
    format: 'twostage.change-point',
    version: 1,
    features: standardisation.featureNames.map((name, k) => ({
      name,
      mean: standardisation.means[k]!,
      deviation: standardisation.deviations[k]!,
    })),
    whitening: { columns: [...whitening.columns], factor: [...whitening.factor] },
    targetMean,
    blockBars,
    noise: [...noise],
    prior: { ...prior, mean: [...prior.mean], beta: [...prior.beta] },
    hazard,
    labelBars,
    lambda,
    pooled: plain(pooled),
    current: plain(current),
    segments: parts.map(({ startBar, bars, strength, moments }) => ({
      start: panel.times[startBar]!,
      bars,
      strength,
      fit: plain(shrinkTo(moments, lambda, pooled)),
    })),
  });
}
