import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Fills a folder of the cache beside its final place and renames it there, replacing what was there.
 * @param fill receives the temporary folder and returns the final one; if it throws, the cache is as it was.
 */
export async function installFolder(cacheDir, fill) {
  await mkdir(cacheDir, { recursive: true });
  const temporary = await mkdtemp(path.join(cacheDir, '.staging-'));
  try {
    const folder = await fill(temporary);
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}
