/** Gets a Python wheel, which is a ZIP with the native library in it: through pip if there is one, else from PyPI itself. */
import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lastLine, run } from './process.mjs';

/**
 * Downloads one wheel for this platform.
 * @param sha256 by file name; a wheel listed here must have exactly this content.
 * @returns `{ ok: true, file, source }` or `{ ok: false, reason }`
 */
export async function downloadWheel({ project, version, platform, folder, sha256 = {}, log }) {
  const attempts = [
    () => withPip({ project, version, folder, log }),
    () => fromIndex({ project, version, platform, folder, log }),
  ];
  const reasons = [];
  for (const attempt of attempts) {
    const result = await attempt();
    if (!result.ok) {
      reasons.push(result.reason);
      continue;
    }
    const expected = sha256[path.basename(result.file)];
    const actual = createHash('sha256')
      .update(await readFile(result.file))
      .digest('hex');
    if (expected !== undefined && expected !== actual) {
      reasons.push(`${path.basename(result.file)} has sha256 ${actual}, expected ${expected}`);
      continue;
    }
    return result;
  }
  return { ok: false, reason: reasons.join('; ') };
}

async function withPip({ project, version, folder, log }) {
  const python = process.env.PYTHON ?? (process.platform === 'win32' ? 'python' : 'python3');
  log(`${project} ${version}: pip download`);
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'];
  const result = await run(python, [...args, '--dest', folder, `${project}==${version}`], {
    // pip waits minutes for an index that it can't reach.
    env: { PIP_RETRIES: '0', PIP_DEFAULT_TIMEOUT: '5' },
    timeoutMs: 600_000,
  });
  if (result.code !== 0) return { ok: false, reason: `pip: ${lastLine(result.output)}` };
  const file = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  return file === undefined
    ? { ok: false, reason: 'pip: no wheel came' }
    : { ok: true, file: path.join(folder, file), source: `${project} ${version} wheel through pip` };
}

async function fromIndex({ project, version, platform, folder, log }) {
  try {
    log(`${project} ${version}: asking PyPI`);
    const listing = await fetch(`https://pypi.org/pypi/${project}/${version}/json`, {
      signal: AbortSignal.timeout(10_000),
    });
    if (!listing.ok) return { ok: false, reason: `PyPI: ${project} ${version}: HTTP ${listing.status}` };
    const { urls } = await listing.json();
    const wheel = urls.find((entry) => entry.packagetype === 'bdist_wheel' && suits(entry.filename, platform));
    if (wheel === undefined) return { ok: false, reason: `PyPI: ${project} ${version} has no wheel for ${platform}` };
    log(`${project} ${version}: ${(wheel.size / 1e6).toFixed(1)} MB from PyPI`);
    const response = await fetch(wheel.url, { signal: AbortSignal.timeout(600_000) });
    if (!response.ok) return { ok: false, reason: `PyPI: ${wheel.filename}: HTTP ${response.status}` };
    const content = Buffer.from(await response.arrayBuffer());
    const actual = createHash('sha256').update(content).digest('hex');
    if (actual !== wheel.digests.sha256) return { ok: false, reason: `PyPI: ${wheel.filename} came damaged` };
    const file = path.join(folder, wheel.filename);
    await writeFile(file, content);
    return { ok: true, file, source: `${project} ${version} wheel from PyPI` };
  } catch (error) {
    return { ok: false, reason: `PyPI: ${error.cause?.message ?? error.message}` };
  }
}

/** Whether a wheel's platform tag fits; of a file name like `name-1.0-py3-none-manylinux_2_28_x86_64.whl`. */
export function suits(filename, platform) {
  const [os, cpu] = platform.split('-');
  const tag = filename
    .replace(/\.whl$/, '')
    .split('-')
    .at(-1);
  if (os === 'linux') return tag.includes('manylinux') && tag.includes({ x64: 'x86_64', arm64: 'aarch64' }[cpu] ?? cpu);
  if (os === 'darwin') return tag.includes('macosx') && tag.includes({ x64: 'x86_64', arm64: 'arm64' }[cpu] ?? cpu);
  return tag.includes(cpu === 'arm64' ? 'win_arm64' : 'win_amd64');
}
