/**
 * Gets TensorFlow's C library and its Node binding into the user cache and links them into this clone.
 * The binding's own installer is not used: it downloads TensorFlow 2.9.1, of 2022, and CUDA 11.2 with it.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { bindingFolder, ensureBinding, isLinked, link, packageFolder, packageVersion } from './tensorflow/binding.mjs';
import { ensureLibrary, libraryFolder } from './tensorflow/library.mjs';
import { withLock } from './lock.mjs';
import { findOnPath } from './process.mjs';
import { tensorflowVersion } from './tensorflow/wheel.mjs';

export const name = 'tensorflow';

/**
 * @param options.cacheDir user cache for native libraries
 * @param options.log takes one line at a time
 * @param options.platform e.g. `linux-x64`
 * @param options.source folder of the npm package that is to find the binding; this clone's if not given
 * @returns { found, path?, version?, how }: `how` says what was done, or what would get it
 */
export async function ensure({
  cacheDir,
  log = () => {},
  platform = `${process.platform}-${process.arch}`,
  source = packageFolder(),
}) {
  try {
    if (!source) return { found: false, how: 'the npm package @tensorflow/tfjs-node-gpu is not installed: `npm ci`' };
    if (!platform.startsWith('linux-')) {
      return {
        found: false,
        how: `native TensorFlow is set up on Linux only, this is ${platform}; the TensorFlow group runs on ONNX Runtime`,
      };
    }
    return (
      alreadyThere(cacheDir, source, platform) ??
      (await withLock(path.join(cacheDir, 'tensorflow.lock'), log, () =>
        provision({ cacheDir, log, platform, source }),
      ))
    );
  } catch (error) {
    return { found: false, how: `TensorFlow could not be set up in ${cacheDir}: ${error.message}` };
  }
}

/** Links and files looked at, nothing run: the usual case takes about a millisecond. */
function alreadyThere(cacheDir, source, platform) {
  if (process.env.TENSORFLOW_LIB_DIR) return undefined;
  const variant = findOnPath('nvidia-smi') && platform === 'linux-x64' ? 'cuda' : 'cpu';
  const library = libraryFolder(cacheDir, variant, platform);
  const folder = bindingFolder(cacheDir, library, packageVersion(source), platform);
  if (!existsSync(path.join(library, 'lib')) || !existsSync(path.join(folder, 'lib')) || !isLinked(source, folder)) {
    return undefined;
  }
  return {
    found: true,
    path: library,
    version: tensorflowVersion,
    how: `cache (${variant} build)`,
  };
}

async function provision({ cacheDir, log, platform, source }) {
  await mkdir(cacheDir, { recursive: true });
  const library = await ensureLibrary({ cacheDir, platform, log });
  if (library.failure) return { found: false, how: library.failure };
  const folder = bindingFolder(cacheDir, library.folder, packageVersion(source), platform);
  const failure = await ensureBinding({ folder, library: library.folder, source, log });
  if (failure) return { found: false, how: failure };
  if (!isLinked(source, folder)) await link(source, folder);
  const note = library.note ? `; ${library.note}` : '';
  return {
    found: true,
    path: library.folder,
    version: library.version,
    how: `${library.variant === 'given' ? 'TENSORFLOW_LIB_DIR' : `cache (${library.variant} build)`}${note}`,
  };
}
