import { messageOf } from '@twostage/core/errors';
import { resolveParameters } from '@twostage/core/families/parameters';
import { jobName } from '@twostage/core/plans/jobPlaces';
import { type MasterPlan, type PlanFault, parseMasterPlan } from '@twostage/core/plans/masterPlan';
import { runConfigSchema } from '@twostage/core/runs/config';
import { parseTargetName } from '@twostage/core/runs/targets';
import { inspectFolder } from '@twostage/data/inspectFolder';
import { listed } from '@twostage/data/symbolNames';
import { catalogue } from '@twostage/families/catalogue';
import pc from 'picocolors';
import { hashOfPlan } from '@twostage/prisma/planHash';
import { faultLine, readPlanText } from '../planFile.ts';
import { shownPath, write } from '../terminal.ts';
import { closest, exitCodes } from '../usage.ts';

/**
 * `twostage plan check FILE`: every fault at once, not the first.
 * @throws UsageError where there is no such file
 */
export async function checkPlan(place: string, flags: { dataDir?: string; json?: boolean }): Promise<number> {
  const { file, text } = await readPlanText(place, 'plan check');
  const read = parseMasterPlan(text);
  const faults = read.kind === 'faults' ? read.faults : await faultsOf(read.plan, flags.dataDir);
  const fine = faults.length === 0;
  if (flags.json) write(JSON.stringify({ file, fine, faults }, null, 2));
  else if (fine && read.kind === 'plan') {
    const count = read.plan.jobs.length;
    write(`${pc.green('fine')}: ${file}, ${count} ${count === 1 ? 'job' : 'jobs'}, sha256 ${hashOfPlan(read.plan)}`);
  } else {
    write(`${pc.red(`${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`)} in ${file}`);
    for (const fault of faults) write(`  ${faultLine(fault)}`);
  }
  return fine ? exitCodes.ok : exitCodes.badUsage;
}

/** What a plan of the right shape may still have wrong; of a job that trains nothing nothing is asked. */
async function faultsOf(plan: MasterPlan, dataDir: string | undefined): Promise<PlanFault[]> {
  const data = dataDir === undefined ? null : await inspectFolder(dataDir, { threads: 1 });
  const faults: PlanFault[] = [];
  plan.jobs.forEach((job, at) => {
    if (job.route === 'ROUTE_BLOCKED' || job.model_families.length === 0) return;
    const fault = (where: string, message: string) =>
      faults.push({ path: `jobs.${at}.${where}`, message: `${jobName(job)}: ${message}` });
    const target = runConfigSchema.shape.targets.safeParse([job.target]);
    if (!target.success) fault('target', target.error.issues[0]!.message);
    else if (data && !parseTargetName(job.target) && !data.targetColumns.includes(job.target))
      fault('target', `${shownPath(dataDir!)} has no such column${has(data.targetColumns)}`);
    if (data && job.symbol !== null && !data.symbols.includes(job.symbol)) {
      const near = closest(job.symbol, data.symbols);
      fault(
        'symbol',
        `${shownPath(dataDir!)} has no such symbol${near ? `; did you mean ${near}?` : has(data.symbols)}`,
      );
    }
    for (const family of job.model_families) {
      try {
        resolveParameters(catalogue[family], job.parameters?.[family] ?? {});
      } catch (error) {
        fault(`parameters.${family}`, messageOf(error));
      }
    }
  });
  return faults;
}

const has = (names: readonly string[]): string => (names.length > 0 ? `; it has ${listed(names)}` : '');
