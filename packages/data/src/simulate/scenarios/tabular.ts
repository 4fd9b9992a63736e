import { Random } from '@twostage/core/random';
import type { SimulationSettings } from '../market.ts';
import { type Draft, named, normalDraft, pointPanel, type Scenario, streams, unit } from './scenario.ts';

/** Features are independent and Normal; the target is a function of one row of them plus Normal noise. */
function ofRow(
  features: number,
  deviation: number,
  truth: (x: (feature: number) => number) => number,
): Scenario['make'] {
  return (settings) => {
    const draft = normalDraft(settings, named(features));
    return pointPanel(draft, byRow(draft, truth), deviation);
  };
}

function byRow(draft: Draft, value: (x: (feature: number) => number, row: number) => number): Float64Array {
  return Float64Array.from({ length: draft.rows }, (_, row) => value((feature) => draft.get(feature, row), row));
}

export const interaction: Scenario = {
  summary: 'x0 · x1 + x2 · x3 plus noise: no single feature, and no sum of them, says anything',
  size: { symbols: 40, bars: 750 },
  lookback: 8,
  make: ofRow(8, 2, (x) => x(0) * x(1) + x(2) * x(3)),
};

const weakEffects = 30;

export const mixed: Scenario = {
  summary: `${weakEffects} weak linear effects, one interaction and one step: a line sees the first best, trees the last two`,
  size: { symbols: 40, bars: 750 },
  lookback: 8,
  make: ofRow(weakEffects + 4, 2.5, (x) => {
    let linear = 0;
    for (let j = 0; j < weakEffects; j++) linear += (j % 2 === 0 ? 0.3 : -0.3) * x(j);
    return linear + 0.8 * x(weakEffects) * x(weakEffects + 1) + (x(weakEffects + 2) > 0.8 ? 1.2 : -0.3);
  }),
};

/** Coefficients of the features that count; the others' are 0. */
export const sparseCoefficients = [1, -1, 0.8, -0.8, 0.6] as const;

export const linearSparse: Scenario = {
  summary: 'a line through 5 of 100 features, and few rows',
  size: { symbols: 5, bars: 600 },
  lookback: 8,
  make: ofRow(100, 4, (x) => sparseCoefficients.reduce((sum, weight, i) => sum + weight * x(i), 0)),
};

export const heteroscedastic: Scenario = {
  summary:
    'mean 0.4 · x0 and a standard deviation exp(0.6 · x1 − 0.4 · x2): how sure one can be changes from row to row',
  size: { symbols: 40, bars: 750 },
  lookback: 8,
  make(settings) {
    const draft = normalDraft(settings, named(6));
    const mean = byRow(draft, (x) => 0.4 * x(0));
    const deviation = byRow(draft, (x) => Math.exp(0.6 * x(1) - 0.4 * x(2)));
    const random = new Random(settings.seed, streams.noise);
    return {
      panel: draft.panel(),
      targets: [draft.label(mean, (row) => deviation[row]! * random.normal())],
      oracle: (rows) => ({
        values: Float64Array.from(rows, (row) => unit * mean[row]!),
        uncertainty: { kind: 'normal', deviations: Float64Array.from(rows, (row) => unit * deviation[row]!) },
      }),
    };
  },
};

const oracleDraws = 101;

export const bimodal: Scenario = {
  summary:
    'either up or down by 1.2 + 0.6 · x1, with a coin, around 0.5 · x0: two humps, and the mean lies where nothing is',
  size: { symbols: 20, bars: 750 },
  lookback: 8,
  make(settings) {
    const draft = normalDraft(settings, named(4));
    const mean = byRow(draft, (x) => 0.5 * x(0));
    const hump = byRow(draft, (x) => 1.2 + 0.6 * Math.tanh(x(1)));
    const narrow = 0.2;
    const random = new Random(settings.seed, streams.noise);
    const noise = (row: number) => (random.uniform() < 0.5 ? -1 : 1) * hump[row]! + narrow * random.normal();
    return {
      panel: draft.panel(),
      targets: [draft.label(mean, noise)],
      oracle: (rows) => {
        const own = new Random(settings.seed, streams.truth);
        const draws = new Float64Array(rows.length * oracleDraws);
        rows.forEach((row, i) => {
          const drawn = Array.from({ length: oracleDraws }, () => {
            const side = own.uniform() < 0.5 ? -1 : 1;
            return unit * (mean[row]! + side * hump[row]! + narrow * own.normal());
          });
          draws.set(Float64Array.from(drawn).sort(), i * oracleDraws);
        });
        const values = Float64Array.from(rows, (row) => unit * mean[row]!);
        return { values, uncertainty: { kind: 'draws', perRow: oracleDraws, draws } };
      },
    };
  },
};

