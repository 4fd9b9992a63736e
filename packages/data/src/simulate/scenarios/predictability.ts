import type { Route } from '@twostage/core/plans/masterPlan';
import { Random } from '@twostage/core/random';
import type { SimulationSettings } from '../market.ts';
import { Draft, named, type Scenario, type ScenarioTarget, streams, unit } from './scenario.ts';

/** Correlations of the best forecast with what comes, and how far features remember (of one bar from the one before). */
export const predictabilityModel = {
  common: 0.15,
  own: 0.3,
  fading: 0.25,
  persistence: 0.8,
  leak: 0.92,
  shortBars: 90,
} as const;

interface Planted {
  readonly name: string;
  /** Bars over which the label runs, besides the one between signal and entry. */
  readonly horizon: number;
  /** What the label follows on a row, in standard deviations of its noise. */
  readonly signal: (row: SignalRow) => number;
  /** What a plan should say of it, on all symbols (null) or on one (its index). */
  readonly route: (symbol: number | null) => Route;
}

interface SignalRow {
  /** Standard normal, the same function of the features for every symbol. */
  readonly common: number;
  /** Another one. */
  readonly other: number;
  readonly symbol: number;
  /** Where it lies in time, 0 … 1. */
  readonly when: number;
}

const blocked = (): Route => 'ROUTE_BLOCKED';
const every = (route: Route) => (): Route => route;
/** As many of one sign as of the other: a model of all has nothing in it. */
const few = 4;

/** Nothing, the same for all, opposite by symbol, of a few symbols, both, gone, leaked, too short. */
const planted: readonly Planted[] = [
  {
    name: 'y_pooled_1d',
    horizon: 1,
    signal: ({ common }) => predictabilityModel.common * common,
    route: every('ROUTE_CROSS_SECTIONAL'),
  },
  { name: 'y_noise_1d', horizon: 1, signal: () => 0, route: blocked },
  { name: 'y_noise_5d', horizon: 5, signal: () => 0, route: blocked },
  { name: 'y_noise_20d', horizon: 20, signal: () => 0, route: blocked },
  {
    name: 'y_opposite_1d',
    horizon: 1,
    signal: ({ common, symbol }) => (symbol % 2 === 0 ? 1 : -1) * predictabilityModel.own * common,
    route: (symbol) => (symbol === null ? 'ROUTE_BLOCKED' : 'ROUTE_SYMBOL_SPECIFIC'),
  },
  {
    name: 'y_few_1d',
    horizon: 1,
    signal: ({ other, symbol }) => (symbol < few ? (symbol % 2 === 0 ? 1 : -1) * predictabilityModel.own * other : 0),
    route: (symbol) => (symbol !== null && symbol < few ? 'ROUTE_SYMBOL_SPECIFIC' : 'ROUTE_BLOCKED'),
  },
  {
    name: 'y_both_1d',
    horizon: 1,
    signal: ({ common, other, symbol }) =>
      predictabilityModel.common * common +
      (symbol % 2 === 0 ? (symbol % 4 === 0 ? 1 : -1) * predictabilityModel.own * other : 0),
    route: (symbol) => (symbol !== null && symbol % 2 === 0 ? 'ROUTE_BOTH' : 'ROUTE_CROSS_SECTIONAL'),
  },
  {
    name: 'y_fading_1d',
    horizon: 1,
    signal: ({ common, when }) => (when < 0.6 ? predictabilityModel.fading * common : 0),
    route: every('ROUTE_EXPERIMENTAL_ONLY'),
  },
  { name: 'y_leaked_1d', horizon: 1, signal: () => 0, route: blocked },
  { name: 'y_short_1d', horizon: 1, signal: ({ common }) => predictabilityModel.own * common, route: blocked },
];

/** What a plan should say of a target of `predictability`. @param symbol its index; null: all */
export const plantedRoute = (target: string, symbol: number | null): Route =>
  planted.find(({ name }) => name === target)!.route(symbol);

