import type { FamilyDefinition } from '../families/family.ts';
import type { TargetEvidence } from './evidence.ts';
import type { RankingRow } from './evidenceMarkdown.ts';
import { type ChosenFamilies, familiesFor } from './familyRules.ts';
import type { Finding } from './judgeEvidence.ts';
import { type MasterPlan, masterPlanSchema, type PlanJob } from './masterPlan.ts';
import type { PlanPolicy } from './policy.ts';
import { type Decision, type RoutedTarget, routeTargets, strengthOf } from './router.ts';
import { planSummary } from './summary.ts';

export interface DraftInput {
  readonly evidence: readonly TargetEvidence[];
  readonly policy: PlanPolicy;
  /** Those a plan may name. */
  readonly families: readonly FamilyDefinition[];
  /** Symbols of the dataset. */
  readonly symbols: readonly string[];
  /** What else is known of how it came about: `generated_at`, `run_id`, `config_hash`, `git_commit`, the dataset … */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * A plan from evidence. Every target has one job of all symbols, and one of each symbol that was tried; a job that trains nothing
 * (blocked, or a symbol that the model of all serves) names no families, and stays for what it says. Pure.
 */
export function draftPlan({ evidence, policy, families, symbols, metadata }: DraftInput): MasterPlan {
  const routed = routeTargets(evidence, policy);
  const byName = new Map(evidence.map((each) => [each.target, each]));
  const trained = routed.filter(({ pooled }) => pooled.finding.kind === 'found').map(({ target }) => target);
  const jobs = routed.flatMap(({ target, pooled, symbols: decisions }) => {
    const related = byName
      .get(target)!
      .correlations.filter(
        ({ target: other, correlation }) =>
          trained.includes(other) && Math.abs(correlation) >= policy.relatedCorrelation,
      );
    const relatedTargets = trained.includes(target) ? related.map(({ target: other }) => other) : [];
    return [
      jobOf(pooled, { families, policy, symbols: symbols.length, relatedTargets }),
      ...decisions.map((decision) => jobOf(decision, { families, policy, symbols: 1, relatedTargets: [] })),
    ];
  });
  return masterPlanSchema.parse({
    metadata: {
      ...metadata,
      total_jobs: jobs.length,
      model_families: [...new Set(jobs.flatMap((job) => job.model_families))],
      policy,
    },
    jobs,
    summary: { ...planSummary(jobs), ranking: routed.map(rankingRow) },
  });
}

interface JobContext {
  readonly families: readonly FamilyDefinition[];
  readonly policy: PlanPolicy;
  readonly symbols: number;
  readonly relatedTargets: readonly string[];
}

function jobOf(decision: Decision, context: JobContext): PlanJob {
  const { target, symbol, route, finding } = decision;
  const chosen = chooseFor(decision, context);
  return {
    job_id: `${target}.${symbol ?? 'all'}`,
    ...{ target, symbol, route, reason: decision.reason },
    training_type: symbol === null ? 'cross_sectional' : 'symbol_specific',
    model_families: [...chosen.families],
    priority: chosen.families.length > 0 ? Math.round(100 * Math.max(0, strengthOf(finding))) / 100 : 0,
    metadata: {
      ...figuresOf(finding),
      ...(decision.comparison && {
        pooled_ic_on_symbol: decision.comparison.pooledIc,
        advantage: decision.comparison.advantage,
        advantage_error: decision.comparison.standardError,
      }),
      ...(chosen.leftOut.length > 0 && { families_left_out: chosen.leftOut }),
    },
  };
}

function chooseFor({ route, trains, finding }: Decision, context: JobContext): ChosenFamilies {
  if (!trains || (finding.kind !== 'found' && finding.kind !== 'doubtful')) return { families: [], leftOut: [] };
  const { rows, bars } = finding.evidence;
  return familiesFor(
    context.families,
    {
      ...{ rows, bars, symbols: context.symbols, relatedTargets: context.relatedTargets },
      experimental: route === 'ROUTE_EXPERIMENTAL_ONLY',
    },
    context.policy,
  );
}

function figuresOf(finding: Finding): Record<string, unknown> {
  if (finding.kind === 'leaked') return { finding: finding.kind };
  if (finding.kind === 'tooSmall') return { finding: finding.kind, rows: finding.rows, windows: finding.windows };
  const { significance, stability, threshold, evidence } = finding;
  const probe = evidence.probes.find((each) => each.probe === significance.probe)!;
  return {
    finding: finding.kind,
    ...{ probe: significance.probe, ic: significance.ic, ic_error: significance.standardError },
    ...{ p: significance.p, p_threshold: threshold, strength: significance.strength },
    ...{ shifts: significance.shifts, shifts_as_high: significance.exceeding },
    ...{ chance_ic: significance.chanceIc, chance_deviation: significance.chanceDeviation },
    ...{ ic_by_fold: probe.byFold, ic_by_period: probe.byPeriod, ic_early: probe.early, ic_recent: probe.recent },
    ...{ recent_share: stability.recentShare, r2: probe.r2 },
    ...{ rows: evidence.rows, judged_rows: evidence.judgedRows, windows: evidence.windows, bars: evidence.bars },
    ic_by_probe: Object.fromEntries(evidence.probes.map(({ probe: id, ic }) => [id, ic.value])),
  };
}

/** One line of the ranking of targets by predictability. */
function rankingRow({ target, labelBars, selection, strength, pooled, symbols }: RoutedTarget): RankingRow {
  const count = (route: Decision['route']) => symbols.filter((decision) => decision.route === route).length;
  return {
    target,
    label_bars: labelBars,
    strength,
    p: selection?.p ?? null,
    route: pooled.route,
    symbols_symbol_specific: count('ROUTE_SYMBOL_SPECIFIC'),
    symbols_both: count('ROUTE_BOTH'),
    symbols_experimental: count('ROUTE_EXPERIMENTAL_ONLY'),
    reason: pooled.reason,
  };
}
