import { canonicalJson, canonicalPlanJson } from '@twostage/core/plans/canonicalJson';
import { countPlan } from '@twostage/core/plans/counts';
import { type MasterPlan, parseMasterPlan } from '@twostage/core/plans/masterPlan';
import { stateWord } from '@twostage/core/plans/review';
import type { RunPlan } from '@twostage/core/plans/runPlan';
import { z } from 'zod';
import type { Database, Transaction } from './client.ts';
import { hashOfPlanText } from './planHash.ts';

/** NOTIFY payload: the plan's id. Something of it has changed. */
export const planChannel = 'plan';

/** Where a version's jobs came from first: the column plan_version.origin. */
export const planOriginSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('empty') }),
  z.object({ kind: z.literal('file'), fileName: z.string() }),
  z.object({ kind: z.literal('build'), buildId: z.string() }),
  z.object({ kind: z.literal('version'), versionId: z.string(), planName: z.string(), number: z.number() }),
  z.object({ kind: z.literal('run'), runId: z.string(), number: z.number() }),
]);
export type PlanOrigin = z.infer<typeof planOriginSchema>;

/** The columns of a version that follow from its plan. */
export function planColumns(plan: MasterPlan): { text: string; hash: string; counts: object } {
  const text = canonicalPlanJson(plan);
  return { text, hash: hashOfPlanText(text), counts: countPlan(plan.jobs) };
}

/** @throws where the text is none of ours: it was written past the schema */
export function planOfText(text: string): MasterPlan {
  const read = parseMasterPlan(text);
  if (read.kind === 'plan') return read.plan;
  throw new Error(`a stored plan does not fit its schema: ${read.faults.map(({ path }) => path).join(', ')}`);
}

export const announcePlan = (tx: Transaction | Database, planId: string) =>
  tx.$queryRaw`SELECT pg_notify(${planChannel}, ${planId})::text`;

/** Whether a version's text is what was approved, bit for bit. */
export const isAsApproved = ({
  text,
  hash,
  approvedHash,
}: {
  text: string;
  hash: string;
  approvedHash: string | null;
}) => hash === approvedHash && hashOfPlanText(text) === approvedHash;

/**
 * Looks once more, before a run of a version spawns anything, whether it may: nobody else asks what happened since it was queued.
 * @param begun the run has begun before, on a runner that vanished: that a newer version took the place of its own stops it no more
 * @returns why it may not, for a person; null where it may
 */
export async function whyNotExecuted(database: Database, plan: RunPlan, begun: boolean): Promise<string | null> {
  const { source, hash, jobs } = plan;
  if (source.kind === 'file')
    return 'its training plan is a file; a run from the browser takes an approved version only';
  const name = `${source.planName} v${source.number}`;
  const version = await database.planVersion.findUnique({
    where: { id: source.versionId },
    select: { state: true, text: true, hash: true, approvedHash: true, decisionReason: true },
  });
  if (!version) return `its training plan ${name} is no longer there`;
  const stands = version.state === 'approved' || (begun && version.state === 'superseded');
  if (!stands) {
    const why = version.state === 'revoked' && version.decisionReason ? `: ${version.decisionReason}` : '';
    return `its training plan ${name} is not approved any more, it is ${stateWord(version.state)}${why}`;
  }
  if (!isAsApproved(version) || hash !== version.approvedHash)
    return `its training plan ${name} is not the one that was approved: its text was changed since`;
  if (canonicalJson(planOfText(version.text).jobs) !== canonicalJson(jobs))
    return `the jobs of this run are not those of its training plan ${name}`;
  return null;
}
