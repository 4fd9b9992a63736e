import {
  type PlanBuildProgress,
  type PlanBuildRequest,
  planBuildRequestSchema,
} from '@twostage/core/plans/buildRequest';
import type { EstimateInput } from '@twostage/core/plans/estimate';
import type { MasterPlan } from '@twostage/core/plans/masterPlan';
import type { PlanVersionState, ReviewAction, ReviewVerdict } from '@twostage/core/plans/review';
import type { RunState } from '@twostage/core/runs/lifecycle';
import { z } from 'zod';

const id = z.string().min(1).max(100);
const note = z.string().trim().max(2000, 'a note has at most 2,000 characters');
const reason = z.string().trim().min(3, 'say why, in a few words').max(2000);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const newPlan = z.object({
  kind: z.literal('plan'),
  name: z.string().trim().min(1, 'give it a name').max(120),
  description: z.string().trim().max(2000).default(''),
});
const nextVersion = z.object({ kind: z.literal('version'), planId: id });

/** Where a draft's jobs come from. */
export const draftSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('empty') }),
  /** The text of a master_training_plan.json. */
  z.object({ kind: z.literal('file'), fileName: z.string().trim().min(1).max(255), text: z.string().max(16_000_000) }),
  /** A plan that a runner built of evidence. */
  z.object({ kind: z.literal('build'), buildId: id }),
  /** Another version, of this plan or of another. */
  z.object({ kind: z.literal('version'), versionId: id }),
  /** A finished run of a version: its jobs, changed by what came out. */
  z.object({ kind: z.literal('run'), runId: id }),
]);
export type DraftSource = z.output<typeof draftSource>;

/** A draft: the first of a new plan, or the next of one that is there. */
export const draftPlanInput = z.object({
  into: z.discriminatedUnion('kind', [newPlan, nextVersion]),
  source: draftSource,
  /** The data that it is about; runs of it and its editor start there. */
  datasetId: id.nullish(),
  note: note.default(''),
});
export type DraftPlanInput = z.input<typeof draftPlanInput>;

export const planIdInput = z.object({ planId: id });
export const planVersionIdInput = z.object({ versionId: id });

export const editPlanInput = z.object({
  versionId: id,
  /** Of the version as it was read: whoever saves second is told. */
  revision: z.number().int().min(0),
  /** A whole plan, checked by the schema of the file. */
  plan: z.unknown().optional(),
  note: note.optional(),
  datasetId: id.nullish(),
});
export type EditPlanInput = z.input<typeof editPlanInput>;

export const describePlanInput = z.object({
  planId: id,
  name: newPlan.shape.name,
  description: newPlan.shape.description,
});

/** The hash is of the version as it was seen: what is decided is decided of exactly that text. */
export const submitPlanInput = z.object({ versionId: id, hash, note: note.optional() });
export const approvePlanInput = z.object({ versionId: id, hash, reason: z.string().trim().max(2000).default('') });
export const refusePlanInput = z.object({ versionId: id, hash, reason });
export const commentInput = z.object({
  versionId: id,
  /** Null: on the version as a whole. */
  jobId: z.string().min(1).max(200).nullish(),
  text: z.string().trim().min(1, 'write something').max(4000),
});
export const resolveCommentInput = z.object({ commentId: id, resolved: z.boolean() });

export const planDiffInput = z.object({ fromVersionId: id, toVersionId: id });

export const reviewSettingInput = z.object({ authorMayApprove: z.enum(['automatic', 'always', 'never']) });
export type AuthorMayApprove = z.output<typeof reviewSettingInput>['authorMayApprove'];

export const requestPlanBuildInput = z.object({
  datasetId: id,
  request: planBuildRequestSchema.omit({ dataDir: true }),
});
export type RequestPlanBuildInput = z.input<typeof requestPlanBuildInput>;
export const planBuildIdInput = z.object({ buildId: id });

/** What an estimate is made of, beside the trainings: the editor estimates anew at each change. */
export interface EstimateBasis extends Pick<EstimateInput, 'data' | 'past' | 'cores' | 'packing'> {
  readonly symbols: readonly string[];
}

