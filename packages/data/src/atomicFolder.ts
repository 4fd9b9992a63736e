import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DomainError } from '@twostage/core/errors';

/**
 * Fills a folder beside the final one and renames it when all is written: `outputDir` comes into being whole or not at all.
 * @param mayReplace whether a folder with these names in it may be replaced; an empty one always may
 * @throws DomainError CONFLICT if `outputDir` holds something else; whatever `fill` throws, with nothing left behind
 */
export async function writeFolderAtomically<Result>(
  outputDir: string,
  mayReplace: (names: readonly string[]) => boolean,
  fill: (working: string) => Promise<Result>,
): Promise<Result> {
  const target = resolve(outputDir);
  const names = await namesIn(target);
  if (names !== null && names.length > 0 && !mayReplace(names)) {
    throw new DomainError('CONFLICT', `${target}: holds other files; choose a new or an empty folder`, {
      field: 'outputDir',
    });
  }
  await mkdir(dirname(target), { recursive: true });
  const working = await mkdtemp(join(dirname(target), `.${basename(target)}.partial-`));
  try {
    // mkdtemp makes it private; the result is a folder like any other.
    await chmod(working, 0o777 & ~process.umask());
    const result = await fill(working);
    if (names === null) await rename(working, target);
    else await replaceFolder(working, target);
    return result;
  } finally {
    await rm(working, { recursive: true, force: true });
  }
}

/** null: there is no such folder. */
async function namesIn(target: string): Promise<string[] | null> {
  try {
    return await readdir(target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new DomainError('CONFLICT', `${target}: no folder can be written there (${code})`, { cause: error });
  }
}

/** A rename cannot replace a folder with files in it: the old one steps aside first. */
async function replaceFolder(from: string, to: string): Promise<void> {
  const aside = `${from}-old`;
  await rename(to, aside);
  await rename(from, to);
  await rm(aside, { recursive: true, force: true });
}
