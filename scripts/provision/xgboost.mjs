import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cacheDirectory, currentPlatform } from '../../packages/engines/src/native/locations.mjs';
import { ensureLibrary } from './library.mjs';
import { lastLine, run } from './process.mjs';

export const name = 'xgboost';

/** @returns `{ found, path?, version?, how }`: found where, or the command that gets it */
export function ensure({ cacheDir = cacheDirectory(), log, platform = currentPlatform(), system } = {}) {
  return ensureLibrary(name, { cacheDir, log, platform, system, fallbacks: [fromDebian] });
}

/** Debian's package and the one it needs, unpacked without installing them: no root asked for. */
async function fromDebian(folder, log) {
  if (process.platform !== 'linux') return { ok: false, reason: 'not on Debian' };
  const work = await mkdtemp(path.join(tmpdir(), 'twostage-debian-'));
  try {
    log('xgboost: apt-get download libxgboost0');
    const download = () => run('apt-get', ['download', 'libxgboost0', 'libdmlc0'], { cwd: work });
    let result = await download();
    if (result.code !== 0 && process.getuid?.() === 0) {
      log('xgboost: apt-get update');
      await run('apt-get', ['update']);
      result = await download();
    }
    if (result.code !== 0) return { ok: false, reason: `apt-get: ${lastLine(result.output)}` };
    const packages = (await readdir(work)).filter((file) => file.endsWith('.deb'));
    for (const file of packages) {
      const unpacked = await run('dpkg-deb', ['-x', file, 'root'], { cwd: work });
      if (unpacked.code !== 0) return { ok: false, reason: `dpkg-deb: ${lastLine(unpacked.output)}` };
    }
    for (const file of await readdir(path.join(work, 'root'), { recursive: true })) {
      const soname = /^(lib(?:xgboost|dmlc)\.so\.0)$/.exec(path.basename(file))?.[1];
      if (soname !== undefined) await copyFile(path.join(work, 'root', file), path.join(folder, soname));
    }
    const version = /^libxgboost0_(\d+(?:\.\d+)*)/.exec(
      packages.find((file) => file.startsWith('libxgboost0_')) ?? '',
    )?.[1];
    return version === undefined
      ? { ok: false, reason: 'apt-get: libxgboost0 did not come' }
      : { ok: true, version, source: `Debian's libxgboost0 ${version}` };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
