import { DomainError, messageOf } from '@twostage/core/errors';
import type { Device } from '@twostage/core/runs/config';
import { createRequire } from 'node:module';

/** The JavaScript side of native TensorFlow. */
export type TensorFlowModule = typeof import('@tensorflow/tfjs-node-gpu');

export interface TensorFlow {
  readonly tf: TensorFlowModule;
  /** Of the native library, e.g. `2.21.0`. */
  readonly version: string;
  readonly device: 'cpu' | 'cuda';
}

/** What native TensorFlow's backend shows beyond the public interface. */
interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}

export const provisionCommand = 'node scripts/provision.mjs';

let loaded: TensorFlow | undefined;

export interface LoadOptions {
  /** Of the pool inside an operation. */
  readonly threads?: number;
  /** `cpu` hides every GPU from TensorFlow. */
  readonly device?: Device;
}

/**
 * Loads native TensorFlow once a process (0.6 s). It reads its environment while it loads: what the environment already
 * says wins over the options, and a later call with other options changes nothing.
 * @throws DomainError ENGINE_MISSING with the command that gets it.
 */
export function loadTensorFlow({ threads, device }: LoadOptions = {}): TensorFlow {
  if (loaded) return loaded;
  if (device === 'cpu') process.env.CUDA_VISIBLE_DEVICES = '-1';
  if (threads !== undefined) process.env.TF_NUM_INTRAOP_THREADS ??= String(threads);
  if (threads !== undefined) process.env.TF_NUM_INTEROP_THREADS ??= String(threads);
  // Without this it greets on stderr with the CPU's instruction sets.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  loaded = open();
  return loaded;
}

function open(): TensorFlow {
  const require = createRequire(import.meta.url);
  try {
    const tf = require('@tensorflow/tfjs-node-gpu') as TensorFlowModule;
    const backend = tf.backend() as unknown as NativeBackend;
    return { tf, version: backend.binding.TF_Version, device: backend.isUsingGpuDevice ? 'cuda' : 'cpu' };
  } catch (error) {
    throw new DomainError(
      'ENGINE_MISSING',
      `native TensorFlow does not load (${firstLine(error)}); get it with: ${provisionCommand}`,
      { cause: error },
    );
  }
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0]!.trim();
}
