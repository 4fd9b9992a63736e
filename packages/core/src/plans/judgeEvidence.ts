import type { MeasuredEvidence } from './evidence.ts';
import type { PlanPolicy } from './policy.ts';
import { type Significance, significanceOf } from './significance.ts';
import { type Stability, stabilityOf } from './stability.ts';

/** What evidence amounts to. Every kind but `found` is no reason to train; `doubtful` is one to try. */
export type Finding =
  | { readonly kind: 'leaked'; readonly why: string }
  | { readonly kind: 'tooSmall'; readonly why: string; readonly windows: number; readonly rows: number }
  | ({ readonly kind: 'nothing' | 'doubtful' | 'found' } & Judged);

export interface Judged {
  readonly significance: Significance;
  readonly stability: Stability;
  /** p-values up to this were discoveries. */
  readonly threshold: number;
  readonly evidence: MeasuredEvidence;
  /** Why it is doubtful, as parts of a sentence. */
  readonly doubts: readonly string[];
}

export interface Bar {
  readonly minimumIc: number;
  readonly minimumWindows: number;
}

/** Why an R² out of sample is a leak and no forecast; null where it may be one. */
export function implausible({ probes }: MeasuredEvidence, { maximumR2 }: PlanPolicy): string | null {
  const worst = Math.max(...probes.map(({ r2 }) => r2 ?? Number.NEGATIVE_INFINITY));
  return worst >= maximumR2
    ? `out-of-sample R² of ${worst.toFixed(2)}, where ${maximumR2} is taken for a leak: something knows the future`
    : null;
}

/** Why a sample is too small to say anything; null where it is large enough. */
export function lacksWindows({ windows }: { windows: number }, { minimumWindows }: Bar): string | null {
  return windows < minimumWindows
    ? `${windows} label windows that share no bar, where ${minimumWindows} are the least`
    : null;
}

export function judgeFound(evidence: MeasuredEvidence, threshold: number, bar: Bar, policy: PlanPolicy): Finding {
  const significance = significanceOf(evidence.probes);
  const probe = evidence.probes.find((each) => each.probe === significance.probe)!;
  const stability = stabilityOf(probe, policy);
  const weak =
    significance.ic < bar.minimumIc
      ? [`weak, IC ${significance.ic.toFixed(3)} where ${bar.minimumIc} is the least`]
      : [];
  const doubts = [...weak, ...stability.faults];
  const judged = { significance, stability, threshold, evidence, doubts };
  if (!(threshold > 0 && significance.p <= threshold)) return { kind: 'nothing', ...judged };
  return { kind: doubts.length > 0 ? 'doubtful' : 'found', ...judged };
}

/** `IC 0.031 ± 0.006 (LightGBM), p = 0.0005 of 199 shifts; same sign in 4 of 4 folds, 6 of 6 sub-periods` */
export function evidenceSentence({ significance, stability }: Judged): string {
  const { ic, standardError, probe, p, shifts } = significance;
  const error = standardError === null ? '' : ` ± ${standardError.toFixed(3)}`;
  const { folds, periods } = stability;
  return `IC ${ic.toFixed(3)}${error} (${probe}), p ${pText(p)} of ${shifts} shifts; same sign in ${folds.same} of ${folds.of} folds, ${periods.same} of ${periods.of} sub-periods`;
}

/** `= 0.013`, `< 0.0001` */
export const pText = (p: number): string => (p < 0.0001 ? '< 0.0001' : `= ${Number(p.toPrecision(2))}`);
