import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { runDirectory } from '@twostage/core/runs/runDirectory';
import { type RunRecord, runRecordSchema } from '../orchestrator/runRecord.ts';
import { UsageError } from './usage.ts';

export interface RunFolder {
  readonly directory: string;
  readonly record: RunRecord;
}

/** @throws UsageError where the folder holds no run */
export async function readRunFolder(directory: string): Promise<RunFolder> {
  const file = path.join(directory, runDirectory.record);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    throw new UsageError(
      `${directory} holds no run: there is no ${runDirectory.record}; \`twostage runs\` lists the runs under results`,
    );
  }
  try {
    return { directory, record: runRecordSchema.parse(JSON.parse(text)) };
  } catch {
    throw new UsageError(`${file} is not a record of a run that this version can read`);
  }
}

/** Every run in a folder or at most two levels below it, oldest first; what can't be read is named in `unreadable`. */
export async function findRunFolders(root: string): Promise<{ runs: RunFolder[]; unreadable: string[] }> {
  const runs: RunFolder[] = [];
  const unreadable: string[] = [];
  const visit = async (directory: string, depth: number): Promise<void> => {
    const entries = await readdir(directory, { withFileTypes: true });
    if (entries.some(({ name }) => name === runDirectory.record)) {
      try {
        runs.push(await readRunFolder(directory));
      } catch {
        unreadable.push(directory);
      }
      return;
    }
    if (depth === 0) return;
    for (const entry of entries)
      if (entry.isDirectory() && !entry.name.startsWith('.')) await visit(path.join(directory, entry.name), depth - 1);
  };
  try {
    await visit(root, 2);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new UsageError(`${root}: no such folder; give the folder that holds your runs, e.g. twostage runs results`);
  }
  const startOf = ({ record }: RunFolder) => record.startedAt ?? '';
  return { runs: runs.sort((a, b) => startOf(a).localeCompare(startOf(b))), unreadable };
}
