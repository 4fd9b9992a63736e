/**
 * Where the boosting libraries lie, which versions are wanted, and how a person gets them.
 * Plain JavaScript without dependencies: the provisioning scripts read it before anything is installed.
 * Looked for, first hit wins: the library's environment variable, the user cache, the system's library folders.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Pinned versions are those of the wheels; another version found on the machine is used and named. */
export const libraries = {
  lightgbm: {
    title: 'LightGBM',
    version: '4.7.0',
    environment: 'LIGHTGBM_LIB',
    files: { linux: ['lib_lightgbm.so'], darwin: ['lib_lightgbm.dylib'], win32: ['lib_lightgbm.dll'] },
    companions: [],
    wheel: () => 'lightgbm',
    install: {
      linux: 'pip download --no-deps lightgbm==4.7.0, unzip it, and set LIGHTGBM_LIB to its lib_lightgbm.so',
      darwin: 'brew install lightgbm',
      win32: 'pip install lightgbm==4.7.0, and set LIGHTGBM_LIB to its lib_lightgbm.dll',
    },
  },
  xgboost: {
    title: 'XGBoost',
    version: '3.2.0',
    environment: 'XGBOOST_LIB',
    files: {
      linux: ['libxgboost.so', 'libxgboost.so.0'],
      darwin: ['libxgboost.dylib'],
      win32: ['xgboost.dll'],
    },
    /** Debian's build needs it; loaded first when it lies beside the library. */
    companions: ['libdmlc.so.0'],
    /** The CPU-only package is a tenth of the size and does not exist for macOS. */
    wheel: (platform) => (platform.startsWith('darwin') ? 'xgboost' : 'xgboost-cpu'),
    install: {
      linux: 'apt-get install libxgboost0',
      darwin: 'brew install xgboost',
      win32: 'pip install xgboost-cpu==3.2.0, and set XGBOOST_LIB to its xgboost.dll',
    },
  },
};

/** The user's cache of native libraries, shared by every clone. */
export function cacheDirectory(environment = process.env) {
  if (environment.TWOSTAGE_CACHE) return path.resolve(environment.TWOSTAGE_CACHE);
  if (environment.XDG_CACHE_HOME) return path.join(environment.XDG_CACHE_HOME, 'twostage');
  return path.join(homedir(), '.cache', 'twostage');
}

/** e.g. `linux-x64` */
export function currentPlatform() {
  return `${process.platform}-${process.arch}`;
}

/** Folder of one version in the cache. */
export function cacheFolder(name, version, { cacheDir = cacheDirectory(), platform = currentPlatform() } = {}) {
  return path.join(cacheDir, `${name}-${version}-${platform}`);
}

/** `provision.json` in such a folder: written before the folder takes its name, so its presence means a whole one. */
export const manifestFile = 'provision.json';

/**
 * Finds a library without loading it.
 * @returns `{ found: true, path, version, how }` (version null where only the loaded library knows it), or
 *   `{ found: false, how }`, one line that names what was missing and the command that gets it.
 */
export function findLibrary(
  name,
  {
    environment = process.env,
    cacheDir = cacheDirectory(environment),
    platform = currentPlatform(),
    system = true,
  } = {},
) {
  const library = libraries[name];
  const given = environment[library.environment];
  if (given) {
    if (!existsSync(given))
      return { found: false, how: `set ${library.environment} to a file that exists (${given} does not), or unset it` };
    return { found: true, path: path.resolve(given), version: versionBeside(given), how: library.environment };
  }
  const cached = inCache(name, cacheDir, platform);
  if (cached) return cached;
  const installed = system ? inSystem(library, platform) : undefined;
  if (installed) return installed;
  return { found: false, how: `node scripts/provision.mjs, or ${installCommand(name, platform)}` };
}

/** The command that gets a library by hand on this platform. */
export function installCommand(name, platform = currentPlatform()) {
  const { install, environment } = libraries[name];
  return install[osOf(platform)] ?? `build it and set ${environment} to the library`;
}

/** Names the library may have on a platform, the usual one first. */
export function libraryFiles(name, platform = currentPlatform()) {
  return libraries[name].files[osOf(platform)] ?? [];
}

function inCache(name, cacheDir, platform) {
  const versions = versionsInCache(name, cacheDir, platform);
  for (const version of versions) {
    const folder = cacheFolder(name, version, { cacheDir, platform });
    try {
      const manifest = JSON.parse(readFileSync(path.join(folder, manifestFile), 'utf8'));
      const file = path.join(folder, manifest.library);
      if (existsSync(file)) return { found: true, path: file, version, how: `cache (${manifest.source})` };
    } catch {
      // A folder without a readable manifest is no finished one.
    }
  }
  return undefined;
}

/** The pinned version first, then the highest. */
function versionsInCache(name, cacheDir, platform) {
  if (!existsSync(cacheDir)) return [];
  const pinned = libraries[name].version;
  return readdirSync(cacheDir)
    .filter((entry) => entry.startsWith(`${name}-`) && entry.endsWith(`-${platform}`))
    .map((entry) => entry.slice(name.length + 1, -(platform.length + 1)))
    .sort((a, b) => Number(b === pinned) - Number(a === pinned) || b.localeCompare(a, 'en', { numeric: true }));
}

function inSystem(library, platform) {
  const [os, cpu] = platform.split('-');
  const triplet = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[cpu];
  const folders = {
    linux: ['/usr/local/lib', triplet ? `/usr/lib/${triplet}` : '/usr/lib', '/usr/lib64', '/usr/lib'],
    darwin: ['/opt/homebrew/lib', '/usr/local/lib'],
  }[os];
  for (const folder of folders ?? []) {
    for (const file of library.files[os]) {
      const candidate = path.join(folder, file);
      if (existsSync(candidate)) return { found: true, path: candidate, version: null, how: 'system' };
    }
  }
  return undefined;
}

/** A Python package keeps its version in a text file next to the folder of its library. */
function versionBeside(file) {
  for (const folder of [path.dirname(file), path.dirname(path.dirname(file))]) {
    for (const name of ['VERSION.txt', 'VERSION']) {
      const candidate = path.join(folder, name);
      if (existsSync(candidate)) return readFileSync(candidate, 'utf8').trim();
    }
    const manifest = path.join(folder, manifestFile);
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).version ?? null;
  }
  return null;
}

const osOf = (platform) => platform.split('-')[0];
