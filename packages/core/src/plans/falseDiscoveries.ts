/**
 * Which of the p-values are discoveries at a rate: those up to the largest p(k) ≤ rate · k / m (Benjamini & Hochberg 1995).
 * @returns the threshold; 0 where there is none
 */
export function benjaminiHochberg(ps: readonly number[], rate: number): number {
  const sorted = [...ps].sort((a, b) => a - b);
  for (let k = sorted.length; k > 0; k--) {
    const threshold = (rate * k) / sorted.length;
    if (sorted[k - 1]! <= threshold) return threshold;
  }
  return 0;
}

/** p-value of "there is nothing in any of them" (Simes 1986): the rate from which on Benjamini and Hochberg find something; 1 of none. */
export function simes(ps: readonly number[]): number {
  const sorted = [...ps].sort((a, b) => a - b);
  return sorted.reduce((least, p, i) => Math.min(least, (p * sorted.length) / (i + 1)), 1);
}

/** p-values of one target; null where nothing could be tested. */
export interface TargetHypotheses {
  readonly pooled: number | null;
  readonly symbols: readonly (number | null)[];
}

export interface TargetSelection {
  /** Of "there is nothing in this target, for all symbols or for any". */
  readonly p: number;
  readonly selected: boolean;
  /** p-values up to these are discoveries; 0: none is. */
  readonly pooledThreshold: number;
  readonly symbolThreshold: number;
}

/**
 * Discoveries among targets, and within each target found. First the targets, each by one p-value for all that was tried on it, by
 * Benjamini and Hochberg: a target of pure noise passes with a probability of at most `rate`, however many symbols it was tried on.
 * Then, within those, at the rate times the share of targets that passed (Benjamini & Bogomolov 2014), so that what is found of
 * symbols in targets that were chosen is as honest. Half of a target's rate is the pooled model's, half the symbols'; where one
 * could not be tested, the other has all. A target that passes has a discovery within.
 */
export function selectTargets(targets: readonly TargetHypotheses[], rate: number): TargetSelection[] {
  const tested = targets.map(({ pooled, symbols }) => ({ pooled, symbols: symbols.filter((p) => p !== null) }));
  const ps = tested.map(({ pooled, symbols }) => {
    const parts = [...(pooled === null ? [] : [pooled]), ...(symbols.length > 0 ? [simes(symbols)] : [])];
    return parts.length === 0 ? 1 : Math.min(1, parts.length * Math.min(...parts));
  });
  const threshold = benjaminiHochberg(ps, rate);
  const passed = ps.filter((p) => p <= threshold).length;
  const within = targets.length > 0 ? (rate * passed) / targets.length : 0;
  return tested.map(({ pooled, symbols }, i) => {
    const selected = ps[i]! <= threshold;
    const parts = (pooled === null ? 0 : 1) + (symbols.length > 0 ? 1 : 0);
    const share = selected ? within / parts : 0;
    return {
      p: ps[i]!,
      selected,
      pooledThreshold: pooled === null ? 0 : share,
      symbolThreshold: benjaminiHochberg(symbols, share),
    };
  });
}