/** The targets in which there is nothing. */
export const plantedNoise: readonly string[] = planted.flatMap(({ name }) =>
  name.startsWith('y_noise') ? [name] : [],
);

const ordinary = 9;
const leakFeature = ordinary;

/**
 * Noise is half the market's, the same for all symbols of a bar; labels of several bars overlap, and keep a variance of 1. Features
 * remember. One feature is the label of `y_leaked_1d`, blurred.
 */
export const predictability: Scenario = {
  summary:
    'ten targets, among them noise, signals that all symbols share, signals of opposite sign, a leak and one too short: what a plan should say of each is known',
  size: { symbols: 10, bars: 1200 },
  lookback: 8,
  make(settings) {
    const draft = new Draft(settings, [...named(ordinary), 'xleak']);
    rememberingFeatures(draft, settings);
    const truths = planted.map(({ signal }) => truthOf(draft, settings, signal));
    const targets = planted.map((plant, i) => label(draft, settings, plant, truths[i]!, i));
    blur(draft, settings, targets.find(({ name }) => name === 'y_leaked_1d')!);
    const oracle = (rows: Uint32Array) => truths.map((truth) => Float64Array.from(rows, (row) => unit * truth[row]!));
    return {
      panel: draft.panel(),
      targets,
      oracle: (rows) => ({ values: oracle(rows)[0]!, byTarget: oracle(rows) }),
    };
  },
};

function rememberingFeatures(draft: Draft, { seed }: SimulationSettings): void {
  const random = new Random(seed, streams.features);
  const { persistence } = predictabilityModel;
  for (let feature = 0; feature < ordinary; feature++) {
    for (let row = 0; row < draft.rows; row++) {
      const fresh = random.normal();
      const before = draft.barOf(row) === 0 ? null : draft.get(feature, row - 1);
      draft.set(feature, row, before === null ? fresh : persistence * before + Math.sqrt(1 - persistence ** 2) * fresh);
    }
  }
}

function truthOf(draft: Draft, { bars }: SimulationSettings, signal: Planted['signal']): Float64Array {
  const of = (row: number, first: number) =>
    (draft.get(first, row) - draft.get(first + 1, row) + draft.get(first + 2, row)) / Math.sqrt(3);
  return Float64Array.from({ length: draft.rows }, (_, row) =>
    signal({ common: of(row, 0), other: of(row, 3), symbol: draft.symbolOf(row), when: draft.barOf(row) / bars }),
  );
}

function label(
  draft: Draft,
  { symbols, bars, seed }: SimulationSettings,
  { name, horizon }: Planted,
  truth: Float64Array,
  stream: number,
): ScenarioTarget {
  const random = new Random(seed, 100 + stream);
  const market = Float64Array.from({ length: bars + horizon }, () => random.normal());
  const own = Float64Array.from({ length: symbols * (bars + horizon) }, () => random.normal());
  const noise = (row: number) => {
    const [symbol, bar] = [draft.symbolOf(row), draft.barOf(row)];
    let sum = 0;
    for (let ahead = 0; ahead < horizon; ahead++)
      sum += market[bar + ahead]! + own[symbol * (bars + horizon) + bar + ahead]!;
    return sum / Math.sqrt(2 * horizon);
  };
  const made = draft.label(truth, noise, { name, labelBars: horizon + 1 });
  if (name !== 'y_short_1d') return made;
  const { shortBars } = predictabilityModel;
  return {
    ...made,
    values: made.values.map((value, row) => (draft.barOf(row) < bars - shortBars ? Number.NaN : value)),
  };
}

function blur(draft: Draft, { seed }: SimulationSettings, { values }: ScenarioTarget): void {
  const random = new Random(seed, streams.events);
  const { leak } = predictabilityModel;
  for (let row = 0; row < draft.rows; row++) {
    const known = Number.isNaN(values[row]!) ? 0 : values[row]! / unit;
    draft.set(leakFeature, row, leak * known + Math.sqrt(1 - leak ** 2) * random.normal());
  }
}
