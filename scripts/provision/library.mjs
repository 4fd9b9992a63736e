/** What the provisioning of a single C library has in common: look, else fill a folder of the cache. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  cacheFolder,
  findLibrary,
  installCommand,
  libraries,
  libraryFiles,
  manifestFile,
} from '../../packages/engines/src/native/locations.mjs';
import { installFolder } from './cache.mjs';
import { withLock } from './lock.mjs';
import { extract } from './zip.mjs';
import { downloadWheel } from './wheel.mjs';

const isLibrary = (name) => /\.(so|dylib|dll)(\.\d+)*$/.test(name);

/**
 * Makes a library available: looks where the engines look, else fills the cache from a wheel or from `fallbacks`.
 * @param fallbacks `(temporaryFolder, log) → { ok: true, version, source } | { ok: false, reason }`, each fills the folder.
 * @param system whether the system's own library folders count
 * @returns `{ found, path?, version?, how }`; a failure is a value whose `how` is the command that gets the library.
 */
export async function ensureLibrary(
  name,
  { cacheDir, platform, log = () => {}, environment = process.env, system = true, sha256, fallbacks = [] },
) {
  const places = { environment, cacheDir, platform, system };
  const look = () => findLibrary(name, places);
  // A variable that points to nothing is the user's to mend: nothing is downloaded behind their back.
  if (environment[libraries[name].environment]) return look();
  const before = look();
  if (before.found) return before;
  return withLock(path.join(cacheDir, `.${name}-${platform}.lock`), log, async () => {
    const meanwhile = look();
    if (meanwhile.found) return meanwhile;
    const reasons = [];
    for (const source of [fromWheel(name, platform, sha256), ...fallbacks]) {
      const result = await fillCache(name, source, { cacheDir, platform, log });
      if (result.ok) return look();
      reasons.push(result.reason);
    }
    return { found: false, how: `${installCommand(name, platform)} (tried: ${reasons.join('; ')})` };
  });
}

function fromWheel(name, platform, sha256) {
  const { version, wheel } = libraries[name];
  return async (folder, log) => {
    const downloads = await mkdtemp(path.join(tmpdir(), 'twostage-wheel-'));
    try {
      const result = await downloadWheel({
        project: wheel(platform),
        version,
        platform,
        folder: downloads,
        sha256,
        log,
      });
      if (!result.ok) return result;
      // Folders are kept: a library finds those bundled with it by a path relative to its own.
      await extract(result.file, folder, (entry) => (isLibrary(entry) ? entry : undefined));
      return { ok: true, version, source: result.source };
    } finally {
      await rm(downloads, { recursive: true, force: true });
    }
  };
}

async function fillCache(name, source, { cacheDir, platform, log }) {
  try {
    await installFolder(cacheDir, async (temporary) => {
      const result = await source(temporary, log);
      if (!result.ok) throw new Error(result.reason);
      const library = await findFile(temporary, libraryFiles(name, platform));
      if (library === undefined) throw new Error(`${result.source}: no ${libraryFiles(name, platform)[0]} in it`);
      const sha256 = createHash('sha256')
        .update(await readFile(path.join(temporary, library)))
        .digest('hex');
      const manifest = { name, version: result.version, source: result.source, library, sha256 };
      await writeFile(path.join(temporary, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
      return cacheFolder(name, result.version, { cacheDir, platform });
    });
    return { ok: true };
  } catch (error) {
    return { ok: false, reason: error.message };
  }
}

/** Path, relative to `folder`, of the first of `names` found anywhere below it. */
async function findFile(folder, names) {
  const files = await readdir(folder, { recursive: true });
  for (const name of names) {
    const file = files.find((candidate) => path.basename(candidate) === name);
    if (file !== undefined) return file;
  }
  return undefined;
}
