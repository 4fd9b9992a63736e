import { messageOf } from '@twostage/core/errors';

export interface OnnxProbe {
  readonly found: boolean;
  readonly version: string | null;
  /** Execution providers of this build, e.g. `cpu`. */
  readonly providers: readonly string[];
  /** Why it was not found. */
  readonly message: string | null;
}

/** Loads ONNX Runtime and asks what it can use. Never throws. */
export async function probe(): Promise<OnnxProbe> {
  try {
    const { listSupportedBackends } = await import('onnxruntime-node');
    const { onnxRuntimeVersion } = await import('./session.ts');
    const providers = listSupportedBackends().map((backend) => backend.name);
    return { found: true, version: onnxRuntimeVersion, providers, message: null };
  } catch (error) {
    return { found: false, version: null, providers: [], message: messageOf(error) };
  }
}
