import { createRequire } from 'node:module';
import { DomainError, messageOf } from '@twostage/core/errors';
import type { Device } from '@twostage/core/runs/config';
import { InferenceSession, type Tensor } from 'onnxruntime-node';
import type { RuntimeOptions } from '../runtime.ts';
import { type Dialect, dialectOf } from './dialect.ts';

const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
/** Version of the installed ONNX Runtime. */
export const onnxRuntimeVersion = version;

export type Provider = 'cpu' | 'cuda' | 'webgpu';

/** e.g. `ONNX Runtime 1.30.0, cpu, 2 threads` */
export function describeSession(provider: Provider, threads: number): string {
  return `ONNX Runtime ${onnxRuntimeVersion}, ${provider}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}

/** Tried one after the other. `auto` is the CPU: two runs of one configuration give the same numbers there. */
const providersFor: Record<Device, readonly Provider[]> = {
  auto: ['cpu'],
  cpu: ['cpu'],
  cuda: ['cuda', 'cpu'],
  webgpu: ['webgpu', 'cpu'],
};

export interface TensorInfo {
  readonly name: string;
  /** Null where it is not a float32 tensor of fixed shape. */
  readonly shape: readonly number[] | null;
}

export interface OnnxSession {
  readonly provider: Provider;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Runs the model into the given outputs. @throws DomainError ENGINE_FAILED */
  run(inputs: Record<string, Tensor>, outputs: Record<string, Tensor>): Promise<void>;
  release(): Promise<void>;
}

/**
 * Opens a model on the asked device, or on the CPU with a note where that fails.
 * @param model bytes of an .onnx file that a provider of that dialect reads
 * @throws DomainError ENGINE_FAILED if no provider takes it
 */
export async function openSession(
  model: (dialect: Dialect) => Uint8Array,
  options: RuntimeOptions,
): Promise<OnnxSession> {
  const providers = providersFor[options.device];
  for (const [i, provider] of providers.entries()) {
    try {
      const bytes = model(await dialectOf(provider, options.threads));
      return wrap(await InferenceSession.create(bytes, sessionOptions(provider, options.threads)), provider);
    } catch (error) {
      const next = providers[i + 1];
      if (next === undefined) {
        throw new DomainError('ENGINE_FAILED', `ONNX Runtime refused the model: ${messageOf(error)}`, { cause: error });
      }
      options.note(`ONNX Runtime cannot use ${provider} here, ${next} takes its place: ${firstLine(error)}`);
    }
  }
  throw new DomainError('ENGINE_FAILED', `no provider for device ${options.device}`);
}

function sessionOptions(provider: Provider, threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: Math.max(1, threads),
    interOpNumThreads: 1,
    // Errors only: what it warns of speaks to those who build it.
    logSeverityLevel: 3,
  };
}

function wrap(session: InferenceSession, provider: Provider): OnnxSession {
  return {
    provider,
    inputs: session.inputMetadata.map(tensorInfo),
    outputs: session.outputMetadata.map(tensorInfo),
    run: async (inputs, outputs) => {
      try {
        await session.run(inputs, outputs);
      } catch (error) {
        throw new DomainError('ENGINE_FAILED', `ONNX Runtime failed: ${messageOf(error)}`, { cause: error });
      }
    },
    release: () => session.release(),
  };
}

function tensorInfo(metadata: InferenceSession.ValueMetadata): TensorInfo {
  if (!metadata.isTensor || metadata.type !== 'float32') return { name: metadata.name, shape: null };
  const fixed = metadata.shape.every((length) => typeof length === 'number' && length > 0);
  return { name: metadata.name, shape: fixed ? (metadata.shape as number[]) : null };
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0]!.slice(0, 200);
}
