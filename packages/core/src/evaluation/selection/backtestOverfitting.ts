import { DomainError } from '../../errors.ts';
import { mean } from '../correlation.ts';
import { finiteOrNull } from '../estimate.ts';
import { combinations } from './combinations.ts';
import { checkSameBars } from './trials.ts';

export interface BacktestOverfitting {
  /** Share of the splits in which the best trial of one half was no better than the median in the other. */
  readonly probability: number;
  /** [splits], ln(ω / (1 − ω)) with ω the chosen trial's relative rank out of sample; at or below 0 = overfitted. */
  readonly logits: Float64Array;
  /** [splits], the chosen trial's performance in and out of sample. */
  readonly inSample: Float64Array;
  readonly outOfSample: Float64Array;
  /** Out-of-sample on in-sample performance over the splits; a negative slope: the better it looked, the worse it did. */
  readonly degradation: {
    readonly slope: number | null;
    readonly intercept: number | null;
    readonly r2: number | null;
  };
  /** Share of the splits in which the chosen trial's out-of-sample performance was below 0. */
  readonly probabilityOfLoss: number;
  readonly trials: number;
  readonly blocks: number;
  readonly bars: number;
  /** Bars on which some trial has no value. */
  readonly leftOut: number;
}

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation (Bailey, Borwein, López de Prado & Zhu 2015): the
 * bars are cut into `blocks` stretches; of every choice of half of them the best trial is taken, and ranked among all on the rest.
 *
 * @param trials [trials][bars], one value a bar, in time order and on the same bars: returns net of costs, or ICs. Performance is mean
 *   over sample standard deviation, the Sharpe ratio (of ICs: the ICIR). Bars on which some trial is NaN are left out of all.
 * @param blocks even, 2 … 20; 16 give 12,870 splits
 * Of equally good trials the first one in the list is taken. No standard error: the splits share their bars.
 * @throws DomainError SHAPE_MISMATCH, INVALID_INPUT, TOO_FEW_BARS
 */
export function backtestOverfitting(trials: readonly Float64Array[], blocks = 16): BacktestOverfitting {
  const kept = commonBars(trials, blocks);
  const sums = blockSums(trials, kept, blocks);
  const splits = combinations(blocks, blocks / 2);
  const logits = new Float64Array(splits.length);
  const inSample = new Float64Array(splits.length);
  const outOfSample = new Float64Array(splits.length);
  const [inside, outside] = [new Float64Array(trials.length), new Float64Array(trials.length)];
  splits.forEach((split, s) => {
    for (let trial = 0; trial < trials.length; trial++) {
      const [mine, rest] = sums.halves(trial, split);
      inside[trial] = mine;
      outside[trial] = rest;
    }
    let best = 0;
    for (let trial = 1; trial < trials.length; trial++) if (inside[trial]! > inside[best]!) best = trial;
    const omega = rankOf(outside, best) / (trials.length + 1);
    logits[s] = Math.log(omega / (1 - omega));
    inSample[s] = inside[best]!;
    outOfSample[s] = outside[best]!;
  });
  const share = (of: Float64Array, holds: (value: number) => boolean) => of.filter(holds).length / of.length;
  return {
    probability: share(logits, (value) => value <= 0),
    logits,
    inSample,
    outOfSample,
    degradation: lineOf(inSample, outOfSample),
    probabilityOfLoss: share(outOfSample, (value) => value < 0),
    trials: trials.length,
    blocks,
    bars: kept.length,
    leftOut: trials[0]!.length - kept.length,
  };
}

function commonBars(trials: readonly Float64Array[], blocks: number): Uint32Array {
  if (!Number.isInteger(blocks) || blocks % 2 !== 0 || blocks < 2 || blocks > 20)
    throw new DomainError('INVALID_INPUT', `expected an even number of blocks from 2 to 20, got ${blocks}`);
  if (trials.length < 2)
    throw new DomainError('INVALID_INPUT', `expected 2 or more trials to choose from, got ${trials.length}`);
  const bars = trials[0]!.length;
  checkSameBars(trials);
  const kept = Uint32Array.from({ length: bars }, (_, bar) => bar).filter((bar) =>
    trials.every((trial) => Number.isFinite(trial[bar]!)),
  );
  if (kept.length < 2 * blocks)
    throw new DomainError(
      'TOO_FEW_BARS',
      `${blocks} blocks need at least ${2 * blocks} bars on which every trial has a value; there are ${kept.length}`,
    );
  return kept;
}

/** Sums and sums of squares of every trial in every block, from which the performance of any choice of blocks follows. */
function blockSums(trials: readonly Float64Array[], kept: Uint32Array, blocks: number) {
  const edges = Uint32Array.from({ length: blocks + 1 }, (_, i) => Math.floor((i * kept.length) / blocks));
  const size = trials.length * blocks;
  const [sums, squares] = [new Float64Array(size), new Float64Array(size)];
  const centers = trials.map((trial) => mean(Float64Array.from(kept, (bar) => trial[bar]!)));
  trials.forEach((trial, t) => {
    for (let block = 0; block < blocks; block++) {
      for (let k = edges[block]!; k < edges[block + 1]!; k++) {
        // Around the trial's mean, so that the squares keep their digits.
        const value = trial[kept[k]!]! - centers[t]!;
        sums[t * blocks + block]! += value;
        squares[t * blocks + block]! += value * value;
      }
    }
  });
  const allSquares = trials.map((_, t) => squares.subarray(t * blocks, (t + 1) * blocks).reduce((a, b) => a + b));
  const performance = (trial: number, count: number, sum: number, square: number) => {
    const average = sum / count;
    const value = centers[trial]! + average;
    const variance = (square - count * average * average) / (count - 1);
    // A trial that never traded is worth 0; a steady gain or loss has no bounds.
    if (value === 0) return 0;
    return variance > 0 ? value / Math.sqrt(variance) : value * Number.POSITIVE_INFINITY;
  };
  return {
    /** Performance over the blocks of a split, and over the others. */
    halves(trial: number, split: Uint32Array): [number, number] {
      let [count, sum, square] = [0, 0, 0];
      for (const block of split) {
        count += edges[block + 1]! - edges[block]!;
        sum += sums[trial * blocks + block]!;
        square += squares[trial * blocks + block]!;
      }
      return [
        performance(trial, count, sum, square),
        // Around the mean all blocks together add up to 0.
        performance(trial, kept.length - count, -sum, allSquares[trial]! - square),
      ];
    },
  };
}

/** Average rank of one value among all, from 1. */
function rankOf(values: Float64Array, at: number): number {
  let [below, equal] = [0, 0];
  for (const value of values) {
    if (value < values[at]!) below++;
    else if (value === values[at]) equal++;
  }
  return below + (equal + 1) / 2;
}

function lineOf(x: Float64Array, y: Float64Array): BacktestOverfitting['degradation'] {
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xx += (x[i]! - meanX) ** 2;
    xy += (x[i]! - meanX) * (y[i]! - meanY);
    yy += (y[i]! - meanY) ** 2;
  }
  if (!(xx > 0)) return { slope: null, intercept: null, r2: null };
  const slope = xy / xx;
  return {
    slope: finiteOrNull(slope),
    intercept: finiteOrNull(meanY - slope * meanX),
    r2: finiteOrNull((slope * xy) / yy),
  };
}
