import { z } from 'zod';
import { planJobSchema } from './masterPlan.ts';

/** Where a run's plan came from: a file beside the data, or a version that was approved. */
export const planSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string() }),
  z.object({
    kind: z.literal('version'),
    planId: z.string(),
    versionId: z.string(),
    planName: z.string(),
    /** Of the version within its plan: 1, 2, 3 … */
    number: z.number().int().positive(),
  }),
]);
export type PlanSource = z.infer<typeof planSourceSchema>;

/** The plan that a run executes, whole: what becomes of the file or the version afterwards changes no run. */
export const runPlanSchema = z.object({
  source: planSourceSchema,
  /** SHA-256 of `canonicalPlanJson` of the plan, 64 hexadecimal digits. */
  hash: z.string().regex(/^[0-9a-f]{64}$/, 'a plan is known by its SHA-256, 64 hexadecimal digits'),
  jobs: z.array(planJobSchema),
});
export type RunPlan = z.infer<typeof runPlanSchema>;

/** `momentum v3`, or the file. */
export const planSourceName = (source: PlanSource): string =>
  source.kind === 'file' ? source.path : `${source.planName} v${source.number}`;
