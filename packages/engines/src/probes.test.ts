import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EngineProbe } from './probes.ts';

const cli = fileURLToPath(new URL('probe-cli.ts', import.meta.url));

/** Runs a probe the way `doctor` does: in a process of its own. */
async function probe(engine: string, environment: Record<string, string> = {}): Promise<EngineProbe> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', cli, engine], {
    env: { ...process.env, ...environment },
    timeout: 60_000,
  });
  const line = stdout.trim().split('\n').at(-1)!;
  return JSON.parse(line) as EngineProbe;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'twostage-probe-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('probes', () => {
  it('finds the boosting libraries, with version and path', async () => {
    expect(await probe('lightgbm')).toMatchObject({ name: 'lightgbm', found: true, devices: ['cpu'] });
    const xgboost = await probe('xgboost');
    expect(xgboost).toMatchObject({ name: 'xgboost', found: true, devices: ['cpu'] });
    expect(xgboost.found && xgboost.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('finds ONNX Runtime on the CPU', async () => {
    const onnx = await probe('onnx');
    expect(onnx).toMatchObject({ name: 'onnx', found: true, how: 'npm' });
    expect(onnx.found && onnx.devices).toContain('cpu');
    expect(onnx.found && onnx.devices).not.toContain('tensorrt');
  });

  it('says in one line what gets a missing library', async () => {
    const folder = await temporaryFolder();
    const nowhere = { LIGHTGBM_LIB: path.join(folder, 'none.so') };
    expect(await probe('lightgbm', nowhere)).toEqual({
      name: 'lightgbm',
      found: false,
      how: `LightGBM was not found; to get it: set LIGHTGBM_LIB to a file that exists (${nowhere.LIGHTGBM_LIB} does not), or unset it`,
    });
  });

  it('says that a file is no library', async () => {
    const file = path.join(await temporaryFolder(), 'libxgboost.so');
    await writeFile(file, 'text');
    const result = await probe('xgboost', { XGBOOST_LIB: file });
    expect(result.found).toBe(false);
    expect(result.how).toMatch(/^XGBoost at .*libxgboost\.so does not load \(.*\); to get it: /);
  });

  it('refuses an engine it does not know', async () => {
    await expect(probe('torch')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('expected one of lightgbm, xgboost, tensorflow, onnx, got torch'),
    });
  });
});
