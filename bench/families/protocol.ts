import type { GroundSettings } from './ground.ts';
import type { Contestant } from './grounds.ts';
import type { Scores } from './scores.ts';

/** What a child is told, as JSON in its one argument. */
export interface FitJob extends GroundSettings {
  readonly contestant: Contestant;
}

/** What it answers, as its only message. */
export interface FitResult {
  readonly scores: Scores;
  /** Fit and prediction, without the start of the process. */
  readonly seconds: number;
  readonly peakMb: number;
}