const manifoldFeatures = 30;
const latents = 3;
/** One row in so many has a label before the last third of the bars. */
const labelledEvery = 25;

export const manifold: Scenario = {
  summary: `30 noisy features that lie near a curved surface of 3 dimensions; the target follows the place on it, and before the last third only one row in ${labelledEvery} has a label`,
  size: { symbols: 20, bars: 900 },
  lookback: 8,
  make(settings) {
    const draft = normalDraft(settings, named(manifoldFeatures));
    const random = new Random(settings.seed, streams.truth);
    const slopes = Float64Array.from({ length: manifoldFeatures * latents }, () => 0.8 * random.normal());
    const shifts = Float64Array.from({ length: manifoldFeatures }, () => 2 * random.normal());
    const truth = new Float64Array(draft.rows);
    const noise = 0.6;
    for (let row = 0; row < draft.rows; row++) {
      const place = Array.from({ length: latents }, () => random.normal());
      for (let j = 0; j < manifoldFeatures; j++) {
        const along = place.reduce((sum, value, k) => sum + value * slopes[j * latents + k]!, 0);
        draft.set(j, row, 1.4 * Math.sin(along + shifts[j]!) + noise * draft.get(j, row));
      }
      truth[row] = place[0]! + 0.6 * place[1]! * place[2]!;
    }
    const made = pointPanel(draft, truth, 0.5);
    const [target] = made.targets as [ScenarioTargetOf];
    const lastThird = Math.floor((settings.bars * 2) / 3);
    const hidden = (row: number) => draft.barOf(row) < lastThird && random.below(labelledEvery) !== 0;
    const values = target.values.map((value, row) => (hidden(row) ? Number.NaN : value));
    return { ...made, targets: [{ ...target, values }] };
  },
};
type ScenarioTargetOf = ReturnType<Draft['label']>;

export const horizons = [
  { name: 'target_1d', labelBars: 2 },
  { name: 'target_5d', labelBars: 6 },
  { name: 'target_20d', labelBars: 21 },
] as const;
const hiddenUnits = 4;
const multiFeatures = 20;

export const multiHorizon: Scenario = {
  summary: 'three targets that follow the same four hidden units of 20 features, each with much noise of its own',
  size: { symbols: 20, bars: 450 },
  lookback: 8,
  make(settings) {
    const draft = normalDraft(settings, named(multiFeatures));
    const random = new Random(settings.seed, streams.truth);
    const normals = (count: number, deviation: number) =>
      Float64Array.from({ length: count }, () => deviation * random.normal());
    const weights = normals(hiddenUnits * multiFeatures, 1 / Math.sqrt(5));
    const heads = horizons.map(() => normals(hiddenUnits, 1));
    const truths = horizons.map(() => new Float64Array(draft.rows));
    for (let row = 0; row < draft.rows; row++) {
      for (let unitIndex = 0; unitIndex < hiddenUnits; unitIndex++) {
        let sum = 0;
        for (let j = 0; j < multiFeatures; j++) sum += weights[unitIndex * multiFeatures + j]! * draft.get(j, row);
        for (const [k, head] of heads.entries()) truths[k]![row]! += head[unitIndex]! * Math.tanh(sum);
      }
    }
    const deviation = 2.5;
    const noise = new Random(settings.seed, streams.noise);
    return {
      panel: draft.panel(),
      targets: horizons.map((horizon, k) => draft.label(truths[k]!, () => deviation * noise.normal(), horizon)),
      oracle: (rows) => {
        const byTarget = truths.map((truth) => Float64Array.from(rows, (row) => unit * truth[row]!));
        return { values: byTarget[0]!, byTarget };
      },
    };
  },
};

export const nothing: Scenario = {
  summary: 'targets of pure noise: whoever finds something here sees what he should not see',
  size: { symbols: 20, bars: 450 },
  lookback: 8,
  make(settings: SimulationSettings) {
    const draft = normalDraft(settings, named(6));
    const noise = new Random(settings.seed, streams.noise);
    const zero = new Float64Array(draft.rows);
    return {
      panel: draft.panel(),
      targets: horizons.map((horizon) => draft.label(zero, () => noise.normal(), horizon)),
      oracle: (rows) => ({
        values: new Float64Array(rows.length),
        byTarget: horizons.map(() => new Float64Array(rows.length)),
      }),
    };
  },
};
