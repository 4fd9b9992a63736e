import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import { type DatasetDescription, datasetDescriptionSchema } from '@twostage/core/runs/datasetDescription';
import type { ColumnMapping } from './columns.ts';

/** The columns that it speaks of; null where it leaves them to their names. */
export const mappingOf = (description: DatasetDescription | null): ColumnMapping | null =>
  description && (Object.keys(description.columns).length > 0 || description.ignore.length > 0)
    ? { roles: description.columns, ignore: description.ignore }
    : null;

export const descriptionFile = 'dataset.json';

/**
 * What the folder's optional `dataset.json` says of it; null without one.
 * @throws DomainError BAD_FILE if it says something that is not understood: ignoring it would read the data otherwise than meant
 */
export async function readDescription(dataDir: string): Promise<DatasetDescription | null> {
  let text: string;
  try {
    text = await readFile(join(dataDir, descriptionFile), 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new DomainError('BAD_FILE', `${descriptionFile}: cannot be read (${code ?? messageOf(cause)})`, { cause });
  }
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch (cause) {
    throw new DomainError('BAD_FILE', `${descriptionFile}: is not JSON`, { cause });
  }
  const parsed = datasetDescriptionSchema.safeParse(said);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue!.path.length > 0 ? `, ${issue!.path.join('.')}` : '';
  throw new DomainError('BAD_FILE', `${descriptionFile}${where}: ${issue!.message}`, { cause: parsed.error });
}
