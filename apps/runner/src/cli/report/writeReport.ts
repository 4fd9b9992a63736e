import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { bytes } from '@twostage/figures/format';
import { writeFileAtomically } from '../../orchestrator/files.ts';
import { shownPath } from '../terminal.ts';
import { UsageError } from '../usage.ts';
import type { ReportedRun } from './readRun.ts';

/**
 * Writes the document whole, or not at all.
 * @param option for messages: what the file was given by
 * @returns a line that says where it lies
 * @throws UsageError where it cannot be written
 */
export async function writeReport(run: ReportedRun, file: string, option: string): Promise<string> {
  await checkReportFile(file, option);
  // React and the stylesheet's compiler come with it.
  const { renderReport } = await import('./renderReport.tsx');
  const html = await renderReport(run);
  try {
    await writeFileAtomically(file, html);
  } catch (error) {
    await rm(`${file}.${process.pid}.tmp`, { force: true }).catch(() => {});
    throw cannotWrite(file, option, (error as NodeJS.ErrnoException).code);
  }
  return `report (${bytes(Buffer.byteLength(html))}) in ${shownPath(file)}`;
}

/** What can be known before there is anything to write. @throws UsageError */
export async function checkReportFile(file: string, option: string): Promise<void> {
  const kind = await kindOf(file, option);
  if (kind === 'folder') throw new UsageError(`${option}: ${shownPath(file)} is a folder; expected a file to write`);
  for (let folder = path.dirname(path.resolve(file)); ; folder = path.dirname(folder)) {
    const found = await kindOf(folder, option);
    if (found === 'file')
      throw new UsageError(`${option}: ${shownPath(file)} cannot be written: ${shownPath(folder)} is a file`);
    if (found === 'folder' || folder === path.dirname(folder)) return;
  }
}

async function kindOf(name: string, option: string): Promise<'file' | 'folder' | null> {
  try {
    return (await stat(name)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw cannotWrite(name, option, code);
  }
}

const cannotWrite = (file: string, option: string, code: string | undefined) =>
  new UsageError(`${option}: ${shownPath(file)} cannot be written (${code ?? 'unknown'})`);
