import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { planMarkdown } from '@twostage/core/plans/markdown';
import type { MasterPlan } from '@twostage/core/plans/masterPlan';
import { planBySymbol, planByTarget } from '@twostage/core/plans/views';
import { writeFolderAtomically } from '@twostage/data/atomicFolder';
import { planFileName } from '../planFile.ts';

/** Where `train` looks for a plan first, below its output folder. */
export const planFolder = (outputDir: string): string => path.join(outputDir, 'globals', 'training_plan');

/**
 * Writes a plan with its page for people and its views, whole or not at all; a plan that was there is replaced.
 * @returns its folder
 * @throws DomainError CONFLICT where the folder holds something else
 */
export async function writePlan(outputDir: string, plan: MasterPlan): Promise<string> {
  const folder = planFolder(outputDir);
  await writeFolderAtomically(
    folder,
    (names) => names.includes(planFileName),
    async (working) => {
      const write = (name: string, value: unknown) =>
        writeFile(path.join(working, name), `${JSON.stringify(value, null, 2)}\n`);
      await write(planFileName, plan);
      await writeFile(path.join(working, 'training_plan.md'), planMarkdown(plan));
      for (const folder of ['by_target', 'by_symbol']) await mkdir(path.join(working, folder));
      for (const view of planByTarget(plan.jobs)) await write(path.join('by_target', fileOf(view.target)), view);
      for (const view of planBySymbol(plan.jobs)) await write(path.join('by_symbol', fileOf(view.symbol)), view);
    },
  );
  return folder;
}

/** Symbols may hold what a file's name can't. */
const fileOf = (name: string): string => `${encodeURIComponent(name)}.json`;
