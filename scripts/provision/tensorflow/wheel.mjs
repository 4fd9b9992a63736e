/** Where TensorFlow's C library comes from: the wheel of its Python package, which is a zip archive with the library in it. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { findOnPath, lastLine, run } from '../process.mjs';

export const tensorflowVersion = '2.21.0';

/**
 * The C library does not depend on the Python it was packed for, so one tag is named whatever Python is here.
 * `sha256` is pinned where the archive could be checked; elsewhere the digest the index publishes must hold.
 */
const wheels = {
  'linux-x64-cpu': {
    project: 'tensorflow-cpu',
    platformTag: 'manylinux_2_27_x86_64',
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  },
  'linux-x64-cuda': { project: 'tensorflow', platformTag: 'manylinux_2_27_x86_64' },
  'linux-arm64-cpu': { project: 'tensorflow', platformTag: 'manylinux_2_27_aarch64' },
};
const pythonTag = { version: '3.11', abi: 'cp311' };

export function wheelFor(platform, variant) {
  return wheels[`${platform}-${variant}`];
}

/** The command a person can run, where the download failed. */
export function downloadCommand(wheel) {
  return `pip download ${pipArguments(wheel).join(' ')}`;
}

/**
 * Downloads a wheel into `folder`, by pip (which knows the index and proxy settings of the machine) or else over HTTPS.
 * @returns { file } or { failure }: one line
 */
export async function download(wheel, folder, log) {
  log(`downloading ${wheel.project} ${tensorflowVersion} (about 270 MB)`);
  const byPip = await downloadByPip(wheel, folder);
  const got = byPip.file ? byPip : await downloadOverHttps(wheel, folder, log);
  if (!got.file) return { failure: `pip: ${byPip.failure}; HTTPS: ${got.failure}` };
  const expected = wheel.sha256 ?? got.sha256;
  if (expected !== undefined) {
    const actual = await sha256Of(got.file);
    if (actual !== expected) {
      return { failure: `${path.basename(got.file)}: expected SHA-256 ${expected}, got ${actual}` };
    }
  }
  return { file: got.file };
}

function pipArguments(wheel) {
  const { version, abi } = pythonTag;
  const target = `--implementation cp --python-version ${version} --abi ${abi} --platform ${wheel.platformTag}`;
  return ['--no-deps', '--only-binary=:all:', ...target.split(' '), `${wheel.project}==${tensorflowVersion}`];
}

async function downloadByPip(wheel, folder) {
  const python = findOnPath('python3', 'python');
  if (!python) return { failure: 'no python3 on PATH' };
  // pip waits minutes on an index it can't reach unless told otherwise.
  const env = { PIP_RETRIES: '0', PIP_DEFAULT_TIMEOUT: '5', PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  const { code, output } = await run(python, ['-m', 'pip', 'download', '-d', folder, ...pipArguments(wheel)], { env });
  const name = (await readdir(folder)).find((file) => file.endsWith('.whl'));
  return code === 0 && name ? { file: path.join(folder, name) } : { failure: lastLine(output) };
}

async function downloadOverHttps(wheel, folder, log) {
  try {
    const index = `https://pypi.org/pypi/${wheel.project}/${tensorflowVersion}/json`;
    const answer = await fetch(index, { signal: AbortSignal.timeout(5_000) });
    if (!answer.ok) return { failure: `${index} answered ${answer.status}` };
    const { urls } = await answer.json();
    const release = urls.find(
      ({ filename }) => filename.includes(`-${pythonTag.abi}-`) && filename.includes(wheel.platformTag),
    );
    if (!release) return { failure: `${index} lists no wheel for ${pythonTag.abi} on ${wheel.platformTag}` };
    const body = await fetch(release.url);
    if (!body.ok || !body.body) return { failure: `${release.url} answered ${body.status}` };
    const file = path.join(folder, release.filename);
    await pipeline(Readable.fromWeb(body.body), progress(release.size, log), createWriteStream(file));
    return { file, sha256: release.digests.sha256 };
  } catch (error) {
    return { failure: error.cause?.message ?? error.message };
  }
}

/** Says every tenth of the download. */
function progress(totalBytes, log) {
  let bytes = 0;
  let said = 0;
  return new Transform({
    transform(chunk, _encoding, done) {
      bytes += chunk.length;
      const tenth = Math.floor((10 * bytes) / totalBytes);
      if (tenth > said) {
        said = tenth;
        log(`downloading TensorFlow ${tenth * 10} %`);
      }
      done(null, chunk);
    },
  });
}

async function sha256Of(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
