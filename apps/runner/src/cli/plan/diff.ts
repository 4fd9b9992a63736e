import { diffPlans, type JobChange } from '@twostage/core/plans/diff';
import { jobName } from '@twostage/core/plans/jobPlaces';
import type { PlanJob } from '@twostage/core/plans/masterPlan';
import pc from 'picocolors';
import { readPlanFile } from '../planFile.ts';
import { write } from '../terminal.ts';
import { exitCodes } from '../usage.ts';

/**
 * `twostage plan diff A B`, with the exit code of diff: 0 they decide the same, 1 they don't.
 * @throws UsageError
 */
export async function comparePlans(before: string, after: string, flags: { json?: boolean }): Promise<number> {
  const [older, newer] = await Promise.all([before, after].map((place) => readPlanFile(place, 'plan diff')));
  const diff = diffPlans(older!.plan, newer!.plan);
  const { added, removed, changed, unchanged } = diff;
  const same = added.length + removed.length + changed.length === 0;
  if (flags.json) write(JSON.stringify(diff, null, 2));
  else {
    for (const job of removed) write(pc.red(`- ${jobText(job)}`));
    for (const job of added) write(pc.green(`+ ${jobText(job)}`));
    for (const change of changed) {
      write(pc.yellow(`~ ${jobName(change.after)}`));
      for (const line of changeLines(change)) write(`    ${line}`);
    }
    write(`${added.length} added, ${removed.length} removed, ${changed.length} changed, ${unchanged} unchanged`);
  }
  return same ? exitCodes.ok : exitCodes.someFailed;
}

const jobText = (job: PlanJob): string =>
  `${jobName(job)} ${job.route}${job.model_families.length > 0 ? `: ${job.model_families.join(', ')}` : ''}`;

function changeLines({ route, familiesAdded, familiesRemoved, parameters, priority, reason }: JobChange): string[] {
  const arrow = (from: unknown, to: unknown) => `${from ?? 'not set'} → ${to ?? 'not set'}`;
  return [
    ...(route ? [`route: ${arrow(route.from, route.to)}`] : []),
    ...(familiesRemoved.length > 0 ? [`without ${familiesRemoved.join(', ')}`] : []),
    ...(familiesAdded.length > 0 ? [`with ${familiesAdded.join(', ')}`] : []),
    ...parameters.map(({ family, parameter, from, to }) => `${family}.${parameter}: ${arrow(from, to)}`),
    ...(priority ? [`priority: ${arrow(priority.from, priority.to)}`] : []),
    ...(reason ? [`reason: ${arrow(JSON.stringify(reason.from), JSON.stringify(reason.to))}`] : []),
  ];
}
