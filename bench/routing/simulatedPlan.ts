import { describeLeak, findLeaks } from '@twostage/core/evaluation/leaks';
import type { TargetEvidence } from '@twostage/core/plans/evidence';
import type { Route } from '@twostage/core/plans/masterPlan';
import type { PlanPolicy } from '@twostage/core/plans/policy';
import { type RoutedTarget, routeTargets } from '@twostage/core/plans/router';
import { plantedRoute, predictability } from '@twostage/data/simulate/scenarios/predictability';
import { measurePooled, measureSymbol } from '@twostage/families/evidence/measure';

/** One decision beside what it should have been. */
export interface JudgedDecision {
  readonly target: string;
  readonly symbol: string | null;
  readonly truth: Route;
  readonly route: Route;
  readonly reason: string;
  /** null: nothing could be tested. */
  readonly p: number | null;
}

export interface SimulatedPlan {
  readonly routed: readonly RoutedTarget[];
  readonly decisions: readonly JudgedDecision[];
}

/** Measures and routes every target of the scenario `predictability`, as `twostage plan build` does, in this process. */
export async function planSimulated(
  seed: number,
  policy: PlanPolicy,
  size: { symbols: number; bars: number } = predictability.size,
): Promise<SimulatedPlan> {
  const { panel, targets } = predictability.make({ ...size, seed });
  const feature = (j: number) => panel.features.subarray(j * panel.rows, (j + 1) * panel.rows);
  const leaks = findLeaks({ panel, feature, targets });
  const evidence: TargetEvidence[] = [];
  for (const { name, values, labelBars } of targets) {
    const own = leaks.filter((leak) => leak.target === name).map(describeLeak);
    const input = { panel, target: values, labelBars, policy, seed, threads: 1, report: async () => {} };
    const { evidence: pooled, forecast } = await measurePooled(input);
    const symbols: TargetEvidence['symbols'][number][] = [];
    for (const symbol of panel.symbols) symbols.push(await measureSymbol(input, symbol, forecast));
    evidence.push({ target: name, labelBars, leaks: own, pooled, symbols, correlations: [] });
  }
  const routed = routeTargets(evidence, policy);
  const decisions = routed.flatMap(({ pooled, symbols }) =>
    [pooled, ...symbols].map(({ target, symbol, route, reason, finding }) => ({
      ...{ target, symbol, route, reason },
      p: 'significance' in finding ? finding.significance.p : null,
      truth: plantedRoute(target, symbol === null ? null : panel.symbols.indexOf(symbol)),
    })),
  );
  return { routed, decisions };
}
