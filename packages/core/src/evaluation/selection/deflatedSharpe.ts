import { mean } from '../correlation.ts';
import { momentsOf } from '../moments.ts';
import { normalQuantile } from '../normal.ts';
import { sharpeRatio } from '../portfolio/sharpe.ts';
import { probabilisticSharpe } from './probabilisticSharpe.ts';
import { checkSameBars } from './trials.ts';

const eulerGamma = 0.577_215_664_901_532_9;

/** Of the trial with the highest Sharpe ratio among all that were run. Sharpe ratios are of one bar. */
export interface DeflatedSharpe {
  /** Place of the chosen trial in the list. */
  readonly chosen: number;
  readonly sharpe: number;
  /** What the best of so many trials without any skill would be expected to show. */
  readonly expectedMaximum: number;
  /** Probability that its true Sharpe ratio is above 0, one trial alone considered. */
  readonly probabilistic: number | null;
  /** Probability that it is above `expectedMaximum`. */
  readonly deflated: number | null;
  readonly trials: number;
  /** As many independent trials as these are worth. */
  readonly effectiveTrials: number;
}

/**
 * Highest Sharpe ratio expected of `trials` independent ones without skill (Bailey & López de Prado 2014):
 * √V ((1 − γ) Z(1 − 1/N) + γ Z(1 − 1/(N e))).
 * @param variance of the trials' Sharpe ratios, in the same unit (a bar or a year) as the answer
 * @param trials 1 or more, not necessarily whole; 0 is expected of one
 */
export function expectedMaximumSharpe(variance: number, trials: number): number {
  if (!(trials > 1)) return 0;
  const extreme =
    (1 - eulerGamma) * normalQuantile(1 - 1 / trials) + eulerGamma * normalQuantile(1 - 1 / (trials * Math.E));
  // The formula is for many trials; of nearly one it would go below what a single trial is expected to show.
  return Math.sqrt(variance) * Math.max(0, extreme);
}

/**
 * How many independent trials trials with a mean correlation ρ are worth: ρ + (1 − ρ) M (Bailey & López de Prado 2014, appendix).
 * @param meanCorrelation over pairs; below 0 it counts as 0
 */
export function effectiveTrials(meanCorrelation: number, trials: number): number {
  const rho = Math.max(0, Math.min(1, meanCorrelation));
  return rho + (1 - rho) * trials;
}

/**
 * Deflated Sharpe ratio of the best of several trials over the same bars: it allows for having looked at all of them, for skew and
 * fat tails, and for the length of the record (Bailey & López de Prado 2014).
 * @param trials [trials][bars], returns in time order, all on the same bars, finite
 * @returns null without a trial that has a Sharpe ratio
 * @throws DomainError SHAPE_MISMATCH
 */
export function deflateSharpe(trials: readonly Float64Array[]): DeflatedSharpe | null {
  checkSameBars(trials);
  const sharpes = trials.map((returns) => sharpeRatio(returns).value);
  const known = sharpes.filter((value) => value !== null);
  if (known.length === 0) return null;
  const sharpe = Math.max(...known);
  const chosen = sharpes.indexOf(sharpe);
  const worth = effectiveTrials(meanCorrelation(trials), trials.length);
  const expectedMaximum = expectedMaximumSharpe(sampleVariance(known), worth);
  const { skewness, kurtosis } = momentsOf(trials[chosen]!);
  const record = { sharpe, observations: trials[chosen]!.length, skewness, kurtosis };
  return {
    chosen,
    sharpe,
    expectedMaximum,
    probabilistic: probabilisticSharpe(record),
    deflated: probabilisticSharpe(record, expectedMaximum),
    trials: trials.length,
    effectiveTrials: worth,
  };
}

function sampleVariance(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}

/** Over all pairs of trials that vary; 0 without one. The standardised trials are added up, so that it takes one pass, not one a pair. */
function meanCorrelation(trials: readonly Float64Array[]): number {
  const bars = trials[0]!.length;
  const total = new Float64Array(bars);
  let count = 0;
  for (const returns of trials) {
    if (sharpeRatio(returns).value === null) continue;
    const { mean: center, deviation } = momentsOf(returns);
    for (let bar = 0; bar < bars; bar++) total[bar]! += (returns[bar]! - center) / deviation;
    count++;
  }
  if (count < 2) return 0;
  const allPairs = total.reduce((sum, value) => sum + value * value, 0) / bars;
  return (allPairs - count) / (count * (count - 1));
}
