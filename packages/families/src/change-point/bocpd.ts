import { logGamma } from './logGamma.ts';

/** What is expected of a segment before it is seen: mean ~ Normal(mean, variance / kappa), 1 / variance ~ Gamma(alpha, beta). */
export interface NormalGamma {
  /** [dimensions] */
  readonly mean: Float64Array;
  readonly kappa: number;
  readonly alpha: number;
  /** [dimensions] */
  readonly beta: Float64Array;
}

export interface OnlineSettings {
  readonly prior: NormalGamma;
  /** Chance of a break between any observation and the next. */
  readonly hazard: number;
  /** Runs less likely than this are given up. 0 keeps all. */
  readonly leastProbability: number;
  /** At most so many runs are kept, the likeliest. */
  readonly mostRuns: number;
}

/** A guess of when the current segment began, and what it has seen since. */
export interface Run {
  /** Index of its first observation. */
  readonly start: number;
  probability: number;
  kappa: number;
  alpha: number;
  readonly mean: Float64Array;
  readonly beta: Float64Array;
  /** log Γ(alpha + ½) − log Γ(alpha) */
  logGammaStep: number;
}

/**
 * Bayesian online change point detection (Adams & MacKay 2007): the posterior of how long ago the last break was. Dimensions are
 * independent and break together; each is normal with unknown mean and variance, so that what comes next is Student t.
 */
export class OnlineDetector {
  readonly #settings: OnlineSettings;
  readonly #firstStep: number;
  #runs: Run[];
  #seen = 0;

  constructor(settings: OnlineSettings) {
    this.#settings = settings;
    const { alpha } = settings.prior;
    this.#firstStep = logGamma(alpha + 0.5) - logGamma(alpha);
    this.#runs = [this.#newRun(1)];
  }

  /** Oldest first; probabilities sum to 1. The last began with the next observation: nothing of it is seen yet. */
  get runs(): readonly Run[] {
    return this.#runs;
  }

  /** @param observation [dimensions], finite */
  observe(observation: Float64Array): void {
    const { hazard, leastProbability, mostRuns } = this.#settings;
    this.#seen++;
    const logs = this.#runs.map((run) => Math.log(run.probability) + logPredictive(run, observation));
    const largest = Math.max(...logs);
    const joint = logs.map((log) => Math.exp(log - largest));
    const total = joint.reduce((sum, value) => sum + value, 0);
    this.#runs.forEach((run, i) => {
      run.probability = ((1 - hazard) * joint[i]!) / total;
      learn(run, observation);
    });
    let kept = this.#runs.filter((run) => run.probability > leastProbability);
    if (kept.length >= mostRuns) {
      const limit = kept.map(({ probability }) => probability).sort((a, b) => b - a)[mostRuns - 1]!;
      kept = kept.filter(({ probability }) => probability > limit);
    }
    const mass = kept.reduce((sum, run) => sum + run.probability, hazard);
    for (const run of kept) run.probability /= mass;
    this.#runs = [...kept, this.#newRun(hazard / mass)];
  }

  #newRun(probability: number): Run {
    const { mean, beta, kappa, alpha } = this.#settings.prior;
    const step = this.#firstStep;
    return { start: this.#seen, probability, kappa, alpha, mean: mean.slice(), beta: beta.slice(), logGammaStep: step };
  }
}

/** Student t of 2·alpha degrees of freedom around the mean, with squared scale beta (kappa + 1) / (alpha kappa), a dimension. */
function logPredictive({ kappa, alpha, mean, beta, logGammaStep }: Run, observation: Float64Array): number {
  const spread = (2 * (kappa + 1)) / kappa;
  let log = mean.length * (logGammaStep - 0.5 * Math.log(Math.PI * spread));
  for (let i = 0; i < mean.length; i++) {
    const difference = observation[i]! - mean[i]!;
    log -= 0.5 * Math.log(beta[i]!) + (alpha + 0.5) * Math.log1p((difference * difference) / (beta[i]! * spread));
  }
  return log;
}

function learn(run: Run, observation: Float64Array): void {
  const { kappa, mean, beta } = run;
  for (let i = 0; i < mean.length; i++) {
    const difference = observation[i]! - mean[i]!;
    beta[i]! += (kappa * difference * difference) / (2 * (kappa + 1));
    mean[i]! += difference / (kappa + 1);
  }
  // Γ(alpha + 1) / Γ(alpha + ½) = alpha · Γ(alpha) / Γ(alpha + ½)
  run.logGammaStep = Math.log(run.alpha) - run.logGammaStep;
  run.kappa = kappa + 1;
  run.alpha += 0.5;
}
