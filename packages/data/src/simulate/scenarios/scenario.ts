import type { Uncertainty } from '@twostage/core/evaluation/uncertainty';
import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import { Random } from '@twostage/core/random';
import type { SimulationSettings } from '../market.ts';

/** A label column that the scenario makes itself. */
export interface ScenarioTarget {
  readonly name: string;
  readonly labelBars: number;
  /** [rows]; NaN = not known. */
  readonly values: Float64Array;
}

/** The best forecast that anyone could make, knowing how the data were made; one entry a row asked for. */
export interface Truth {
  /** Its mean; for positions, what to hold. */
  readonly values: Float64Array;
  readonly uncertainty?: Uncertainty;
  /** [targets][rows] where there are several. */
  readonly byTarget?: readonly Float64Array[];
}

export interface ScenarioPanel {
  readonly panel: Panel;
  /** At least one. */
  readonly targets: readonly ScenarioTarget[];
  readonly oracle: (rows: RowIndices) => Truth;
}

/** A panel whose best possible forecast is known, on which one kind of model has something to find that another has not. */
export interface Scenario {
  /** One sentence: what the target follows. */
  readonly summary: string;
  readonly size: { readonly symbols: number; readonly bars: number };
  /** Bars that a model of sequences should see. */
  readonly lookback: number;
  /** Deterministic in its settings. */
  readonly make: (settings: SimulationSettings) => ScenarioPanel;
}

/** Targets are of the size of daily returns. */
export const unit = 0.01;

/** Of the rows in the last bars of a symbol the label is not known yet. */
export const mainTarget = { name: 'target_1d', labelBars: 2 } as const;

/** A panel without holes: row = symbol · bars + bar. Features are rounded to float32 as they are set, so truth and file agree. */
export class Draft {
  readonly rows: number;
  readonly features: Float32Array;
  readonly close: Float64Array;

  constructor(
    readonly settings: SimulationSettings,
    readonly featureNames: readonly string[],
  ) {
    this.rows = settings.symbols * settings.bars;
    this.features = new Float32Array(this.rows * featureNames.length);
    this.close = walk(settings);
  }

  get(feature: number, row: number): number {
    return this.features[feature * this.rows + row]!;
  }

  set(feature: number, row: number, value: number): void {
    this.features[feature * this.rows + row] = value;
  }

  barOf(row: number): number {
    return row % this.settings.bars;
  }

  symbolOf(row: number): number {
    return Math.floor(row / this.settings.bars);
  }

  /** Features in the order of their names, as a reader of files lays them. */
  panel(): Panel {
    const { symbols, bars } = this.settings;
    const width = Math.max(2, String(symbols).length);
    const order = [...this.featureNames.keys()].sort((a, b) =>
      this.featureNames[a]! < this.featureNames[b]! ? -1 : 1,
    );
    const features = new Float32Array(this.features.length);
    for (const [place, feature] of order.entries()) {
      features.set(this.features.subarray(feature * this.rows, (feature + 1) * this.rows), place * this.rows);
    }
    return {
      rows: this.rows,
      symbols: Array.from({ length: symbols }, (_, i) => `SIM${String(i + 1).padStart(width, '0')}`),
      featureNames: order.map((feature) => this.featureNames[feature]!),
      features,
      symbolOf: Uint32Array.from({ length: this.rows }, (_, row) => this.symbolOf(row)),
      barOf: Uint32Array.from({ length: this.rows }, (_, row) => this.barOf(row)),
      times: Float64Array.from({ length: bars }, (_, bar) => firstDay + bar * 86_400_000),
      close: this.close,
    };
  }

  /** The truth in units of a hundredth plus noise of the given deviation; not known in the last bars. */
  label(
    truth: Float64Array,
    noise: (row: number) => number,
    { name, labelBars } = mainTarget as LabelName,
  ): ScenarioTarget {
    const known = (row: number) => this.barOf(row) < this.settings.bars - labelBars;
    const values = truth.map((value, row) => {
      const label = unit * (value + noise(row));
      return known(row) ? label : Number.NaN;
    });
    return { name, labelBars, values };
  }
}

interface LabelName {
  readonly name: string;
  readonly labelBars: number;
}

const firstDay = Date.UTC(2015, 0, 1);

/** Streams of random numbers of one seed, so that a change to one part of a scenario leaves the others as they are. */
export const streams = { features: 1, noise: 2, truth: 3, close: 4, events: 5 } as const;

/** A random walk of closes, which says nothing of the target. */
function walk({ symbols, bars, seed }: SimulationSettings): Float64Array {
  const random = new Random(seed, streams.close);
  const close = new Float64Array(symbols * bars);
  for (let symbol = 0; symbol < symbols; symbol++) {
    let price = 20 + 80 * random.uniform();
    for (let bar = 0; bar < bars; bar++) {
      price *= Math.exp(0.012 * random.normal());
      close[symbol * bars + bar] = Math.round(price * 1e4) / 1e4;
    }
  }
  return close;
}

/** `x0`, or `x00` where there are more than ten: the order of the names is that of the numbers. */
export const named = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `x${String(i).padStart(String(count - 1).length, '0')}`);

/** A draft whose features are independent standard normal numbers. */
export function normalDraft(settings: SimulationSettings, featureNames: readonly string[]): Draft {
  const draft = new Draft(settings, featureNames);
  const random = new Random(settings.seed, streams.features);
  for (let i = 0; i < draft.features.length; i++) draft.features[i] = random.normal();
  return draft;
}

/** The panel of a draft whose one target is `truth` plus Normal noise. @param truth [rows], in units of `unit` */
export function pointPanel(draft: Draft, truth: Float64Array, deviation: number): ScenarioPanel {
  const random = new Random(draft.settings.seed, streams.noise);
  return {
    panel: draft.panel(),
    targets: [draft.label(truth, () => deviation * random.normal())],
    oracle: (rows) => ({ values: Float64Array.from(rows, (row) => unit * truth[row]!) }),
  };
}
