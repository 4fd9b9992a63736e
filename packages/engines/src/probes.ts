import { assertNever, messageOf } from '@twostage/core/errors';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export const engineNames = ['lightgbm', 'xgboost', 'tensorflow', 'onnx'] as const;
export type EngineName = (typeof engineNames)[number];

export type EngineProbe =
  | {
      readonly name: EngineName;
      readonly found: true;
      /** null where the library does not tell. */
      readonly version: string | null;
      /** What it computes on, e.g. `cpu`, `cuda`, `webgpu`. */
      readonly devices: readonly string[];
      readonly path: string | null;
      /** Where it was found: the cache, the system, an environment variable, npm. */
      readonly how: string;
    }
  /** `how`: one line that says what is wrong and the command that mends it. */
  | { readonly name: EngineName; readonly found: false; readonly how: string };

/**
 * Loads one engine and lets it compute something small. Never throws, but a broken library may crash the process: give
 * each probe a process of its own (`probe-cli.ts`), also because an engine once loaded keeps its threads and memory.
 */
export async function probeEngine(name: EngineName): Promise<EngineProbe> {
  try {
    switch (name) {
      case 'lightgbm':
        return await probeLightgbm();
      case 'xgboost':
        return await probeXgboost();
      case 'tensorflow':
        return await probeTensorFlow();
      case 'onnx':
        return await probeOnnx();
      default:
        return assertNever(name);
    }
  } catch (error) {
    return { name, found: false, how: messageOf(error).split('\n', 1)[0]! };
  }
}

/** One feature, a step in the middle: [40, 1] and [40]. */
const rows = 40;
const features = Float32Array.from({ length: rows }, (_, row) => row);
const labels = features.map((value) => (value < rows / 2 ? 0 : 1));

async function probeLightgbm(): Promise<EngineProbe> {
  const { lightgbm } = await import('./lightgbm/library.ts');
  const { LightgbmDataset } = await import('./lightgbm/dataset.ts');
  const { LightgbmBooster } = await import('./lightgbm/booster.ts');
  const { version, path: file, how } = lightgbm();
  const parameters = {
    objective: 'regression',
    min_data_in_leaf: 1,
    min_data_in_bin: 1,
    num_threads: 1,
    verbosity: -1,
  };
  const dataset = LightgbmDataset.create(
    { values: features, rows, columns: 1, layout: 'rowMajor' },
    labels,
    parameters,
  );
  const booster = LightgbmBooster.create(dataset, [], parameters);
  const grew = booster.update();
  booster.close();
  dataset.close();
  if (!grew) return { name: 'lightgbm', found: false, how: `LightGBM at ${file} finds no split in a step` };
  return { name: 'lightgbm', found: true, version, devices: ['cpu'], path: file, how };
}

async function probeXgboost(): Promise<EngineProbe> {
  const { xgboost } = await import('./xgboost/library.ts');
  const { XgboostMatrix } = await import('./xgboost/matrix.ts');
  const { XgboostBooster } = await import('./xgboost/booster.ts');
  const { version, path: file, how } = xgboost();
  const matrix = XgboostMatrix.create(features, rows, 1, { label: labels, threads: 1 });
  const booster = XgboostBooster.create([matrix], { base_score: 0.5, eta: 1, lambda: 0, nthread: 1, verbosity: 0 });
  booster.update(0, matrix);
  const [first, last] = [booster.predict(matrix)[0]!, booster.predict(matrix)[rows - 1]!];
  booster.close();
  matrix.close();
  if (first !== 0 || last !== 1) {
    return { name: 'xgboost', found: false, how: `XGBoost at ${file} fits a step of 0 and 1 as ${first} and ${last}` };
  }
  return { name: 'xgboost', found: true, version, devices: ['cpu'], path: file, how };
}

async function probeTensorFlow(): Promise<EngineProbe> {
  const { probe } = await import('./tensorflow/probe.ts');
  const result = probe();
  if (!result.found) return { name: 'tensorflow', found: false, how: result.how };
  const { version, device } = result;
  const folder = packageFolder('@tensorflow/tfjs-node-gpu');
  return {
    name: 'tensorflow',
    found: true,
    version,
    devices: [device],
    path: folder,
    how: 'npm, with the cached library',
  };
}

async function probeOnnx(): Promise<EngineProbe> {
  const { probe } = await import('./graph/onnx/probe.ts');
  const { found, version, providers, message } = await probe();
  if (!found) {
    return { name: 'onnx', found: false, how: `ONNX Runtime does not load (${message ?? 'no reason given'}): npm ci` };
  }
  const folder = packageFolder('onnxruntime-node');
  const devices = providers.filter((provider) => isOnnxProviderThere(folder, provider));
  return { name: 'onnx', found: true, version, devices, path: folder, how: 'npm' };
}

/** `cpu` and `webgpu` are part of the npm package's binary; the others are libraries that its own install script fetches. */
function isOnnxProviderThere(folder: string, provider: string): boolean {
  if (provider === 'cpu' || provider === 'webgpu') return true;
  const files = readdirSync(path.join(folder, 'bin'), { recursive: true, encoding: 'utf8' });
  return files.some((file) => path.basename(file).includes(`onnxruntime_providers_${provider}`));
}

function packageFolder(name: string): string {
  return path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}
