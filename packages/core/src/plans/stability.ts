import type { ProbeEvidence } from './evidence.ts';
import type { PlanPolicy } from './policy.ts';

export interface Stability {
  readonly folds: { readonly same: number; readonly of: number };
  /** Sub-periods whose IC has the sign of the whole. */
  readonly periods: { readonly same: number; readonly of: number };
  /** IC of the recent half over that of the early half; null where the early half has none to lose. */
  readonly recentShare: number | null;
  /** Why it is unstable, as parts of a sentence; empty where it is stable. */
  readonly faults: readonly string[];
}

/** Whether what was found was there all the time, or now and then, or once. */
export function stabilityOf(
  { ic, byFold, byPeriod, early, recent }: ProbeEvidence,
  { minimumPeriodShare, minimumRecentShare }: Pick<PlanPolicy, 'minimumPeriodShare' | 'minimumRecentShare'>,
): Stability {
  const sign = Math.sign(ic.value ?? 0);
  const agreeing = (values: readonly number[]) => ({
    same: values.filter((value) => sign !== 0 && Math.sign(value) === sign).length,
    of: values.length,
  });
  const periods = agreeing(byPeriod);
  const recentShare = early * sign > 0 ? recent / early : null;
  const faults: string[] = [];
  if (periods.same < minimumPeriodShare * periods.of)
    faults.push(`same sign in only ${periods.same} of ${periods.of} sub-periods`);
  if (recent * sign <= 0 || (recentShare !== null && recentShare < minimumRecentShare))
    faults.push(`fading, IC ${recent.toFixed(3)} in the recent half after ${early.toFixed(3)} in the early one`);
  return { folds: agreeing(byFold), periods, recentShare, faults };
}
