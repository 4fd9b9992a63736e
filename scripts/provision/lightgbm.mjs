import { cacheDirectory, currentPlatform } from '../../packages/engines/src/native/locations.mjs';
import { ensureLibrary } from './library.mjs';

export const name = 'lightgbm';

/** As published on PyPI. The index's own checksum guards the other platforms' wheels. */
const sha256 = {
  'lightgbm-4.7.0-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl':
    'd23e922acd891e77212e4d0fbcee9ba973c96dee479491341d05ba595357ebb7',
};

/** @returns `{ found, path?, version?, how }`: found where, or the command that gets it */
export function ensure({ cacheDir = cacheDirectory(), log, platform = currentPlatform(), system } = {}) {
  return ensureLibrary(name, { cacheDir, log, platform, system, sha256 });
}
