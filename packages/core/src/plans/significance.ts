import { mean } from '../evaluation/correlation.ts';
import type { ProbeEvidence, ProbeId } from './evidence.ts';
import { studentTail } from './studentT.ts';

/** How the best of several probes stands against what the same procedure finds where there is nothing to find. */
export interface Significance {
  readonly probe: ProbeId;
  readonly ic: number;
  readonly standardError: number | null;
  /** Mean and sample standard deviation of its IC over the shifts. */
  readonly chanceIc: number;
  readonly chanceDeviation: number;
  /** (IC − chance IC) / deviation: how strong the evidence is. */
  readonly strength: number;
  readonly shifts: number;
  /** Shifts whose IC was as high as the target's own. */
  readonly exceeding: number;
  /** One-sided; that the best of the probes was taken is accounted for. */
  readonly p: number;
}

/**
 * Of one probe: the IC against Student's t about the mean and the spread of its shifts (what a further shift would give, so with
 * √(1 + 1/n) and n − 1 degrees of freedom), because an IC is a mean over many bars and n shifts alone can't tell less than
 * 1 / (n + 1), which is much where hundreds of hypotheses share one rate; but never less than the share of shifts that were as high,
 * so that tails which are fatter count. Stopping at the h-th such shift keeps that share honest (Besag & Clifford 1991).
 *
 * Of the best of several: 1 − (1 − p)^probes (Šidák), which holds however much they agree; and never less than the share of the
 * shifts they have in common whose best was as far out.
 */
export function significanceOf(probes: readonly ProbeEvidence[]): Significance {
  const each = probes.map(ofProbe);
  const best = each.reduce((a, b) => (b.p < a.p || (b.p === a.p && b.strength > a.strength) ? b : a));
  const chosen = 1 - (1 - best.p) ** each.length;
  return { ...best, p: Math.min(1, Math.max(chosen, shareOfBest(probes, each))) };
}

function ofProbe({ probe, ic, shifted }: ProbeEvidence): Significance {
  const value = ic.value ?? 0;
  const n = shifted.length;
  const chanceIc = n > 0 ? mean(shifted) : 0;
  const squares = shifted.reduce((sum, each) => sum + (each - chanceIc) ** 2, 0);
  const chanceDeviation = n > 1 ? Math.sqrt(squares / (n - 1)) : 0;
  const strength = chanceDeviation > 0 ? (value - chanceIc) / chanceDeviation : 0;
  const exceeding = shifted.filter((each) => each >= value).length;
  const tail = chanceDeviation > 0 ? studentTail(strength / Math.sqrt(1 + 1 / n), n - 1) : 1;
  const p = Math.max(tail, n > 0 ? exceeding / n : 1);
  return {
    ...{ probe, ic: value, standardError: ic.standardError, chanceIc, chanceDeviation, strength },
    ...{ shifts: n, exceeding, p },
  };
}

/** Share of the shifts that every probe saw in which the strongest of them was as strong as the strongest on the target itself. */
function shareOfBest(probes: readonly ProbeEvidence[], each: readonly Significance[]): number {
  const common = Math.min(...probes.map(({ shifted }) => shifted.length));
  if (probes.length < 2 || common === 0) return 0;
  const top = Math.max(...each.map(({ strength }) => strength));
  let reached = 0;
  for (let shift = 0; shift < common; shift++) {
    const strengths = each.map(({ chanceIc, chanceDeviation }, i) =>
      chanceDeviation > 0 ? (probes[i]!.shifted[shift]! - chanceIc) / chanceDeviation : 0,
    );
    if (Math.max(...strengths) >= top) reached++;
  }
  return reached / common;
}
