import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { messageOf } from '@twostage/core/errors';

export interface OnnxProbe {
  readonly found: boolean;
  readonly version: string | null;
  /** Execution providers that are here, e.g. `cpu`; CUDA's comes by onnxruntime-node's own install flag. */
  readonly providers: readonly string[];
  /** Why it was not found. */
  readonly message: string | null;
}

/** Loads ONNX Runtime and asks what it can use. Never throws. */
export async function probe(): Promise<OnnxProbe> {
  try {
    const { listSupportedBackends } = await import('onnxruntime-node');
    const { onnxRuntimeVersion } = await import('./session.ts');
    const providers = listSupportedBackends()
      .filter(({ name, bundled }) => bundled || isInstalled(name))
      .map(({ name }) => name);
    return { found: true, version: onnxRuntimeVersion, providers, message: null };
  } catch (error) {
    return { found: false, version: null, providers: [], message: messageOf(error) };
  }
}

/** Providers that are not part of the library are libraries beside it. */
function isInstalled(provider: string): boolean {
  const root = path.dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  const here = path.join(process.platform, process.arch);
  const files = readdirSync(path.join(root, 'bin'), { recursive: true, encoding: 'utf8' });
  return files.some((file) => file.includes(here) && file.includes(`onnxruntime_providers_${provider}`));
}
