import { DomainError } from '../errors.ts';
import type { FilteredPlan } from './filter.ts';
import { jobName } from './jobPlaces.ts';
import type { PlanLeftOut } from './leftOut.ts';
import type { PlanJob } from './masterPlan.ts';

/** Lines of an error or a summary; more are counted. */
const mostLines = 20;

/** `job aapl_5d (fwd_ret_5d, AAPL), LSTM: why`. */
export function leftOutLine({ job: id, family, reason }: PlanLeftOut, jobs: readonly PlanJob[]): string {
  const job = jobs.find((one) => one.job_id === id);
  return `${job ? jobName(job) : `job ${id}`}${family === undefined ? '' : `, ${family}`}: ${reason}`;
}

/** The lines printed before training: what the plan narrowed, as its users know it, and what was left out of it and why. */
export function filterLines(filtered: FilteredPlan, jobs: readonly PlanJob[]): string[] {
  const { counts, trainings, leftOut, notPlanned } = filtered;
  const narrowed = (['targets', 'symbols', 'families', 'jobs'] as const)
    .filter((what) => counts[what].to < counts[what].from)
    .map((what) => `📋 Training plan filter applied: ${counts[what].from} → ${counts[what].to} ${what}`);
  const experimental = trainings.filter(({ plan }) => plan?.experimental).length;
  const blocked = leftOut.filter(({ kind }) => kind === 'blocked');
  const idle = leftOut.filter(({ kind }) => kind === 'idle').length;
  const removed = leftOut.filter(({ kind }) => kind === 'removed');
  return [
    ...narrowed,
    ...(experimental > 0
      ? [`🧪 ${experimental} of ${trainings.length} trainings ${experimental === 1 ? 'is' : 'are'} experimental`]
      : []),
    ...capped(blocked.map((one) => `⛔ Blocked: ${leftOutLine(one, jobs)}`)),
    ...(idle > 0
      ? [`📋 ${idle} ${idle === 1 ? 'job names no family and trains' : 'jobs name no family and train'} nothing`]
      : []),
    ...capped(removed.map((one) => `⏭️ Left out: ${leftOutLine(one, jobs)}`)),
    ...[...notPlanned.targets, ...notPlanned.families].map(
      (name) => `⏭️ The run asks for ${name}, which no job of the plan names`,
    ),
  ];
}

/**
 * @param name of the plan
 * @returns the filtered plan, which trains something
 * @throws DomainError INVALID_INPUT with a line for each thing that was left out, and why
 */
export function requireTrainings(filtered: FilteredPlan, jobs: readonly PlanJob[], name: string): FilteredPlan {
  if (filtered.trainings.length > 0) return filtered;
  const { leftOut, notPlanned } = filtered;
  const lines = [
    ...leftOut.map((one) => `${one.kind}: ${leftOutLine(one, jobs)}`),
    ...[...notPlanned.targets, ...notPlanned.families].map((asked) => `no job of the plan names ${asked}`),
  ];
  const head = `the training plan ${name} leaves nothing to train: of ${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'} none is left`;
  throw new DomainError('INVALID_INPUT', [head, ...capped(lines).map((line) => `  ${line}`)].join('\n'), {
    field: 'plan',
  });
}

function capped(lines: readonly string[]): readonly string[] {
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), `… and ${lines.length - mostLines + 1} more`];
}
