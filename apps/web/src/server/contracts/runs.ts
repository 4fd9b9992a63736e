import { type FamilyId, familyIdSchema } from '@twostage/core/families/family';
import { type RunConfig, runConfigSchema } from '@twostage/core/runs/config';
import type { LoggedEvent } from '@twostage/core/runs/events';
import { type RunState, runStates, type TrainingState } from '@twostage/core/runs/lifecycle';
import type { Metrics, TrainingSpec } from '@twostage/core/runs/training';
import { z } from 'zod';

/** What the launch form sends: the folder comes from the registered dataset and a plan from its approved version, never from the browser. */
export const startRunInput = z.object({
  datasetId: z.string().min(1, 'choose a dataset'),
  config: runConfigSchema.omit({ dataDir: true, plan: true }),
  /** The approved version that it executes, its hash as it was seen; absent: an exploratory run. */
  planVersion: z
    .object({
      versionId: z.string().min(1),
      hash: z.string().regex(/^[0-9a-f]{64}$/),
      /** Only these of the plan's targets; empty: all. `config.targets` counts for nothing. */
      targets: z.array(z.string().min(1)).max(50).default([]),
    })
    .nullish(),
});
export type StartRunInput = z.input<typeof startRunInput>;

export const runSortKeys = ['createdAt', 'startedAt', 'endedAt', 'name', 'state'] as const;
export type RunSortKey = (typeof runSortKeys)[number];

export const listRunsInput = z
  .object({
    /** Part of the run's name, any case, or its number. */
    text: z.string().trim().max(200).default(''),
    /** Empty: every state. */
    states: z.array(z.enum(runStates)).default([]),
    /** Runs that train at least one of these; empty: every run. */
    families: z.array(familyIdSchema).default([]),
    datasetId: z.string().nullish(),
    creatorId: z.string().nullish(),
    createdAfter: z.date().nullish(),
    createdBefore: z.date().nullish(),
    sortBy: z.enum(runSortKeys).default('createdAt'),
    /** Not `direction`: tRPC keeps that word for which way an endless list is read. */
    order: z.enum(['asc', 'desc']).default('desc'),
    limit: z.number().int().min(1).max(200).default(50),
    /** `nextCursor` of the page before. */
    cursor: z.string().nullish(),
  })
  .prefault({});
export type ListRunsInput = z.input<typeof listRunsInput>;

export const runIdInput = z.object({ runId: z.string().min(1) });

export const readRunEventsInput = z.object({
  runId: z.string().min(1),
  /** Events with a greater sequence number; 0: from the first. */
  afterSeq: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(5000).default(2000),
});

export const compareRunsInput = z.object({
  ids: z.array(z.string().min(1)).min(2, 'choose at least two runs').max(6, 'compare at most six runs'),
});

export interface RunRow {
  id: string;
  /** For people: run 17. */
  number: number;
  name: string;
  state: RunState;
  /** Why it is in this state, for a person; null where there is nothing to say. */
  reason: string | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  cancelRequestedAt: Date | null;
  /** Null: the system itself (the demo run). */
  createdBy: { id: string; name: string } | null;
  /** Null once the dataset was removed. */
  dataset: { id: string; name: string; simulated: boolean } | null;
  /** The version of a plan that it executes; null: it is exploratory. */
  plan: { planId: string; versionId: string; name: string; number: number } | null;
  /** Families it trains, all of the mode's where the config narrows none. */
  families: FamilyId[];
  targets: string[];
  /** Symbols chosen; 0: all of the dataset's. */
  symbolCount: number;
  /** `total` is 0 until the run is planned. `failed`: ended in any other way than completed. */
  trainings: { total: number; running: number; completed: number; failed: number };
  /** Highest pooled figure among its completed trainings. */
  bestIc: { training: string; value: number } | null;
  bestRankIc: { training: string; value: number } | null;
}
export interface RunPage {
  runs: RunRow[];
  nextCursor: string | null;
  /** Runs that match the filter, all pages. */
  total: number;
}
export interface RunDetail extends RunRow {
  config: RunConfig;
  /** Sequence number of the last event stored. */
  lastSeq: number;
  runner: string | null;
  /** How often a runner vanished while it held this run. */
  recoveries: number;
  /** Whether the asking person may cancel it now. */
  mayCancel: boolean;
}
export interface RunEventsPage {
  events: LoggedEvent[];
  /** Ask on with this as `afterSeq`. */
  lastSeq: number;
  hasMore: boolean;
}
export interface ComparedTraining {
  spec: TrainingSpec;
  /** One entry a run, in the order of `runs`; null where the run has no such training. */
  byRun: ({ state: TrainingState; seconds: number | null; metrics: Metrics | null } | null)[];
}
export interface RunComparison {
  runs: RunRow[];
  /** One entry a setting, dotted path (`folds.count`); values in the order of `runs`, as JSON text. */
  configuration: { path: string; values: string[]; differs: boolean }[];
  trainings: ComparedTraining[];
}
