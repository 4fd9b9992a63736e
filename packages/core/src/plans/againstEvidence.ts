import type { JobResult } from './jobResults.ts';

/** What a job was expected to reach, by the evidence that it was planned on, beside what its best training reached. */
export type EvidenceVerdict =
  | (EvidenceFigures & {
      /** `met`: not below what was expected, by more than chance. `short`: below it by more than two errors. */
      readonly kind: 'met' | 'short';
      /** Whether what was reached is above nothing by two of its errors. */
      readonly real: boolean;
    })
  /** In one line, why the two can't be held against each other. */
  | { readonly kind: 'unknown'; readonly why: string };

interface EvidenceFigures {
  /** Rank IC that the evidence promises. */
  readonly expected: number;
  readonly expectedError: number;
  /** Rank IC of the job's best training. */
  readonly reached: number;
  readonly reachedError: number;
  /** reached − expected, in standard errors of the difference, as if the two were independent. */
  readonly t: number;
}

/** Standard errors from which on a difference is more than chance. */
const apart = 2;

/**
 * Whether a job's best training holds what its evidence (rank IC `metadata.ic` ± `metadata.ic_error`, as plans built here carry it)
 * promised. Evidence is of quick probes, so more than it is welcome; less than it, by more than chance, is a job to think about. Pure.
 */
export function judgeAgainstEvidence({ job, state, trainings, completed, best }: JobResult): EvidenceVerdict {
  const unknown = (why: string): EvidenceVerdict => ({ kind: 'unknown', why });
  if (state !== 'planned' || trainings.length === 0) return unknown('nothing of it was trained');
  const { ic: expected, ic_error: expectedError } = job.metadata;
  if (typeof expected !== 'number' || typeof expectedError !== 'number' || !(expectedError > 0))
    return unknown('the job names no evidence (metadata.ic and metadata.ic_error)');
  if (completed === 0 || best === null) return unknown('none of its trainings completed');
  const reached = best.metrics.rankIc;
  const reachedError = best.metrics.standardErrors?.rankIc;
  if (reached === null || reached === undefined || reachedError === null || reachedError === undefined)
    return unknown('its best training has no rank IC with a standard error');
  const t = (reached - expected) / Math.hypot(expectedError, reachedError);
  return {
    kind: t < -apart ? 'short' : 'met',
    ...{ expected, expectedError, reached, reachedError, t },
    real: reached > apart * reachedError,
  };
}
