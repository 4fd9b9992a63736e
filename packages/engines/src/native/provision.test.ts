import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findLibrary } from './locations.mjs';

interface Provisioned {
  readonly found: boolean;
  readonly path?: string;
  readonly version?: string;
  readonly how: string;
}
interface Provisioner {
  ensure(options: { cacheDir: string; system: boolean; log?: (line: string) => void }): Promise<Provisioned>;
}

// Plain JavaScript that runs before anything is installed: it has no types.
const script = (name: string) => new URL(`../../../../scripts/provision/${name}.mjs`, import.meta.url).href;
const { ensure } = (await import(/* @vite-ignore */ script('lightgbm'))) as Provisioner;
const { suits } = (await import(/* @vite-ignore */ script('wheel'))) as {
  suits(filename: string, platform: string): boolean;
};

const pinnedName = 'lightgbm-4.7.0-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl';
const otherName = 'lightgbm-4.7.0-py3-none-test.whl';
let folder = '';
let cacheDir = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'twostage-provision-'));
  cacheDir = path.join(folder, 'cache');
  vi.stubEnv('LIGHTGBM_LIB', '');
  vi.stubGlobal('fetch', () => Promise.reject(new Error('no network in this test')));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  await rm(folder, { recursive: true, force: true });
});

/** A ZIP of one stored entry (APPNOTE 4.3.7, 4.3.12, 4.3.16). */
function zip(name: string, content: Buffer): Buffer {
  const common = Buffer.alloc(26);
  common.writeUInt32LE(content.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(Buffer.byteLength(name), 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), content]);
  const entry = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00', 'latin1'),
    common,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}

/** Stands for Python with pip: `download` takes half a second, notes that it ran, and hands out this wheel. */
async function pipThatGives(wheelName: string, library: Buffer): Promise<void> {
  const wheel = path.join(folder, wheelName);
  await writeFile(wheel, zip('lightgbm/lib/lib_lightgbm.so', library));
  const python = path.join(folder, 'python');
  await writeFile(
    python,
    `#!/bin/sh
echo run >> '${folder}/runs'
sleep 0.5
while [ "$1" != --dest ]; do shift; done
cp '${wheel}' "$2/"
`,
  );
  await chmod(python, 0o755);
  vi.stubEnv('PYTHON', python);
}

describe.runIf(process.platform === 'linux')('provisioning LightGBM', () => {
  it('downloads once for two at a time, keeps the library only, and then finds it at once', async () => {
    await pipThatGives(otherName, Buffer.from('a library'));
    const both = await Promise.all([ensure({ cacheDir, system: false }), ensure({ cacheDir, system: false })]);
    expect(both[1]).toEqual(both[0]);
    expect(both[0]).toMatchObject({ found: true, version: '4.7.0' });
    expect(await readFile(both[0]!.path!, 'utf8')).toBe('a library');
    expect(findLibrary('lightgbm', { environment: {}, cacheDir, system: false })).toEqual(both[0]);
    expect(await readFile(path.join(folder, 'runs'), 'utf8')).toBe('run\n');
    expect(await readdir(cacheDir)).toEqual([path.basename(path.dirname(path.dirname(path.dirname(both[0]!.path!))))]);
    const begin = performance.now();
    expect(await ensure({ cacheDir, system: false })).toEqual(both[0]);
    expect(performance.now() - begin).toBeLessThan(100);
  });

  it('refuses a wheel whose content is not the pinned one, and leaves nothing behind', async () => {
    await pipThatGives(pinnedName, Buffer.from('something else'));
    const result = await ensure({ cacheDir, system: false });
    expect(result.found).toBe(false);
    expect(result.how).toMatch(
      /pip download --no-deps lightgbm==4\.7\.0.*has sha256 .*, expected d23e922a.*no network/,
    );
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it('says what to do where nothing can be had, downloads nothing behind a set variable', async () => {
    vi.stubEnv('PYTHON', path.join(folder, 'no-python'));
    const result = await ensure({ cacheDir, system: false });
    expect(result).toMatchObject({ found: false, how: expect.stringContaining('LIGHTGBM_LIB') });
    vi.stubEnv('LIGHTGBM_LIB', path.join(folder, 'none.so'));
    expect(await ensure({ cacheDir: path.join(folder, 'untouched'), system: false })).toMatchObject({ found: false });
    expect(existsSync(path.join(folder, 'untouched'))).toBe(false);
  });
});

describe('suits', () => {
  it('tells the wheel of a platform', () => {
    const wheels = [
      pinnedName,
      'a-1-py3-none-macosx_12_0_arm64.whl',
      'a-1-py3-none-win_amd64.whl',
      'a-1-py3-none-musllinux_1_2_x86_64.whl',
    ];
    const chosen = ['linux-x64', 'darwin-arm64', 'win32-x64', 'linux-arm64'].map((platform) =>
      wheels.filter((wheel) => suits(wheel, platform)),
    );
    expect(chosen).toEqual([[wheels[0]], [wheels[1]], [wheels[2]], []]);
  });
});
