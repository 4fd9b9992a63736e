import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import koffi from 'koffi';

/** Addresses in the library's memory. */
export type Handle = bigint;
type HandleOut = [Handle | null];
/** Null, or what went wrong. */
type Status = Handle | null;

/** The part of ONNX Runtime's C API (onnxruntime_c_api.h) that is used. Pointers to pointers are arrays of addresses. */
export interface NativeApi {
  getErrorMessage(status: Handle): string;
  createEnv(logLevel: number, logId: string, out: HandleOut): Status;
  createSessionFromArray(env: Handle, model: Uint8Array, bytes: number, options: Handle, out: HandleOut): Status;
  run(
    session: Handle,
    options: null,
    inputNames: BigUint64Array,
    inputs: BigUint64Array,
    inputCount: number,
    outputNames: BigUint64Array,
    outputCount: number,
    outputs: BigUint64Array,
  ): Status;
  createSessionOptions(out: HandleOut): Status;
  setSessionLogSeverityLevel(options: Handle, level: number): Status;
  setSessionGraphOptimizationLevel(options: Handle, level: number): Status;
  setIntraOpNumThreads(options: Handle, threads: number): Status;
  createTensorWithDataAsOrtValue(
    memory: Handle,
    data: Float32Array,
    bytes: number,
    shape: BigInt64Array,
    rank: number,
    elementType: number,
    out: HandleOut,
  ): Status;
  createCpuMemoryInfo(allocator: number, memoryType: number, out: HandleOut): Status;
  releaseStatus(status: Handle): void;
  releaseSession(session: Handle): void;
  releaseValue(value: Handle): void;
  releaseSessionOptions(options: Handle): void;
}

/** Its functions are known by their places in a table, to which versions only append; this is the oldest version with all of them. */
const apiVersion = 14;
const functions: Record<keyof NativeApi, readonly [place: number, prototype: string]> = {
  getErrorMessage: [2, 'const char *OrtGetErrorMessage(void *status)'],
  createEnv: [3, 'void *OrtCreateEnv(int logLevel, const char *logId, _Out_ void **out)'],
  createSessionFromArray: [
    8,
    'void *OrtCreateSessionFromArray(void *env, const void *model, size_t bytes, void *options, _Out_ void **out)',
  ],
  run: [
    9,
    'void *OrtRun(void *session, void *options, const void *inputNames, const void *inputs, size_t inputCount, const void *outputNames, size_t outputCount, void *outputs)',
  ],
  createSessionOptions: [10, 'void *OrtCreateSessionOptions(_Out_ void **out)'],
  setSessionLogSeverityLevel: [22, 'void *OrtSetSessionLogSeverityLevel(void *options, int level)'],
  setSessionGraphOptimizationLevel: [23, 'void *OrtSetSessionGraphOptimizationLevel(void *options, int level)'],
  setIntraOpNumThreads: [24, 'void *OrtSetIntraOpNumThreads(void *options, int threads)'],
  createTensorWithDataAsOrtValue: [
    49,
    'void *OrtCreateTensorWithDataAsOrtValue(void *memory, void *data, size_t bytes, const void *shape, size_t rank, int elementType, _Out_ void **out)',
  ],
  createCpuMemoryInfo: [69, 'void *OrtCreateCpuMemoryInfo(int allocator, int memoryType, _Out_ void **out)'],
  releaseStatus: [93, 'void OrtReleaseStatus(void *status)'],
  releaseSession: [95, 'void OrtReleaseSession(void *session)'],
  releaseValue: [96, 'void OrtReleaseValue(void *value)'],
  releaseSessionOptions: [100, 'void OrtReleaseSessionOptions(void *options)'],
};

let loaded: NativeApi | undefined;

/** The library that onnxruntime-node brings, loaded once a thread. @throws DomainError ENGINE_MISSING */
export function nativeApi(): NativeApi {
  loaded ??= load();
  return loaded;
}

function load(): NativeApi {
  try {
    const base = koffi.load(libraryPath()).func('void *OrtGetApiBase()')() as Handle;
    const getApi = functionAt(base, 0, 'void *OrtGetApi(uint32_t version)') as (version: number) => Handle | null;
    const table = getApi(apiVersion);
    if (table === null) throw new Error(`it has no API of version ${apiVersion}`);
    const entries = Object.entries(functions).map(([name, [place, prototype]]) => [
      name,
      functionAt(table, place, prototype),
    ]);
    return Object.fromEntries(entries) as NativeApi;
  } catch (error) {
    throw new DomainError('ENGINE_MISSING', `ONNX Runtime's library does not load: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function functionAt(table: Handle, place: number, prototype: string): unknown {
  return koffi.decode(koffi.decode(table, place * pointerBytes, 'void *'), koffi.proto(prototype));
}

const pointerBytes = koffi.sizeof('void *');

function libraryPath(): string {
  const packageFolder = path.dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  const folder = path.join(packageFolder, 'bin', 'napi-v6', process.platform, process.arch);
  const name = readdirSync(folder).find((file) => /^(lib)?onnxruntime(\.[\d.]+)?\.(so(\.\d+)*|dylib|dll)$/.test(file));
  if (name === undefined) throw new Error(`there is none in ${folder}`);
  return path.join(folder, name);
}

/** @throws DomainError ENGINE_FAILED with the first line of ONNX Runtime's own message */
export function check(status: Status, what: string): void {
  if (status === null) return;
  const api = nativeApi();
  const message = api.getErrorMessage(status).split('\n')[0]!;
  api.releaseStatus(status);
  throw new DomainError('ENGINE_FAILED', `${what}: ${message}`);
}

/** What a function writes to its last parameter. */
export function made(what: string, make: (out: HandleOut) => Status): Handle {
  const out: HandleOut = [null];
  check(make(out), what);
  return out[0]!;
}
