import type { RealisedLabels } from '@twostage/core/evaluation/realisedLabels';
import type { Panel } from '@twostage/core/panel/panel';
import { Moments } from '../linear/moments.ts';
import { type NormalGamma, OnlineDetector } from './bocpd.ts';
import { RelationReader, standardiseScore, type Watch } from './relation.ts';

/** Runs less likely than this are given up, and at most so many are kept. */
const pruning = { leastProbability: 1e-4, mostRuns: 60 } as const;

/** How breaks are looked for. */
export interface Detection {
  readonly watch: Watch;
  readonly prior: NormalGamma;
  readonly hazard: number;
  /** Bars until a label is known. */
  readonly labelBars: number;
}

/** How likely it is that the current segment began at a bar. */
export interface Beginning {
  readonly bar: number;
  readonly probability: number;
}

/** Walks along the calendar and knows at each bar what its close shows: since when the current relation holds, and its rows. */
export class RelationWalk {
  readonly #detection: Detection;
  readonly #realised: RealisedLabels;
  readonly #reader: RelationReader;
  readonly #detector: OnlineDetector;
  readonly #total: Moments;
  /** Of each run: sums of all that was before it, and the bar at which it began. */
  readonly #before = new Map<number, { moments: Moments; bar: number }>();
  #observations = 0;

  constructor(panel: Panel, detection: Detection, realised: RealisedLabels) {
    this.#detection = detection;
    this.#realised = realised;
    this.#reader = new RelationReader(panel, detection.watch);
    this.#detector = new OnlineDetector({ ...detection, ...pruning });
    this.#total = new Moments(panel.featureNames.length);
    this.#before.set(0, { moments: new Moments(panel.featureNames.length), bar: 0 });
  }

  /** Takes in every label that is known at the close of `bar`. A bar's labels are read once, when they are due: no later one changes it. */
  advanceTo(bar: number): void {
    const { labelBars, watch } = this.#detection;
    while (this.#reader.next + labelBars <= bar) {
      const known = this.#reader.next + labelBars;
      const observation = this.#reader.read((row) => this.#realised(row, known));
      if (observation === null) continue;
      this.#detector.observe(standardiseScore(observation.score, watch.noise));
      this.#total.addMoments(observation.moments);
      this.#observations++;
      const snapshot = new Moments(this.#total.features);
      snapshot.addMoments(this.#total);
      this.#before.set(this.#observations, { moments: snapshot, bar: observation.end + 1 });
      const alive = new Set(this.#detector.runs.map(({ start }) => start));
      for (const start of this.#before.keys()) if (!alive.has(start)) this.#before.delete(start);
    }
  }

  /** Sums over the rows so far, each as much as it is likely to belong to the current segment. */
  segment(): Moments {
    const sums = new Moments(this.#total.features);
    sums.addMoments(this.#total);
    for (const { start, probability } of this.#detector.runs)
      sums.addMoments(this.#before.get(start)!.moments, -probability);
    return sums;
  }

  /** Oldest first; probabilities sum to 1. */
  beginnings(): Beginning[] {
    return this.#detector.runs.map(({ start, probability }) => ({ bar: this.#before.get(start)!.bar, probability }));
  }
}
