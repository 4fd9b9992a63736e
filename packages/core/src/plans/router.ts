import type { SymbolEvidence, TargetEvidence } from './evidence.ts';
import { selectTargets, type TargetSelection } from './falseDiscoveries.ts';
import { evidenceSentence, type Finding, implausible, judgeFound, lacksWindows } from './judgeEvidence.ts';
import type { Route } from './masterPlan.ts';
import type { PlanPolicy } from './policy.ts';
import { significanceOf } from './significance.ts';

/** What is to be done about a target on all symbols (`symbol` null) or on one, and why. */
export interface Decision {
  readonly target: string;
  readonly symbol: string | null;
  readonly route: Route;
  /** Whether models of just this are to be trained: not where it is blocked, or the model of all symbols serves it. */
  readonly trains: boolean;
  /** A sentence or two with the figures. */
  readonly reason: string;
  readonly finding: Finding;
  /** Of one symbol: how its own model stands against that of all. */
  readonly comparison: Comparison | null;
}

interface Comparison {
  readonly pooledIc: number | null;
  readonly advantage: number | null;
  readonly standardError: number | null;
  readonly better: boolean;
}

export interface RoutedTarget {
  readonly target: string;
  readonly labelBars: number;
  readonly selection: TargetSelection | null;
  /** How far its clearest evidence stands out of chance, in standard deviations of what chance finds. */
  readonly strength: number;
  readonly pooled: Decision;
  /** In the order of the evidence. */
  readonly symbols: readonly Decision[];
}

/**
 * Routes every target and every (target, symbol) by what was measured. Pure.
 *
 * Found for all symbols: cross-sectional. Found for one, by a model of its own: symbol-specific, or both where the pooled model is
 * trained too, and only if its own is better on that symbol. Significant but weak, unstable or fading: experimental only. Leaked, too
 * small, or nothing that chance would not find too: blocked. What "found" means is one rate for everything tried (`selectTargets`).
 * @returns the most predictable first
 */
export function routeTargets(evidence: readonly TargetEvidence[], policy: PlanPolicy): RoutedTarget[] {
  const bars = barsOf(policy);
  const testable = evidence.map((target) => ({
    target,
    pooled: testableP(target.leaks.length === 0 ? target.pooled : null, bars.pooled, policy),
    symbols: target.symbols.map((symbol) => testableP(target.leaks.length === 0 ? symbol : null, bars.own, policy)),
  }));
  const tested = testable.filter(({ pooled, symbols }) => pooled !== null || symbols.some((p) => p !== null));
  const selections = selectTargets(tested, policy.falseDiscoveryRate);
  return testable
    .map((entry) => route(entry.target, selections[tested.indexOf(entry)] ?? null, policy))
    .sort((a, b) => (a.selection?.p ?? 2) - (b.selection?.p ?? 2) || b.strength - a.strength);
}

const barsOf = (policy: PlanPolicy) => ({
  pooled: { minimumIc: policy.minimumPooledIc, minimumWindows: policy.minimumPooledWindows },
  own: { minimumIc: policy.minimumOwnIc, minimumWindows: policy.minimumOwnWindows },
});
type Bars = ReturnType<typeof barsOf>;

function testableP(
  evidence: TargetEvidence['pooled'] | SymbolEvidence | null,
  bar: Bars['own'],
  policy: PlanPolicy,
): number | null {
  if (evidence?.kind !== 'measured') return null;
  if (lacksWindows(evidence, bar) !== null || implausible(evidence, policy) !== null) return null;
  return significanceOf(evidence.probes).p;
}

function route(target: TargetEvidence, selection: TargetSelection | null, policy: PlanPolicy): RoutedTarget {
  const bars = barsOf(policy);
  const leak = target.leaks[0];
  const find = (evidence: TargetEvidence['pooled'] | SymbolEvidence, threshold: number, bar: Bars['own']): Finding => {
    if (leak !== undefined) return { kind: 'leaked', why: leak };
    if (evidence.kind === 'tooSmall') return evidence;
    const { windows, rows } = evidence;
    const lack = lacksWindows(evidence, bar);
    if (lack !== null) return { kind: 'tooSmall', why: lack, windows, rows };
    const impossible = implausible(evidence, policy);
    if (impossible !== null) return { kind: 'leaked', why: impossible };
    return judgeFound(evidence, threshold, bar, policy);
  };
  const pooled = find(target.pooled, selection?.pooledThreshold ?? 0, bars.pooled);
  const own = target.symbols.map((symbol) => find(symbol, selection?.symbolThreshold ?? 0, bars.own));
  return {
    target: target.target,
    labelBars: target.labelBars,
    selection,
    strength: clearest([pooled, ...own]),
    pooled: decidePooled(target.target, pooled),
    symbols: target.symbols.map((evidence, i) => decideSymbol(target.target, evidence, own[i]!, pooled, policy)),
  };
}

