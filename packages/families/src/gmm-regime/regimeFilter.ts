import { MixtureDensity, type Mixture } from './gaussianMixture.ts';

/** Passes of Baum and Welch over the transitions alone: the components stay what the mixture says. */
const transitionPasses = 20;
/** Of each transition before anything is seen, in bars: no regime is ever left or entered with certainty. */
const priorCount = 0.5;

/** A mixture whose component of one bar depends on that of the bar before. */
export interface RegimeChain {
  readonly mixture: Mixture;
  /** [from, to], rows summing to 1. */
  readonly transitions: Float64Array;
  /** Bars that a market state looks back: what one bar says counts that much less, because the next says nearly the same. */
  readonly span: number;
}

/** Learns how regimes follow each other on the training bars. @param states [bars, dimensions], in time order */
export function fitTransitions(mixture: Mixture, states: Float64Array, span: number): RegimeChain {
  const { components } = mixture;
  const emissions = emissionsOf(mixture, states, span);
  let chain: RegimeChain = { mixture, span, transitions: startTransitions(mixture) };
  for (let pass = 0; pass < transitionPasses; pass++) {
    const filtered = forward(chain, emissions);
    const counts = expectedTransitions(chain, emissions, filtered);
    const transitions = new Float64Array(components * components);
    for (let from = 0; from < components; from++) {
      const row = counts.subarray(from * components, (from + 1) * components);
      const total = row.reduce((sum, count) => sum + count + priorCount, 0);
      for (let to = 0; to < components; to++) transitions[from * components + to] = (row[to]! + priorCount) / total;
    }
    chain = { ...chain, transitions };
  }
  return chain;
}

/**
 * Posterior of the regimes at each bar, given the states up to and including it (the forward recursion of a hidden Markov model).
 * @param states [bars, dimensions], in time order
 * @returns [bars, components], each bar summing to 1
 */
export function filterRegimes(chain: RegimeChain, states: Float64Array): Float64Array {
  return forward(chain, emissionsOf(chain.mixture, states, chain.span));
}

/** Each component's density at each bar to the power 1 / span, the largest of a bar 1. @returns [bars, components] */
function emissionsOf(mixture: Mixture, states: Float64Array, span: number): Float64Array {
  const { components, weights } = mixture;
  const logs = new MixtureDensity(mixture).componentLogs(states);
  for (let start = 0; start < logs.length; start += components) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < components; k++) {
      const log = (logs[start + k]! - Math.log(weights[k]!)) / span;
      logs[start + k] = log;
      largest = Math.max(largest, log);
    }
    for (let k = 0; k < components; k++) logs[start + k] = Math.exp(logs[start + k]! - largest);
  }
  return logs;
}

function startTransitions({ components, weights }: Mixture): Float64Array {
  const stay = 0.95;
  return Float64Array.from({ length: components * components }, (_, i) => {
    const [from, to] = [Math.floor(i / components), i % components];
    return (from === to ? stay : 0) + (1 - stay) * weights[to]!;
  });
}

function forward({ mixture, transitions }: RegimeChain, emissions: Float64Array): Float64Array {
  const { components, weights } = mixture;
  const result = new Float64Array(emissions.length);
  for (let start = 0; start < emissions.length; start += components) {
    let total = 0;
    for (let to = 0; to < components; to++) {
      let expected = 0;
      if (start === 0) expected = weights[to]!;
      else
        for (let from = 0; from < components; from++)
          expected += result[start - components + from]! * transitions[from * components + to]!;
      const value = expected * emissions[start + to]!;
      result[start + to] = value;
      total += value;
    }
    for (let k = 0; k < components; k++) result[start + k]! /= total;
  }
  return result;
}

/** Expected number of changes from each regime to each, given all bars. @returns [from, to] */
function expectedTransitions({ mixture, transitions }: RegimeChain, emissions: Float64Array, filtered: Float64Array) {
  const { components } = mixture;
  const counts = new Float64Array(components * components);
  let backward = new Float64Array(components).fill(1);
  for (let start = emissions.length - components; start > 0; start -= components) {
    const joint = new Float64Array(components * components);
    const before = new Float64Array(components);
    let total = 0;
    for (let from = 0; from < components; from++) {
      for (let to = 0; to < components; to++) {
        const step = transitions[from * components + to]! * emissions[start + to]! * backward[to]!;
        before[from]! += step;
        joint[from * components + to] = filtered[start - components + from]! * step;
        total += joint[from * components + to]!;
      }
    }
    for (let i = 0; i < joint.length; i++) counts[i]! += joint[i]! / total;
    const scale = before.reduce((sum, value) => sum + value, 0);
    backward = before.map((value) => value / scale);
  }
  return counts;
}
