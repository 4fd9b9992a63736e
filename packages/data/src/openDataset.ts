import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import { type DatasetManifest, datasetFiles, datasetManifestSchema, type Panel } from '@twostage/core/panel/panel';

export interface OpenedDataset {
  readonly manifest: DatasetManifest;
  readonly panel: Panel;
  /** [rows], close price in the data's currency. */
  readonly close: Float64Array;
  /**
   * [rows]; NaN = not known.
   * @throws DomainError UNKNOWN_TARGET, CORRUPT_DATASET
   */
  target(name: string): Float64Array;
}

/**
 * Reads a dataset folder straight into typed arrays; loads no native library.
 * @throws DomainError CORRUPT_DATASET if the manifest or a column's size is not what was written
 */
export function openDataset(directory: string): OpenedDataset {
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) {
    throw new DomainError('CORRUPT_DATASET', 'datasets are little-endian; this machine is big-endian');
  }
  const manifest = readManifest(directory);
  const { rows, bars, symbols, featureNames, targets } = manifest;
  const float64 = (file: string, length: number) =>
    new Float64Array(readColumn(directory, file, length * Float64Array.BYTES_PER_ELEMENT));
  const uint32 = (file: string) => new Uint32Array(readColumn(directory, file, rows * Uint32Array.BYTES_PER_ELEMENT));
  return {
    manifest,
    panel: {
      rows,
      symbols,
      featureNames,
      features: new Float32Array(
        readColumn(directory, datasetFiles.features, featureNames.length * rows * Float32Array.BYTES_PER_ELEMENT),
      ),
      symbolOf: uint32(datasetFiles.symbol),
      barOf: uint32(datasetFiles.bar),
      times: float64(datasetFiles.time, bars),
    },
    close: float64(datasetFiles.close, rows),
    target(name) {
      if (!targets.some((target) => target.name === name)) {
        throw new DomainError(
          'UNKNOWN_TARGET',
          `the dataset has no target "${name}"; it has ${targets.map((target) => target.name).join(', ')}`,
        );
      }
      return float64(datasetFiles.target(name), rows);
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

/** Reads in slices, because one read call moves at most 2 GiB. */
function readColumn(directory: string, file: string, bytes: number): ArrayBuffer {
  const path = join(directory, file);
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    throw new DomainError('CORRUPT_DATASET', `${path}: cannot be opened: ${messageOf(cause)}`, { cause });
  }
  try {
    const size = fstatSync(descriptor).size;
    if (size !== bytes) {
      throw new DomainError('CORRUPT_DATASET', `${path}: expected ${bytes} bytes, got ${size}`);
    }
    const buffer = new ArrayBuffer(bytes);
    const sliceBytes = 1 << 30;
    for (let offset = 0; offset < bytes; ) {
      const length = Math.min(sliceBytes, bytes - offset);
      const read = readSync(descriptor, new Uint8Array(buffer, offset, length), 0, length, offset);
      if (read === 0) throw new DomainError('CORRUPT_DATASET', `${path}: ended at byte ${offset} of ${bytes}`);
      offset += read;
    }
    return buffer;
  } finally {
    closeSync(descriptor);
  }
}
