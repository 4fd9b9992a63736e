import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '@twostage/core/errors';

/**
 * Refuses a folder of market data that does not lie under a data root, or that leads out of it: by `..`, by a link, or by a file
 * in it that is one. Asked again before each use, because links change.
 * @throws DomainError PATH_OUTSIDE_ROOTS, NOT_FOUND
 */
export async function assertUnderDataRoots(dataDir: string, dataRoots: readonly string[]): Promise<void> {
  const roots = (await Promise.all(dataRoots.map((root) => realpath(root).catch(() => null)))).filter(
    (root) => root !== null,
  );
  const folder = path.isAbsolute(dataDir) ? await realpath(dataDir).catch(() => null) : null;
  // Of a folder that is not there only its name can be judged; names outside say nothing about what exists.
  if (!roots.some((root) => contains(root, folder ?? path.resolve(dataDir))))
    throw new DomainError(
      'PATH_OUTSIDE_ROOTS',
      `${dataDir} lies outside the data roots of this runner (${dataRoots.join(', ')})`,
      { field: 'dataDir' },
    );
  if (folder === null) throw new DomainError('NOT_FOUND', `${dataDir}: there is no such folder`, { field: 'dataDir' });
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isSymbolicLink()) continue;
    const target = await realpath(path.join(folder, entry.name)).catch(() => null);
    if (target !== null && !roots.some((root) => contains(root, target)))
      throw new DomainError(
        'PATH_OUTSIDE_ROOTS',
        `${path.join(dataDir, entry.name)} is a link that leads outside the data roots of this runner`,
        { field: 'dataDir' },
      );
  }
}

function contains(root: string, folder: string): boolean {
  const relative = path.relative(root, folder);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
