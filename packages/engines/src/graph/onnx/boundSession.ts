import { DomainError } from '@twostage/core/errors';
import koffi from 'koffi';
import type { Shape } from '../ir.ts';
import { check, type Handle, made, nativeApi } from './nativeApi.ts';

/** An array that a model reads or writes in place. */
export interface BoundArray {
  readonly values: Float32Array;
  readonly shape: Shape;
}
export type BoundArrays = Readonly<Record<string, BoundArray>>;

/**
 * A model on the CPU that reads and writes arrays that it was given once: a run is one call. onnxruntime-node copies each
 * output of each run into a new array for the garbage collector: of a step of a millisecond, that was a third.
 */
export class BoundSession {
  #session: Handle | null;
  readonly #values: Handle[] = [];
  /** ONNX Runtime keeps addresses of them. */
  readonly #kept: unknown[] = [];

  private constructor(session: Handle) {
    this.#session = session;
  }

  /**
   * @param model bytes of an .onnx file
   * @throws DomainError ENGINE_FAILED, ENGINE_MISSING
   */
  static open(model: Uint8Array, threads: number): BoundSession {
    const api = nativeApi();
    const refused = 'ONNX Runtime refused the model';
    const options = made(refused, (out) => api.createSessionOptions(out));
    try {
      check(api.setSessionLogSeverityLevel(options, errorsOnly), refused);
      check(api.setSessionGraphOptimizationLevel(options, optimizeAll), refused);
      check(api.setIntraOpNumThreads(options, threads), refused);
      const env = made(refused, (out) => api.createEnv(errorsOnly, 'twostage', out));
      return new BoundSession(
        made(refused, (out) => api.createSessionFromArray(env, model, model.byteLength, options, out)),
      );
    } finally {
      api.releaseSessionOptions(options);
    }
  }

  /**
   * A run of the model on these arrays, which must stay as long as the session. An output may be an input of another run.
   * @returns throws DomainError ENGINE_FAILED
   */
  bind(inputs: BoundArrays, outputs: BoundArrays): () => void {
    const api = nativeApi();
    const [inputNames, outputNames] = [this.#names(inputs), this.#names(outputs)];
    const [inputValues, outputValues] = [this.#tensors(inputs), this.#tensors(outputs)];
    return () => {
      if (this.#session === null) throw new DomainError('ENGINE_FAILED', 'ONNX Runtime: the session is closed');
      const status = api.run(
        this.#session,
        null,
        inputNames,
        inputValues,
        inputValues.length,
        outputNames,
        outputValues.length,
        outputValues,
      );
      check(status, 'ONNX Runtime failed');
    };
  }

  release(): void {
    if (this.#session === null) return;
    const api = nativeApi();
    for (const value of this.#values.splice(0)) api.releaseValue(value);
    api.releaseSession(this.#session);
    this.#session = null;
  }

  #names(arrays: BoundArrays): BigUint64Array {
    const texts = Object.keys(arrays).map((name) => Buffer.from(`${name}\0`));
    this.#kept.push(texts);
    return BigUint64Array.from(texts.map((text) => koffi.address(text)));
  }

  #tensors(arrays: BoundArrays): BigUint64Array {
    const api = nativeApi();
    const values = Object.values(arrays).map(({ values, shape }) => {
      // V8 keeps the smallest typed arrays inside its movable heap until their buffer is asked for.
      void values.buffer;
      this.#kept.push(values);
      return made('ONNX Runtime refused an array', (out) =>
        api.createTensorWithDataAsOrtValue(
          cpuMemory(),
          values,
          values.byteLength,
          BigInt64Array.from(shape, BigInt),
          shape.length,
          float32,
          out,
        ),
      );
    });
    this.#values.push(...values);
    return BigUint64Array.from(values);
  }
}

/** Of onnxruntime_c_api.h: ORT_ENABLE_ALL, ORT_LOGGING_LEVEL_ERROR, ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, OrtDeviceAllocator, OrtMemTypeDefault. */
const [optimizeAll, errorsOnly, float32, deviceAllocator, defaultMemory] = [99, 3, 1, 0, 0] as const;

let memory: Handle | undefined;

function cpuMemory(): Handle {
  memory ??= made('ONNX Runtime', (out) => nativeApi().createCpuMemoryInfo(deviceAllocator, defaultMemory, out));
  return memory;
}
