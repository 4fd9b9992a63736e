import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type MasterPlan, type PlanFault, parseMasterPlan } from '@twostage/core/plans/masterPlan';
import { shownPath } from './terminal.ts';
import { UsageError } from './usage.ts';

export const planFileName = 'master_training_plan.json';

export interface PlanFile {
  /** As a person would type it. */
  readonly file: string;
  readonly plan: MasterPlan;
}

/** Faults that are listed; more are counted. */
const mostFaults = 20;

/**
 * @param place a plan's file, or the folder that holds one
 * @param from what named it, e.g. `--training-plan-dir`
 * @throws UsageError, a line for each fault by its path
 */
export async function readPlanFile(place: string, from: string): Promise<PlanFile> {
  const { file, text } = await readPlanText(place, from);
  const read = parseMasterPlan(text);
  if (read.kind === 'plan') return { file, plan: read.plan };
  const lines = read.faults.slice(0, mostFaults).map((fault) => `  ${faultLine(fault)}`);
  const more = read.faults.length - lines.length;
  throw new UsageError(
    [`${file} is no training plan:`, ...lines, ...(more > 0 ? [`  … and ${more} more`] : [])].join('\n'),
  );
}

/** @throws UsageError where there is no such file */
export async function readPlanText(place: string, from: string): Promise<{ file: string; text: string }> {
  const isFolder = await stat(place).then(
    (found) => found.isDirectory(),
    () => {
      throw new UsageError(
        `${from}: ${place}: there is no such file or folder; expected a folder with ${planFileName}`,
      );
    },
  );
  const file = shownPath(path.resolve(isFolder ? path.join(place, planFileName) : place));
  try {
    return { file, text: await readFile(file, 'utf8') };
  } catch {
    throw new UsageError(`${from}: there is no ${planFileName} in ${place}`);
  }
}

export const faultLine = ({ path: at, message }: PlanFault): string => `${at === '' ? '' : `${at}: `}${message}`;
