import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import type { z } from 'zod';

/**
 * Bytes of a raw column: a copy of its own, because a pooled Buffer need not be aligned to 8 bytes.
 * @throws DomainError CORRUPT_DATASET
 */
export async function readRaw(directory: string, name: string): Promise<ArrayBuffer> {
  try {
    return Uint8Array.from(await readFile(join(directory, name))).buffer;
  } catch (cause) {
    throw new DomainError('CORRUPT_DATASET', `${join(directory, name)}: cannot be read`, { cause });
  }
}

/**
 * The JSON file that says what the raw columns beside it are.
 * @param what for the message, e.g. `predictions`
 * @throws DomainError CORRUPT_DATASET
 */
export async function readLayout<Layout>(file: string, schema: z.ZodType<Layout>, what: string): Promise<Layout> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    const message = `${file}: not a layout of ${what}: ${messageOf(cause).split('\n')[0]}`;
    throw new DomainError('CORRUPT_DATASET', message, { cause });
  }
}
