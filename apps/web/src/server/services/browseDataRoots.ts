import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '@twostage/core/errors';
import type { BrowsedFolder } from '../contracts/uploads.ts';
import { demand, type ServiceContext } from './context.ts';
import { underDataRoot } from './dataRoots.ts';

const dataFile = /^[^.].*\.(csv|tsv|csv\.gz|tsv\.gz|parquet)$/i;
const [mostFolders, mostFiles] = [1000, 200];

/**
 * The folders below a folder, and the data in it, as this server sees them; what is hidden and links are left out.
 * @param given null: the data roots
 * @throws DomainError FORBIDDEN, PATH_OUTSIDE_ROOTS, NOT_FOUND
 */
export async function browseDataRoots(
  context: ServiceContext,
  { path: given }: { path: string | null },
): Promise<BrowsedFolder> {
  const { actor, prisma, dataRoots } = context;
  demand(actor, { kind: 'dataset.register' });
  const registered = await prisma.dataset.findMany({ where: { accepted: true }, select: { name: true, path: true } });
  const nameOf = new Map(registered.map((dataset) => [dataset.path, dataset.name]));
  const folder = async (place: string, name: string) => ({
    ...{ name, path: place, registeredAs: nameOf.get(place) ?? null },
    modified: await stat(place).then(
      ({ mtime }) => mtime,
      () => null,
    ),
  });
  if (given === null) {
    const roots = [...new Set(dataRoots)];
    const folders = await Promise.all(roots.map((root) => folder(root, root)));
    return { path: null, parent: null, folders, files: [], fileCount: 0 };
  }
  const place = await underDataRoot(given, dataRoots);
  const entries = await readdir(place, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'is not there, as this server sees it' : `cannot be read (${cause.code})`;
    throw new DomainError('NOT_FOUND', `${place} ${why}`, { field: 'path', cause });
  });
  const visible = entries.filter(({ name }) => !/^[._]/.test(name)).sort((a, b) => a.name.localeCompare(b.name));
  const data = visible.filter((entry) => entry.isFile() && dataFile.test(entry.name));
  const isRoot = (await Promise.all(dataRoots.map((root) => realpath(root).catch(() => root)))).includes(
    await realpath(place),
  );
  return {
    path: place,
    parent: isRoot ? null : path.dirname(place),
    folders: await Promise.all(
      visible
        .filter((entry) => entry.isDirectory())
        .slice(0, mostFolders)
        .map(({ name }) => folder(path.join(place, name), name)),
    ),
    files: await Promise.all(
      data.slice(0, mostFiles).map(async ({ name }) => {
        const { size, mtime } = await stat(path.join(place, name));
        return { name, bytes: size, modified: mtime };
      }),
    ),
    fileCount: data.length,
  };
}
