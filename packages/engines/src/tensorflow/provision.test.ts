import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

interface Provisioned {
  readonly found: boolean;
  readonly path?: string;
  readonly how: string;
}
interface Provisioner {
  ensure(options: {
    cacheDir: string;
    log?: (line: string) => void;
    platform?: string;
    source?: string;
  }): Promise<Provisioned>;
}

// Plain JavaScript that runs before anything is installed: it has no types.
const script = new URL('../../../../scripts/provision/tensorflow.mjs', import.meta.url).href;
const { ensure } = (await import(/* @vite-ignore */ script)) as Provisioner;
const installed = path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json'));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'twostage-provision-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** What the npm package holds before anything was provisioned. */
async function freshPackage(name: string): Promise<string> {
  const copy = path.join(folder, name);
  await mkdir(copy);
  for (const part of ['binding', 'binding.gyp', 'package.json']) {
    await cp(path.join(installed, part), path.join(copy, part), { recursive: true });
  }
  return copy;
}

function loads(packageFolder: string): string {
  const binding = path.join(packageFolder, 'lib/napi-v8/tfjs_binding.node');
  const program = `console.log(require(${JSON.stringify(binding)}).TF_Version); process.exit(0)`;
  return execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }).trim();
}

describe('provisioning TensorFlow', () => {
  it('builds the binding once for two at a time, links each clone, and then has nothing to do', async () => {
    vi.stubEnv('TENSORFLOW_LIB_DIR', path.join(await realpath(path.join(installed, 'deps')), 'lib'));
    const cacheDir = path.join(folder, 'cache');
    const clones = [await freshPackage('one'), await freshPackage('two')];
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const both = await Promise.all(clones.map((source) => ensure({ cacheDir, log, source })));
    for (const result of both) expect(result).toMatchObject({ found: true, how: 'TENSORFLOW_LIB_DIR' });
    expect(lines.filter((line) => line.startsWith('building'))).toHaveLength(1);
    for (const clone of clones) {
      expect(loads(clone)).toMatch(/^2\.\d+\.\d+/);
      expect(await readlink(path.join(clone, 'lib'))).toMatch(new RegExp(`^${cacheDir}`));
    }
    expect((await readdir(cacheDir)).filter((name) => name.startsWith('.') || name.endsWith('.lock'))).toEqual([]);
    const built = [...lines];
    expect(await ensure({ cacheDir, log, source: clones[0]! })).toMatchObject({ found: true });
    expect(lines).toEqual(built);
  });

  it('leaves a clone that is ready alone', async () => {
    const cacheDir = path.dirname(path.dirname(await realpath(path.join(installed, 'lib'))));
    const before = await readlink(path.join(installed, 'lib'));
    expect(await ensure({ cacheDir })).toMatchObject({
      found: true,
      how: expect.stringMatching(/^cache \((cpu|cuda) build\)$/),
    });
    expect(await readlink(path.join(installed, 'lib'))).toBe(before);
  });

  it('takes over the lock of a process that died', async () => {
    const cacheDir = path.join(folder, 'cache');
    const lock = path.join(cacheDir, 'tensorflow.lock');
    await mkdir(lock, { recursive: true });
    const dead = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
    await writeFile(path.join(lock, 'pid'), String(dead));
    vi.stubEnv('TENSORFLOW_LIB_DIR', folder);
    expect((await ensure({ cacheDir, source: await freshPackage('one') })).found).toBe(false);
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it('says what it would take where there is none', async () => {
    const source = await freshPackage('one');
    vi.stubEnv('TENSORFLOW_LIB_DIR', folder);
    const wrongFolder = await ensure({ cacheDir: folder, source });
    expect(wrongFolder.how).toContain(`TENSORFLOW_LIB_DIR=${folder}: expected libtensorflow_cc.so.2`);
    const otherSystem = await ensure({ cacheDir: folder, source, platform: 'win32-x64' });
    expect(otherSystem).toMatchObject({ found: false, how: expect.stringContaining('runs on ONNX Runtime') });
  });
});
