/** TensorFlow's C library in the cache: a folder with `lib/`, `include/` and, with CUDA, `nvidia/`. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { findOnPath, lastLine, run } from '../process.mjs';
import { download, downloadCommand, tensorflowVersion, wheelFor } from './wheel.mjs';
import { extract, readText } from '../zip.mjs';

/** Only these are included, directly or not, by the binding: 30 files of 13,000. */
const headers =
  /^tensorflow\/include\/(tensorflow\/c\/|tensorflow\/core\/platform\/ctstring|tsl\/platform\/ctstring|xla\/tsl\/c\/)[\w/]*\.h$/;
const libraries = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/;

/**
 * @returns { folder, version, variant, note? } or { failure }, one line that ends in a command which would get it
 */
export async function ensureLibrary({ cacheDir, platform, log }) {
  const given = process.env.TENSORFLOW_LIB_DIR;
  if (given) return linkGiven(given, cacheDir);
  let note;
  for (const variant of findOnPath('nvidia-smi') ? ['cuda', 'cpu'] : ['cpu']) {
    const wheel = wheelFor(platform, variant);
    if (!wheel) continue;
    const folder = libraryFolder(cacheDir, variant, platform);
    if (existsSync(folder)) return { folder, version: tensorflowVersion, variant, note };
    const failure = await fetchInto(folder, wheel, variant, log);
    if (!failure) return { folder, version: tensorflowVersion, variant, note };
    note = `the ${variant.toUpperCase()} build could not be had (${failure})`;
    if (variant === 'cpu') {
      return {
        failure: `${note}; get it with \`${downloadCommand(wheel)}\`, or set TENSORFLOW_LIB_DIR to a folder that holds libtensorflow_cc.so.2`,
      };
    }
    log(note);
  }
  return {
    failure: `no build of TensorFlow is known for ${platform}; set TENSORFLOW_LIB_DIR to a folder that holds it`,
  };
}

export function libraryFolder(cacheDir, variant, platform) {
  return path.join(cacheDir, `tensorflow-${tensorflowVersion}-${variant}-${platform}`);
}

async function fetchInto(folder, wheel, variant, log) {
  const temporary = await mkdtemp(path.join(path.dirname(folder), '.tmp-tensorflow-'));
  try {
    const got = await download(wheel, temporary, log);
    if (got.failure) return got.failure;
    log(`unpacking TensorFlow ${tensorflowVersion}`);
    const tree = path.join(temporary, 'tree');
    const written = await extract(got.file, tree, (name) => {
      const library = libraries.exec(name)?.[1];
      if (library) return `lib/${library}`;
      return headers.test(name) ? name.slice('tensorflow/'.length) : undefined;
    });
    if (written.filter((name) => name.startsWith('lib/')).length !== 2) return `${got.file} holds no C library`;
    await linkNames(path.join(tree, 'lib'));
    if (variant === 'cuda') await addCudaLibraries(got.file, tree, temporary, log);
    await rename(tree, folder);
    return undefined;
  } catch (error) {
    return error.message;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The linker looks for lib<name>.so; the C interface lives in the C++ library since 2.10. */
async function linkNames(lib) {
  for (const name of ['libtensorflow.so', 'libtensorflow_cc.so'])
    await symlink('libtensorflow_cc.so.2', path.join(lib, name));
  await symlink('libtensorflow_framework.so.2', path.join(lib, 'libtensorflow_framework.so'));
}

/**
 * CUDA's own libraries, which the wheel asks of pip as its extra `and-cuda`. TensorFlow looks for them in `../nvidia`.
 * Without them TensorFlow still runs, on the CPU, so a failure here is told and not fatal.
 */
async function addCudaLibraries(wheelFile, tree, temporary, log) {
  const metadata = (await readText(wheelFile, (name) => name.endsWith('.dist-info/METADATA'), temporary)) ?? '';
  const requirements = [...metadata.matchAll(/^Requires-Dist: (\S+?); extra == "and-cuda"$/gm)].map(([, spec]) => spec);
  log('downloading CUDA libraries (about 2.5 GB)');
  const downloads = path.join(temporary, 'cuda');
  await mkdir(downloads);
  const env = { PIP_RETRIES: '0', PIP_DEFAULT_TIMEOUT: '5', PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  const python = findOnPath('python3', 'python') ?? 'python3';
  const { code, output } = await run(python, ['-m', 'pip', 'download', '--no-deps', '-d', downloads, ...requirements], {
    env,
  });
  if (code !== 0) {
    log(
      `CUDA libraries could not be had (${lastLine(output)}); TensorFlow uses the GPU once CUDA 12 and cuDNN 9 are on LD_LIBRARY_PATH`,
    );
    return;
  }
  for (const name of readdirSync(downloads)) {
    await extract(path.join(downloads, name), tree, (entry) =>
      /^nvidia\/\w+\/lib\/[^/]+\.so[.\d]*$/.test(entry) ? entry : undefined,
    );
  }
}

/** A library the user already has, seen through links in the cache so that it has the names and places the binding expects. */
async function linkGiven(directory, cacheDir) {
  const pick = (...names) => names.map((name) => path.join(directory, name)).find((file) => existsSync(file));
  const main = pick('libtensorflow_cc.so.2', 'libtensorflow.so.2', 'libtensorflow.so');
  const framework = pick('libtensorflow_framework.so.2', 'libtensorflow_framework.so');
  const include = pick('include', '../include');
  if (!main || !framework || !include || !existsSync(path.join(include, 'tensorflow/c/c_api.h'))) {
    return {
      failure: `TENSORFLOW_LIB_DIR=${directory}: expected libtensorflow_cc.so.2 (or libtensorflow.so.2), libtensorflow_framework.so.2 and include/tensorflow/c/c_api.h in it or beside it`,
    };
  }
  const real = realpathSync(main);
  const { size, mtimeMs } = statSync(real);
  const key = createHash('sha256').update(`${real} ${size} ${mtimeMs}`).digest('hex').slice(0, 12);
  const folder = path.join(cacheDir, `tensorflow-given-${key}`);
  if (!existsSync(folder)) {
    const temporary = await mkdtemp(path.join(cacheDir, '.tmp-tensorflow-'));
    const lib = path.join(temporary, 'lib');
    await mkdir(lib);
    const absolute = path.resolve(main);
    for (const name of ['libtensorflow_cc.so.2', 'libtensorflow.so.2', 'libtensorflow.so']) {
      await symlink(absolute, path.join(lib, name));
    }
    for (const name of ['libtensorflow_framework.so.2', 'libtensorflow_framework.so']) {
      await symlink(path.resolve(framework), path.join(lib, name));
    }
    await symlink(path.resolve(include), path.join(temporary, 'include'));
    await rename(temporary, folder);
  }
  return { folder, version: `given-${key}`, variant: 'given' };
}