/** 0 where nothing counts as evidence. */
export const strengthOf = (finding: Finding): number =>
  finding.kind === 'found' || finding.kind === 'doubtful' || finding.kind === 'nothing'
    ? finding.significance.strength
    : 0;

/** Of the evidence with the least p-value. */
function clearest(findings: readonly Finding[]): number {
  const judged = findings.flatMap((finding) => ('significance' in finding ? [finding.significance] : []));
  if (judged.length === 0) return 0;
  return Math.max(0, judged.reduce((a, b) => (b.p < a.p ? b : a)).strength);
}

const ofKind: Record<Finding['kind'], Route> = {
  found: 'ROUTE_CROSS_SECTIONAL',
  doubtful: 'ROUTE_EXPERIMENTAL_ONLY',
  nothing: 'ROUTE_BLOCKED',
  tooSmall: 'ROUTE_BLOCKED',
  leaked: 'ROUTE_BLOCKED',
};

const decidePooled = (target: string, finding: Finding): Decision => ({
  ...{ target, symbol: null, finding, comparison: null },
  route: ofKind[finding.kind],
  trains: finding.kind === 'found' || finding.kind === 'doubtful',
  reason: sentence(finding),
});

function decideSymbol(
  target: string,
  evidence: SymbolEvidence,
  own: Finding,
  pooled: Finding,
  policy: PlanPolicy,
): Decision {
  const comparison = compare(evidence, policy);
  const decided = (route: Route, reason: string, trains = false): Decision => ({
    ...{ target, symbol: evidence.symbol, route, trains, reason, finding: own, comparison },
  });
  const said = `${sentence(own)}${comparison === null ? '' : comparisonSentence(comparison)}`;
  if (own.kind === 'leaked') return decided('ROUTE_BLOCKED', said);
  if (pooled.kind === 'found')
    return own.kind === 'found' && comparison?.better
      ? decided('ROUTE_BOTH', `Of its own: ${said}`, true)
      : decided('ROUTE_CROSS_SECTIONAL', `The model of all symbols serves it. Of its own: ${said}`);
  // What is no better than a model of all that is in doubt is the same signal, seen with fewer rows.
  const same = pooled.kind === 'doubtful' && comparison !== null && !comparison.better;
  if (own.kind === 'found' && !same) return decided('ROUTE_SYMBOL_SPECIFIC', said, true);
  if (own.kind === 'doubtful' && !same) return decided('ROUTE_EXPERIMENTAL_ONLY', said, true);
  return pooled.kind === 'doubtful'
    ? decided('ROUTE_EXPERIMENTAL_ONLY', `With the experimental model of all symbols. Of its own: ${said}`)
    : decided('ROUTE_BLOCKED', said);
}

function compare(evidence: SymbolEvidence, { ownAdvantageT }: PlanPolicy): Comparison | null {
  if (evidence.kind !== 'measured' || evidence.advantage === null) return null;
  const { value: advantage, standardError } = evidence.advantage;
  const known = advantage !== null && standardError !== null;
  return {
    ...{ pooledIc: evidence.pooledIc?.value ?? null, advantage, standardError },
    better: known && advantage > 0 && advantage >= ownAdvantageT * standardError,
  };
}

function sentence(finding: Finding): string {
  switch (finding.kind) {
    case 'leaked':
      return `Leak: ${finding.why}.`;
    case 'tooSmall':
      return `Too small a sample: ${finding.why}.`;
    case 'nothing':
      return `No evidence: ${evidenceSentence(finding)}. ${needed(finding.threshold)}`;
    case 'doubtful':
      return `Significant but ${finding.doubts.join(', and ')}: ${evidenceSentence(finding)}.`;
    case 'found':
      return `${evidenceSentence(finding)}.`;
  }
}

const needed = (threshold: number): string =>
  threshold > 0
    ? `With all that was tried, p up to ${Number(threshold.toPrecision(2))} counts.`
    : 'With all that was tried on it, too little for any p of this kind to count.';

function comparisonSentence({ pooledIc, advantage, standardError, better }: Comparison): string {
  if (pooledIc === null || advantage === null) return '';
  const error = standardError === null ? '' : ` ± ${standardError.toFixed(3)}`;
  return ` The model of all has IC ${pooledIc.toFixed(3)} on it: its own is ${better ? 'better' : 'not clearly better'}, by ${advantage.toFixed(3)}${error}.`;
}
