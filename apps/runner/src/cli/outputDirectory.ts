import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { runDirectory } from '@twostage/core/runs/runDirectory';
import { shownPath } from './terminal.ts';
import { UsageError } from './usage.ts';

/** Everything a run writes at the top of its folder; nothing else is ever removed. */
const ownNames = [
  runDirectory.record,
  runDirectory.events,
  runDirectory.leaderboard,
  runDirectory.jobs,
  runDirectory.quality,
  runDirectory.report,
  runDirectory.dataset,
  path.dirname(runDirectory.training('x')),
];
/** May lie in an output folder before the first run: a router's training plan. */
const allowedNames = ['globals', 'METRICS'];
const asideName = '.previous-run';

export interface OutputDirectory {
  readonly path: string;
  /** The run has begun: what was moved aside is removed. */
  commit(): Promise<void>;
  /** Nothing came of it: removes what this run wrote and puts back what was there. */
  undo(): Promise<void>;
}

export const defaultOutputDirectory = (now: Date): string =>
  path.join('results', now.toISOString().slice(0, 19).replaceAll(':', '-'));

/**
 * Makes the folder a run writes into. A previous run is replaced only with `overwrite`, and only once the new one has begun.
 * @throws UsageError where the folder holds something else, or a run and no `overwrite`
 */
export async function openOutputDirectory(directory: string, overwrite: boolean): Promise<OutputDirectory> {
  const target = path.resolve(directory);
  const held = await namesIn(target);
  const foreign = held.find((name) => ![...ownNames, ...allowedNames, asideName].includes(name));
  const hasRun = held.includes(runDirectory.record) || held.includes(runDirectory.events);
  const shown = shownPath(target);
  if (held.some((name) => ownNames.includes(name)) && hasRun) {
    if (!overwrite)
      throw new UsageError(
        `--output-dir: ${shown} already holds a run; choose another folder, or add --overwrite to replace that run`,
      );
  } else if (foreign !== undefined) {
    throw new UsageError(
      `--output-dir: ${shown} is not empty and holds no run (there is ${foreign}); choose an empty or a new folder`,
    );
  }
  const made = await firstMissing(target);
  await mkdir(target, { recursive: true });
  const aside = path.join(target, asideName);
  const previous = held.filter((name) => ownNames.includes(name));
  if (previous.length > 0) {
    await mkdir(aside, { recursive: true });
    for (const name of previous) await rename(path.join(target, name), path.join(aside, name));
  }
  return {
    path: target,
    commit: () => rm(aside, { recursive: true, force: true }),
    async undo() {
      for (const name of ownNames) await rm(path.join(target, name), { recursive: true, force: true });
      for (const name of previous) await rename(path.join(aside, name), path.join(target, name));
      await rm(aside, { recursive: true, force: true });
      if (made !== null) await removeEmptyUpTo(target, made);
    },
  };
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR') throw new UsageError(`--output-dir: ${directory} is a file; expected a folder`);
    throw new UsageError(`--output-dir: ${directory} cannot be read (${code})`);
  }
}

/** The topmost folder that has to be made, null if the folder is there. */
async function firstMissing(directory: string): Promise<string | null> {
  if (existsSync(directory)) return null;
  return (await firstMissing(path.dirname(directory))) ?? directory;
}

async function removeEmptyUpTo(directory: string, top: string): Promise<void> {
  try {
    await rmdir(directory);
  } catch {
    return;
  }
  if (directory !== top) await removeEmptyUpTo(path.dirname(directory), top);
}