interface Person {
  id: string;
  name: string;
}

/** A version without its jobs. */
export interface PlanVersionRow {
  id: string;
  planId: string;
  planName: string;
  /** Within its plan: 1, 2, 3 … */
  number: number;
  state: PlanVersionState;
  /** SHA-256 of the plan's canonical JSON. */
  hash: string;
  note: string;
  /** Counts the saves of a draft. */
  revision: number;
  /** Null: the system. */
  author: Person | null;
  /** All who have written in it; none of them decides, unless authors may. */
  authors: Person[];
  parent: { id: string; number: number; planId: string; planName: string } | null;
  /** Where its jobs came from first, for a person: `built of evidence`, `plan.json`, `run 12`. */
  origin: string;
  /** The run whose results it draws on. */
  originRun: { id: string; number: number } | null;
  dataset: { id: string; name: string } | null;
  createdAt: Date;
  updatedAt: Date;
  submittedAt: Date | null;
  /** Of the approval, the rejection or the revocation, whichever was last. */
  decidedAt: Date | null;
  decidedBy: Person | null;
  decisionReason: string | null;
  counts: {
    jobs: number;
    training: number;
    blocked: number;
    experimental: number;
    targets: number;
    symbols: number;
    families: number;
  };
  openComments: number;
}
export interface PlanRow {
  id: string;
  name: string;
  description: string;
  createdAt: Date;
  createdBy: Person | null;
  versions: number;
  newest: PlanVersionRow;
  /** The one that runs take; null: none is approved. */
  approved: PlanVersionRow | null;
  /** Draft or in review; null: none is. */
  open: PlanVersionRow | null;
}
export interface PlanDetail extends PlanRow {
  /** The newest first. */
  history: PlanVersionRow[];
}
export interface PlanComment {
  id: string;
  /** Null: on the version as a whole. */
  jobId: string | null;
  text: string;
  author: Person | null;
  at: Date;
  resolvedAt: Date | null;
  resolvedBy: Person | null;
}
/** A line of the version's history, out of the audit log. */
export interface PlanStep {
  at: Date;
  /** Null: the system. */
  actor: Person | null;
  /** `plan.submit`, `plan.approve` … */
  action: string;
  reason: string | null;
}
export interface PlanVersionDetail extends PlanVersionRow {
  plan: MasterPlan;
  comments: PlanComment[];
  /** The oldest first. */
  steps: PlanStep[];
  /** What the asking person may do now, and if not, why not. */
  may: Record<ReviewAction, ReviewVerdict>;
  /** Its runs, the newest first. */
  runs: { id: string; number: number; name: string; state: RunState; createdAt: Date }[];
  /** The plan's other versions, for comparing and going on. */
  siblings: { id: string; number: number; state: PlanVersionState }[];
}
/** Something that waits for the asking person. */
export interface InboxItem {
  /**
   * `decide`: in review, and they may decide. `finish`: a draft of theirs. `revise`: theirs was rejected or revoked, and nothing came
   * after. `answer`: comments on an open version of theirs, by others.
   */
  kind: 'decide' | 'finish' | 'revise' | 'answer';
  version: PlanVersionRow;
  since: Date;
  /** For a person: `Ann asks for your decision`. */
  what: string;
}
export interface ReviewSettingState {
  authorMayApprove: AuthorMayApprove;
  /** What `automatic` comes to now: in a team of one, who writes may approve. */
  effective: boolean;
  mayChange: boolean;
}
export interface PlanBuildRow {
  id: string;
  dataset: { id: string; name: string } | null;
  status: 'queued' | 'running' | 'ready' | 'refused' | 'cancelled';
  request: PlanBuildRequest;
  progress: PlanBuildProgress | null;
  /** Why it was refused. */
  reason: string | null;
  createdBy: Person | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  mayCancel: boolean;
}
export interface PlanBuildDetail extends PlanBuildRow {
  /** Once it is ready. */
  result: MasterPlan | null;
}
