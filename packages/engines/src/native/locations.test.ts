import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { cacheDirectory, cacheFolder, findLibrary, manifestFile } from './locations.mjs';

const platform = 'linux-x64';
let cacheDir = '';

beforeEach(() => {
  cacheDir = mkdtempSync(path.join(tmpdir(), 'twostage-cache-'));
  onTestFinished(() => rmSync(cacheDir, { recursive: true, force: true }));
});

function installed(name: 'lightgbm' | 'xgboost', version: string, library: string): string {
  const folder = cacheFolder(name, version, { cacheDir, platform });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, library), '');
  writeFileSync(path.join(folder, manifestFile), JSON.stringify({ version, library, source: 'a test' }));
  return path.join(folder, library);
}

const find = (name: 'lightgbm' | 'xgboost', environment: Record<string, string> = {}) =>
  findLibrary(name, { environment, cacheDir, platform, system: false });

describe('cacheDirectory', () => {
  it('is TWOSTAGE_CACHE, else a folder of XDG_CACHE_HOME, else one of the home', () => {
    expect(cacheDirectory({ TWOSTAGE_CACHE: '/a/b', XDG_CACHE_HOME: '/c' })).toBe('/a/b');
    expect(cacheDirectory({ XDG_CACHE_HOME: '/c' })).toBe(path.join('/c', 'twostage'));
    expect(cacheDirectory({})).toBe(path.join(homedir(), '.cache', 'twostage'));
  });
});

describe('findLibrary', () => {
  it('takes the environment variable before the cache', () => {
    installed('lightgbm', '4.7.0', 'lib_lightgbm.so');
    const own = path.join(cacheDir, 'own.so');
    writeFileSync(own, '');
    writeFileSync(path.join(cacheDir, 'VERSION.txt'), '4.6.0\n');
    expect(find('lightgbm', { LIGHTGBM_LIB: own })).toEqual({
      found: true,
      path: own,
      version: '4.6.0',
      how: 'LIGHTGBM_LIB',
    });
  });

  it('does not fall back from an environment variable that points to nothing', () => {
    installed('lightgbm', '4.7.0', 'lib_lightgbm.so');
    expect(find('lightgbm', { LIGHTGBM_LIB: '/none.so' })).toMatchObject({ found: false });
  });

  it('takes the pinned version of the cache, else the highest', () => {
    const debian = installed('xgboost', '1.7.4', 'libxgboost.so.0');
    expect(find('xgboost')).toMatchObject({ found: true, path: debian, version: '1.7.4', how: 'cache (a test)' });
    const later = installed('xgboost', '1.10.0', 'libxgboost.so');
    expect(find('xgboost')).toMatchObject({ path: later });
    installed('xgboost', '99.0.0', 'libxgboost.so');
    const pinned = installed('xgboost', '3.2.0', 'libxgboost.so');
    expect(find('xgboost')).toMatchObject({ path: pinned, version: '3.2.0' });
  });

  it('passes over folders of other platforms and unfinished ones', () => {
    mkdirSync(cacheFolder('lightgbm', '4.7.0', { cacheDir, platform }));
    mkdirSync(cacheFolder('lightgbm', '4.7.0', { cacheDir, platform: 'linux-arm64' }));
    const result = find('lightgbm');
    expect(result.found).toBe(false);
    expect(result.how).toContain('node scripts/provision.mjs');
  });
});
