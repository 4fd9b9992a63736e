import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '@twostage/core/errors';

/**
 * The folder, normalised, if it lies under a data root. A link that leads out is refused where the folder exists on this
 * machine; the runner, which may be another machine, checks again.
 * @throws DomainError PATH_OUTSIDE_ROOTS
 */
export async function underDataRoot(given: string, dataRoots: readonly string[]): Promise<string> {
  if (given.includes('\0')) throw outside('the folder', dataRoots);
  if (!path.isAbsolute(given)) {
    throw new DomainError('PATH_OUTSIDE_ROOTS', `"${given}" is not an absolute folder${below(dataRoots)}`, {
      field: 'path',
    });
  }
  const folder = path.resolve(given);
  if (!dataRoots.some((root) => contains(path.resolve(root), folder))) throw outside(`"${given}"`, dataRoots);
  const real = await realpath(folder).catch(() => null);
  if (real === null) return folder;
  const realRoots = await Promise.all(dataRoots.map((root) => realpath(root).catch(() => path.resolve(root))));
  if (!realRoots.some((root) => contains(root, real))) {
    throw new DomainError('PATH_OUTSIDE_ROOTS', `"${given}" is a link that leads out of the data roots`, {
      field: 'path',
    });
  }
  return folder;
}

const contains = (root: string, folder: string): boolean => {
  const relative = path.relative(root, folder);
  return relative === '' || (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative));
};
const below = (dataRoots: readonly string[]) => `; a dataset lies under ${dataRoots.join(' or ')}`;
const outside = (what: string, dataRoots: readonly string[]) =>
  new DomainError('PATH_OUTSIDE_ROOTS', `${what} lies outside the data roots${below(dataRoots)}`, { field: 'path' });
