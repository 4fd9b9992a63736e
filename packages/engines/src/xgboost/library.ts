import { DomainError } from '@twostage/core/errors';
import koffi from 'koffi';
import { loadLibrary } from '../native/library.ts';

/** Handles and returned pointers are addresses in the library's memory. */
export type Handle = bigint;
export type HandleOut = [Handle | null];
export type CountOut = [number | bigint];

/** The part of XGBoost's C API (include/xgboost/c_api.h, 1.7 to 3.x) that is used; every call returns 0, or -1 with a message kept. */
export interface XgboostApi {
  version(major: [number], minor: [number], patch: [number]): void;
  lastError(): string;
  matrixCreateFromDense(data: string, config: string, out: HandleOut): number;
  matrixSetInfo(matrix: Handle, field: string, data: string): number;
  matrixFree(matrix: Handle): number;
  boosterCreate(matrices: readonly Handle[], count: number, out: HandleOut): number;
  boosterFree(booster: Handle): number;
  boosterSetParam(booster: Handle, name: string, value: string): number;
  boosterSetFeatureInfo(booster: Handle, field: string, values: readonly string[], count: number): number;
  boosterUpdateOneIter(booster: Handle, round: number, train: Handle): number;
  boosterEvalOneIter(
    booster: Handle,
    round: number,
    matrices: readonly Handle[],
    names: readonly string[],
    count: number,
    out: [string | null],
  ): number;
  boosterPredict(
    booster: Handle,
    matrix: Handle,
    config: string,
    outShape: HandleOut,
    outDimensions: CountOut,
    outValues: HandleOut,
  ): number;
  boosterSlice(booster: Handle, begin: number, end: number, step: number, out: HandleOut): number;
  boosterSaveToBuffer(booster: Handle, config: string, outBytes: CountOut, out: HandleOut): number;
  boosterLoadFromBuffer(booster: Handle, model: Buffer, bytes: number): number;
  boosterFeatureScore(
    booster: Handle,
    config: string,
    outCount: CountOut,
    outNames: HandleOut,
    outDimensions: CountOut,
    outShape: HandleOut,
    outScores: HandleOut,
  ): number;
}

export interface XgboostLibrary {
  readonly api: XgboostApi;
  readonly path: string;
  readonly how: string;
  /** As the library itself tells it, e.g. `1.7.4`. */
  readonly version: string;
}

let loaded: XgboostLibrary | undefined;

/** @throws DomainError ENGINE_MISSING with the command that installs XGBoost. */
export function xgboost(): XgboostLibrary {
  if (loaded) return loaded;
  const { library, path, how } = loadLibrary('xgboost');
  const api = declare(library);
  const [major, minor, patch]: [number][] = [[0], [0], [0]];
  api.version(major!, minor!, patch!);
  loaded = { api, path, how, version: [major, minor, patch].join('.') };
  return loaded;
}

/** @throws DomainError ENGINE_FAILED with the first line of XGBoost's own message if a call did not return 0. */
export function check(status: number): void {
  if (status === 0) return;
  // A stack trace follows the message.
  const message = xgboost()
    .api.lastError()
    .trim()
    .split('\n')[0]!
    .replace(/^\[[\d:]+\] /, '');
  throw new DomainError('ENGINE_FAILED', `XGBoost: ${message}`);
}

/**
 * Describes a typed array to XGBoost (NumPy's array interface, version 3) by its address: valid while the caller holds it.
 * @param shape outermost first, row-major
 */
export function arrayInterface(values: Float32Array, shape: readonly number[]): string {
  // V8 keeps the smallest typed arrays inside its movable heap until their buffer is asked for.
  void values.buffer;
  const address = koffi.address(values).toString();
  return `{"data":[${address},true],"shape":[${shape.join(',')}],"typestr":"<f4","version":3}`;
}

/** Copies `count` floats out of the library's memory, which it reuses at its next call. */
export function copyFloats(address: Handle, count: number): Float32Array {
  return new Float32Array(koffi.view(address, count * 4)).slice();
}

export function copyText(address: Handle, bytes: number): string {
  return Buffer.from(koffi.view(address, bytes)).toString('utf8');
}

export function copyStrings(address: Handle, count: number): string[] {
  return koffi.decode(address, koffi.array('const char *', count)) as string[];
}

function declare(library: ReturnType<typeof loadLibrary>['library']): XgboostApi {
  return {
    version: library.func('void XGBoostVersion(_Out_ int *major, _Out_ int *minor, _Out_ int *patch)'),
    lastError: library.func('const char *XGBGetLastError()'),
    matrixCreateFromDense: library.func(
      'int XGDMatrixCreateFromDense(const char *data, const char *config, _Out_ void **out)',
    ),
    matrixSetInfo: library.func('int XGDMatrixSetInfoFromInterface(void *matrix, const char *field, const char *data)'),
    matrixFree: library.func('int XGDMatrixFree(void *matrix)'),
    boosterCreate: library.func('int XGBoosterCreate(void **matrices, uint64_t count, _Out_ void **out)'),
    boosterFree: library.func('int XGBoosterFree(void *booster)'),
    boosterSetParam: library.func('int XGBoosterSetParam(void *booster, const char *name, const char *value)'),
    boosterSetFeatureInfo: library.func(
      'int XGBoosterSetStrFeatureInfo(void *booster, const char *field, const char **values, uint64_t count)',
    ),
    boosterUpdateOneIter: library.func('int XGBoosterUpdateOneIter(void *booster, int round, void *train)'),
    boosterEvalOneIter: library.func(
      'int XGBoosterEvalOneIter(void *booster, int round, void **matrices, const char **names, uint64_t count, _Out_ const char **out)',
    ),
    boosterPredict: library.func(
      'int XGBoosterPredictFromDMatrix(void *booster, void *matrix, const char *config, _Out_ void **shape, _Out_ uint64_t *dimensions, _Out_ void **values)',
    ),
    boosterSlice: library.func('int XGBoosterSlice(void *booster, int begin, int end, int step, _Out_ void **out)'),
    boosterSaveToBuffer: library.func(
      'int XGBoosterSaveModelToBuffer(void *booster, const char *config, _Out_ uint64_t *bytes, _Out_ void **out)',
    ),
    boosterLoadFromBuffer: library.func(
      'int XGBoosterLoadModelFromBuffer(void *booster, const void *model, uint64_t bytes)',
    ),
    boosterFeatureScore: library.func(
      'int XGBoosterFeatureScore(void *booster, const char *config, _Out_ uint64_t *count, _Out_ void **names, _Out_ uint64_t *dimensions, _Out_ void **shape, _Out_ void **scores)',
    ),
  };
}
