import type { Panel } from '@twostage/core/panel/panel';
import { Moments } from '../linear/moments.ts';
import { type Standardisation, standardise } from '../preprocessing/standardiser.ts';
import { type Whitening, whiten } from './whitening.ts';

/** Rows whose mean square the volatility before is worth, beside the bar's own. */
const volatilityRows = 5;
/** Of the volatility before, a bar on. */
const volatilityMemory = 0.94;
/** Standardised observations beyond so many deviations are cut: one bar must not pass for a break. */
const clip = 4;

/** How the relation of features and label is watched. */
export interface Watch {
  readonly standardisation: Standardisation;
  readonly whitening: Whitening;
  /** Mean label of the training rows. */
  readonly targetMean: number;
  /** Bars whose scores make up one observation: labels that overlap are not counted as several. */
  readonly blockBars: number;
  /** [rank + 1], deviation of an observation while nothing breaks. */
  readonly noise: readonly number[];
}

/** What a block of bars says of the relation. */
export interface Observation {
  /** First and last bar. */
  readonly start: number;
  readonly end: number;
  /** [rank + 1]: Σ uncorrelated feature · label in units of recent volatility, over √rows; the last for the level. */
  readonly score: Float64Array;
  readonly moments: Moments;
}

/**
 * Reads bars in time order and gives an observation a block: its mean moves when, and as far as, the coefficients do.
 * Labels are measured against the volatility of the bars so far, so that a storm is no break.
 */
export class RelationReader {
  readonly #watch: Omit<Watch, 'noise'>;
  readonly #panel: Panel;
  /** Rows of bar b: `order[offsets[b]] … order[offsets[b + 1] - 1]`. */
  readonly #order: Uint32Array;
  readonly #offsets: Uint32Array;
  readonly #whitened: Float64Array;
  #score: Float64Array;
  #moments: Moments;
  #meanSquare = Number.NaN;
  #next = 0;

  constructor(panel: Panel, watch: Omit<Watch, 'noise'>) {
    this.#panel = panel;
    this.#watch = watch;
    const bars = panel.times.length;
    this.#offsets = new Uint32Array(bars + 1);
    for (const bar of panel.barOf) this.#offsets[bar + 1]!++;
    for (let bar = 0; bar < bars; bar++) this.#offsets[bar + 1]! += this.#offsets[bar]!;
    const next = this.#offsets.slice(0, bars);
    this.#order = new Uint32Array(panel.rows);
    for (let row = 0; row < panel.rows; row++) this.#order[next[panel.barOf[row]!]!++] = row;
    this.#whitened = new Float64Array(watch.whitening.columns.length);
    this.#score = this.#noScore();
    this.#moments = new Moments(panel.featureNames.length);
  }

  /** The next bar to be read. */
  get next(): number {
    return this.#next;
  }

  /** Reads the next bar. @returns an observation where it ends a block that has labels */
  read(label: (row: number) => number): Observation | null {
    const bar = this.#next++;
    this.#add(bar, label);
    const { blockBars } = this.#watch;
    if ((bar + 1) % blockBars !== 0) return null;
    const [score, moments] = [this.#score, this.#moments];
    if (moments.weight === 0) return null;
    this.#score = this.#noScore();
    this.#moments = new Moments(moments.features);
    for (let i = 0; i < score.length; i++) score[i]! /= Math.sqrt(moments.weight);
    return { start: bar + 1 - blockBars, end: bar, score, moments };
  }

  #add(bar: number, label: (row: number) => number): void {
    const rows = this.#order
      .subarray(this.#offsets[bar]!, this.#offsets[bar + 1]!)
      .filter((row) => Number.isFinite(label(row)));
    if (rows.length === 0) return;
    const { standardisation, whitening, targetMean } = this.#watch;
    const labels = Float64Array.from(rows, label);
    const matrix = standardise(this.#panel, standardisation, rows);
    this.#moments.add(matrix, labels);
    const unit = this.#volatilityWith(labels);
    if (!(unit > 0)) return;
    const width = this.#moments.features;
    const score = this.#score;
    for (let i = 0; i < rows.length; i++) {
      const value = (labels[i]! - targetMean) / unit;
      whiten(whitening, matrix, i * width, this.#whitened);
      for (let k = 0; k < this.#whitened.length; k++) score[k]! += this.#whitened[k]! * value;
      score[score.length - 1]! += value;
    }
  }

  /** Root mean square of the labels of this bar and, fading, of those before. */
  #volatilityWith(labels: Float64Array): number {
    const squares = labels.reduce((sum, value) => sum + (value - this.#watch.targetMean) ** 2, 0);
    const own = squares / labels.length;
    const before = Number.isNaN(this.#meanSquare) ? own : this.#meanSquare;
    this.#meanSquare = volatilityMemory * before + (1 - volatilityMemory) * own;
    return Math.sqrt((volatilityRows * before + squares) / (volatilityRows + labels.length));
  }

  #noScore(): Float64Array {
    return new Float64Array(this.#watch.whitening.columns.length + 1);
  }
}

/** In units of noise. @returns [rank + 1] */
export function standardiseScore(score: Float64Array, noise: readonly number[]): Float64Array {
  return score.map((value, i) => (noise[i]! > 0 ? Math.max(-clip, Math.min(clip, value / noise[i]!)) : 0));
}

/**
 * Deviation of each dimension while nothing breaks: from differences of observations two apart, which a few breaks hardly
 * touch and overlapping labels do not tie together; by their median, which outliers do not touch.
 * @returns [dimensions]; 0 where one does not vary
 */
export function noiseOf(scores: readonly Float64Array[], dimensions: number): number[] {
  return Array.from({ length: dimensions }, (_, i) => {
    const differences = scores.slice(2).map((score, at) => Math.abs(score[i]! - scores[at]![i]!));
    const sorted = Float64Array.from(differences).sort();
    const median = sorted[sorted.length >> 1] ?? 0;
    return (1.4826 * median) / Math.SQRT2;
  });
}
