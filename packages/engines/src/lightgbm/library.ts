import { DomainError } from '@twostage/core/errors';
import { loadLibrary } from '../native/library.ts';

/** Handles are addresses of the library's own objects. */
export type Handle = bigint;
export type HandleOut = [Handle | null];

/** Element types of LightGBM's C API. */
export const float32Type = 0;
export const float64Type = 1;

/** The part of LightGBM's C API (include/LightGBM/c_api.h) that is used; every call returns 0, or -1 with a message kept. */
export interface LightgbmApi {
  lastError(): string;
  datasetCreateFromMat(
    data: Float32Array | Float64Array,
    type: number,
    rows: number,
    columns: number,
    rowMajor: number,
    parameters: string,
    reference: Handle | null,
    out: HandleOut,
  ): number;
  datasetSetField(dataset: Handle, field: string, values: Float32Array, count: number, type: number): number;
  datasetSetFeatureNames(dataset: Handle, names: readonly string[], count: number): number;
  datasetFree(dataset: Handle): number;
  boosterCreate(train: Handle, parameters: string, out: HandleOut): number;
  boosterLoadFromString(model: string, outRounds: [number], out: HandleOut): number;
  boosterAddValidData(booster: Handle, valid: Handle): number;
  boosterUpdateOneIter(booster: Handle, outFinished: [number]): number;
  boosterUpdateOneIterCustom(
    booster: Handle,
    gradients: Float32Array,
    hessians: Float32Array,
    outFinished: [number],
  ): number;
  boosterGetCurrentIteration(booster: Handle, outRounds: [number]): number;
  boosterGetPredict(booster: Handle, dataIndex: number, outCount: [number | bigint], outValues: Float64Array): number;
  boosterGetEval(booster: Handle, dataIndex: number, outCount: [number], outValues: Float64Array): number;
  boosterPredictForMat(
    booster: Handle,
    data: Float32Array | Float64Array,
    type: number,
    rows: number,
    columns: number,
    rowMajor: number,
    predictType: number,
    startRound: number,
    rounds: number,
    parameters: string,
    outCount: [number | bigint],
    outValues: Float64Array,
  ): number;
  boosterSaveToString(
    booster: Handle,
    startRound: number,
    rounds: number,
    importanceType: number,
    bufferBytes: number,
    outBytes: [number | bigint],
    out: Buffer,
  ): number;
  boosterFeatureImportance(booster: Handle, rounds: number, type: number, out: Float64Array): number;
  boosterFree(booster: Handle): number;
}

export interface LightgbmLibrary {
  readonly api: LightgbmApi;
  readonly path: string;
  readonly how: string;
  /** null where the library was found without its package: the C API does not tell. */
  readonly version: string | null;
}

let loaded: LightgbmLibrary | undefined;

/** @throws DomainError ENGINE_MISSING with the command that installs LightGBM. */
export function lightgbm(): LightgbmLibrary {
  if (loaded) return loaded;
  const { library, path, how, version } = loadLibrary('lightgbm');
  loaded = { path, how, version, api: declare(library) };
  return loaded;
}

/** @throws DomainError ENGINE_FAILED with LightGBM's own message if a call did not return 0. */
export function check(status: number): void {
  if (status !== 0) throw new DomainError('ENGINE_FAILED', `LightGBM: ${lightgbm().api.lastError()}`);
}

function declare(library: ReturnType<typeof loadLibrary>['library']): LightgbmApi {
  // Buffers go as `void *`: the address of a typed array's memory, neither copied nor converted.
  return {
    lastError: library.func('const char *LGBM_GetLastError()'),
    datasetCreateFromMat: library.func(
      'int LGBM_DatasetCreateFromMat(const void *data, int type, int32_t rows, int32_t columns, int row_major, const char *parameters, const void *reference, _Out_ void **out)',
    ),
    datasetSetField: library.func(
      'int LGBM_DatasetSetField(void *dataset, const char *field, const void *values, int count, int type)',
    ),
    datasetSetFeatureNames: library.func(
      'int LGBM_DatasetSetFeatureNames(void *dataset, const char **names, int count)',
    ),
    datasetFree: library.func('int LGBM_DatasetFree(void *dataset)'),
    boosterCreate: library.func('int LGBM_BoosterCreate(const void *train, const char *parameters, _Out_ void **out)'),
    boosterLoadFromString: library.func(
      'int LGBM_BoosterLoadModelFromString(const char *model, _Out_ int *rounds, _Out_ void **out)',
    ),
    boosterAddValidData: library.func('int LGBM_BoosterAddValidData(void *booster, const void *valid)'),
    boosterUpdateOneIter: library.func('int LGBM_BoosterUpdateOneIter(void *booster, _Out_ int *finished)'),
    boosterUpdateOneIterCustom: library.func(
      'int LGBM_BoosterUpdateOneIterCustom(void *booster, const void *gradients, const void *hessians, _Out_ int *finished)',
    ),
    boosterGetCurrentIteration: library.func('int LGBM_BoosterGetCurrentIteration(void *booster, _Out_ int *rounds)'),
    boosterGetPredict: library.func(
      'int LGBM_BoosterGetPredict(void *booster, int data_index, _Out_ int64_t *count, void *values)',
    ),
    boosterGetEval: library.func(
      'int LGBM_BoosterGetEval(void *booster, int data_index, _Out_ int *count, void *values)',
    ),
    boosterPredictForMat: library.func(
      'int LGBM_BoosterPredictForMat(void *booster, const void *data, int type, int32_t rows, int32_t columns, int row_major, int predict_type, int start, int rounds, const char *parameters, _Out_ int64_t *count, void *values)',
    ),
    boosterSaveToString: library.func(
      'int LGBM_BoosterSaveModelToString(void *booster, int start, int rounds, int importance_type, int64_t buffer_bytes, _Out_ int64_t *bytes, void *out)',
    ),
    boosterFeatureImportance: library.func(
      'int LGBM_BoosterFeatureImportance(void *booster, int rounds, int type, void *values)',
    ),
    boosterFree: library.func('int LGBM_BoosterFree(void *booster)'),
  };
}
