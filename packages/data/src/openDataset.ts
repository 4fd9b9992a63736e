import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import { type DatasetManifest, datasetFiles, datasetManifestSchema, type Panel } from '@twostage/core/panel/panel';

export interface OpenedDataset {
  readonly manifest: DatasetManifest;
  readonly panel: Panel;
  /** [rows] of feature j, read on its own. */
  feature(index: number): Float32Array;
  /** [rows], close price in the data's currency. */
  readonly close: Float64Array;
  /**
   * [rows]; NaN = not known.
   * @throws DomainError UNKNOWN_TARGET, CORRUPT_DATASET
   */
  target(name: string): Float64Array;
}

/**
 * Reads a dataset folder straight into typed arrays; loads no native library. Every file's size is checked at once; the
 * features, by far the largest, are read when they are first asked for.
 * @throws DomainError CORRUPT_DATASET if the manifest or a column's size is not what was written
 */
export function openDataset(directory: string): OpenedDataset {
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) {
    throw new DomainError('CORRUPT_DATASET', 'datasets are little-endian; this machine is big-endian');
  }
  const manifest = readManifest(directory);
  const { rows, bars, symbols, featureNames, targets } = manifest;
  const bytesOf = new Map<string, number>([
    [datasetFiles.features, featureNames.length * rows * Float32Array.BYTES_PER_ELEMENT],
    [datasetFiles.symbol, rows * Uint32Array.BYTES_PER_ELEMENT],
    [datasetFiles.bar, rows * Uint32Array.BYTES_PER_ELEMENT],
    [datasetFiles.time, bars * Float64Array.BYTES_PER_ELEMENT],
    [datasetFiles.close, rows * Float64Array.BYTES_PER_ELEMENT],
    ...targets.map(({ name }) => [datasetFiles.target(name), rows * Float64Array.BYTES_PER_ELEMENT] as const),
  ]);
  for (const [file, bytes] of bytesOf) checkSize(join(directory, file), bytes);
  const read = (file: string) => readColumn(join(directory, file), bytesOf.get(file)!);

  let features: Float32Array | undefined;
  const close = new Float64Array(read(datasetFiles.close));
  return {
    manifest,
    panel: {
      rows,
      symbols,
      featureNames,
      get features() {
        features ??= new Float32Array(read(datasetFiles.features));
        return features;
      },
      symbolOf: new Uint32Array(read(datasetFiles.symbol)),
      barOf: new Uint32Array(read(datasetFiles.bar)),
      times: new Float64Array(read(datasetFiles.time)),
      close,
    },
    close,
    feature(index) {
      const bytes = rows * Float32Array.BYTES_PER_ELEMENT;
      return new Float32Array(readColumn(join(directory, datasetFiles.features), bytes, index * bytes));
    },
    target(name) {
      if (!targets.some((target) => target.name === name)) {
        throw new DomainError(
          'UNKNOWN_TARGET',
          `the dataset has no target "${name}"; it has ${targets.map((target) => target.name).join(', ')}`,
        );
      }
      return new Float64Array(read(datasetFiles.target(name)));
    },
  };
}

function readManifest(directory: string): DatasetManifest {
  const path = join(directory, datasetFiles.manifest);
  try {
    return datasetManifestSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new DomainError('CORRUPT_DATASET', `${path}: not a dataset manifest: ${messageOf(cause).split('\n')[0]}`, {
      cause,
    });
  }
}

function checkSize(path: string, bytes: number): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new DomainError('CORRUPT_DATASET', `${path}: is missing`);
  if (found.size !== bytes) {
    throw new DomainError('CORRUPT_DATASET', `${path}: expected ${bytes} bytes, got ${found.size}`);
  }
}

/** From `start` on. Reads in slices, because one read call moves at most 2 GiB. */
function readColumn(path: string, bytes: number, start = 0): ArrayBuffer {
  const descriptor = openSync(path, 'r');
  try {
    const buffer = new ArrayBuffer(bytes);
    const sliceBytes = 1 << 30;
    for (let offset = 0; offset < bytes; ) {
      const length = Math.min(sliceBytes, bytes - offset);
      const count = readSync(descriptor, new Uint8Array(buffer, offset, length), 0, length, start + offset);
      if (count === 0) throw new DomainError('CORRUPT_DATASET', `${path}: ended at byte ${offset} of ${bytes}`);
      offset += count;
    }
    return buffer;
  } finally {
    closeSync(descriptor);
  }
}
