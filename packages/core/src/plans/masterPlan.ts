import { z } from 'zod';
import { type FamilyId, familyIds } from '../families/family.ts';
import { parameterValueSchema } from '../families/parameterValue.ts';
import type { Scope } from '../runs/training.ts';

/**
 * The shape of `master_training_plan.json`, keys as its users know them. It is kept as it came: keys that are not known here
 * stay where they are, so that a file imported and exported again says the same.
 */

/** What is to be done about a target, or a target on one symbol. */
export const routes = [
  'ROUTE_CROSS_SECTIONAL',
  'ROUTE_SYMBOL_SPECIFIC',
  'ROUTE_BOTH',
  'ROUTE_EXPERIMENTAL_ONLY',
  'ROUTE_BLOCKED',
] as const;
export const routeSchema = z.enum(routes);
export type Route = z.infer<typeof routeSchema>;

export const trainingTypes = ['cross_sectional', 'symbol_specific'] as const;
export type TrainingType = (typeof trainingTypes)[number];

/** `lightgbm`, `quantile_lightgbm`, `Tab-Transformer`: a family by any usual spelling; undefined where it is none of ours. */
export function familyBySpelling(spelling: string): FamilyId | undefined {
  const bare = (name: string) => name.toLowerCase().replaceAll(/[\s_-]/g, '');
  return familyIds.find((id) => bare(id) === bare(spelling));
}

const familySchema = z.string().transform((spelling, context): FamilyId => {
  const family = familyBySpelling(spelling);
  if (family !== undefined) return family;
  context.addIssue({ code: 'custom', message: `no family '${spelling}'; there are ${familyIds.join(', ')}` });
  return z.NEVER;
});

const familiesSchema = z.array(familySchema).transform((families): FamilyId[] => [...new Set(families)]);

/** What to train for one target, on all symbols together (`symbol` null) or on one. */
export const planJobSchema = z
  .looseObject({
    job_id: z.string().min(1).max(200),
    target: z.string().min(1).max(200),
    symbol: z.string().min(1).max(200).nullable().default(null),
    route: routeSchema,
    /** Absent: by `symbol`. With ROUTE_BOTH, a job of each type. */
    training_type: z.enum(trainingTypes).optional(),
    model_families: familiesSchema,
    /** Higher goes first; of equal ones, the order of the file holds. */
    priority: z.number().default(0),
    reason: z.string().default(''),
    /** Figures behind the reason, and whatever else its author keeps. */
    metadata: z.record(z.string(), z.unknown()).default({}),
    /** By family, only what differs from the run's. */
    parameters: z.partialRecord(z.enum(familyIds), z.record(z.string(), parameterValueSchema)).optional(),
  })
  .superRefine(({ symbol, route, training_type: type }, context) => {
    if (route === 'ROUTE_SYMBOL_SPECIFIC' && type === 'cross_sectional')
      context.addIssue({
        code: 'custom',
        path: ['training_type'],
        message: 'a ROUTE_SYMBOL_SPECIFIC job trains no cross_sectional models; ROUTE_BOTH has jobs of both types',
      });
    if (type === 'symbol_specific' && symbol === null)
      context.addIssue({ code: 'custom', path: ['symbol'], message: 'a symbol_specific job names its symbol' });
    if (type === 'cross_sectional' && symbol !== null)
      context.addIssue({
        code: 'custom',
        path: ['symbol'],
        message: `a cross_sectional job is of all symbols, its symbol is null, not '${symbol}'`,
      });
  });
export type PlanJob = z.infer<typeof planJobSchema>;

export const planMetadataSchema = z.looseObject({
  /** ISO 8601. */
  generated_at: z.string().optional(),
  run_id: z.string().nullish(),
  git_commit: z.string().nullish(),
  config_hash: z.string().nullish(),
  total_jobs: z.number().int().min(0).optional(),
  model_families: z.array(z.string()).optional(),
});

export const masterPlanSchema = z
  .looseObject({
    metadata: planMetadataSchema.default({}),
    jobs: z.array(planJobSchema).max(100_000),
    summary: z.record(z.string(), z.unknown()).default({}),
  })
  .superRefine(({ jobs }, context) => {
    const first = new Map<string, number>();
    jobs.forEach(({ job_id: id }, at) => {
      const before = first.get(id);
      if (before === undefined) first.set(id, at);
      else
        context.addIssue({
          code: 'custom',
          path: ['jobs', at, 'job_id'],
          message: `'${id}' is the job_id of jobs.${before} too`,
        });
    });
  });
export type MasterPlan = z.infer<typeof masterPlanSchema>;

/** Of a job that does not say: by whether it names a symbol. */
export const trainingTypeOf = ({
  training_type: type,
  symbol,
}: Pick<PlanJob, 'training_type' | 'symbol'>): TrainingType =>
  type ?? (symbol === null ? 'cross_sectional' : 'symbol_specific');

export const jobScope = ({ symbol }: Pick<PlanJob, 'symbol'>): Scope =>
  symbol === null ? { kind: 'crossSectional' } : { kind: 'symbol', symbol };

/** One thing that is wrong with a plan file. */
export interface PlanFault {
  /** E.g. `jobs.3.model_families.0`; empty: the file as a whole. */
  readonly path: string;
  readonly message: string;
}

export type ParsedPlan =
  | { readonly kind: 'plan'; readonly plan: MasterPlan }
  | { readonly kind: 'faults'; readonly faults: readonly PlanFault[] };

/** @param text of a `master_training_plan.json` */
export function parseMasterPlan(text: string): ParsedPlan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: 'faults', faults: [{ path: '', message: `not JSON: ${(error as Error).message}` }] };
  }
  return checkMasterPlan(value);
}

export function checkMasterPlan(value: unknown): ParsedPlan {
  const checked = masterPlanSchema.safeParse(value);
  if (checked.success) return { kind: 'plan', plan: checked.data };
  const faults = checked.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  return { kind: 'faults', faults };
}
