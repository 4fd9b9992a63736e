import { Tensor, InferenceSession } from 'onnxruntime-node';
import { encodeModel } from './modelProto.ts';
import type { Provider } from './session.ts';

/** What the reader of a model runs beside the ONNX standard, and what of the standard it does not. */
export interface Dialect {
  /** FusedMatMul of com.microsoft: products of batches of matrices, each transposed on the way. */
  readonly fusedMatMul: boolean;
  /** Sum of more than two tensors in one node. */
  readonly sum: boolean;
  /** Most outputs of a Split and inputs of a Concat. */
  readonly widest: number;
  /** Null: no operators on blocked channels. */
  readonly blocked: Blocking | null;
}

/** How the operators of the domain com.microsoft.nchwc lay out a tensor: [channels / block][height][width][block]. */
export interface Blocking {
  /** Channels that lie beside each other: as many as a vector register of the processor holds. */
  readonly block: number;
  /** Height that a batch is cut into where nothing else gives one: the operators share rows out among threads. */
  readonly height: number;
}

/** Any runtime reads it. */
export const standard: Dialect = { fusedMatMul: false, sum: true, widest: Infinity, blocked: null };

const dialects: Record<Provider, (threads: number) => Promise<Dialect>> = {
  cpu: async (threads) => {
    const block = await channelBlock();
    return { ...standard, fusedMatMul: true, blocked: block === null ? null : { block, height: threads > 1 ? 4 : 1 } };
  },
  cuda: async () => ({ ...standard, fusedMatMul: true }),
  // Its shaders bind at most ten buffers or so: the tensors of a node count.
  webgpu: async () => ({ ...standard, sum: false, widest: 7 }),
};

/** What a provider of the installed ONNX Runtime reads. */
export function dialectOf(provider: Provider, threads: number): Promise<Dialect> {
  return dialects[provider](threads);
}

let probed: Promise<number | null> | null = null;

/** Channels a block on this processor, found out once; null where ONNX Runtime has no blocked kernels. */
function channelBlock(): Promise<number | null> {
  probed ??= probeBlock();
  return probed;
}

const probeChannels = 64;

/** Reorders [1, channels, 1, 2], numbered through: the second pixel of channel 0 lands behind one block of first pixels. */
async function probeBlock(): Promise<number | null> {
  const shape = [1, probeChannels, 1, 2];
  const node = { operator: 'ReorderInput', domain: blockedDomain, inputs: ['x'], outputs: ['y'], attributes: {} };
  const [inputs, outputs] = [[{ name: 'x', shape }], [{ name: 'y', shape }]];
  const model = encodeModel({ nodes: [node], initializers: [], inputs, outputs, metadata: {} });
  try {
    const session = await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 4 });
    try {
      const x = Float32Array.from({ length: 2 * probeChannels }, (_, i) => i);
      const { y } = await session.run({ x: new Tensor('float32', x, shape) });
      const block = (y!.data as Float32Array).indexOf(1);
      return block === 8 || block === 16 ? block : null;
    } finally {
      await session.release();
    }
  } catch {
    // A processor without these kernels: the standard operators do.
    return null;
  }
}

/** Internal to ONNX Runtime, which rewrites convolutions with it; pinned with its version. */
export const blockedDomain = 'com.microsoft.nchwc';
