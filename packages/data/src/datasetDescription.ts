import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import { z } from 'zod';

const descriptionSchema = z.object({
  simulated: z.boolean().default(false),
  title: z.string().default(''),
  description: z.string().default(''),
  /** `given`: the files' own columns are the features, as they are: none is computed, none normalised across symbols. */
  features: z.enum(['builtIn', 'given']).default('builtIn'),
  /** IANA name of the zone that times of day without one are in; UTC where absent. Days without a time of day stay days. */
  timeZone: z.string().refine(isTimeZone, 'expected the name of a time zone such as "America/New_York"').optional(),
});
export type DatasetDescription = z.infer<typeof descriptionSchema>;
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
  const parsed = descriptionSchema.safeParse(said);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue!.path.length > 0 ? `, ${issue!.path.join('.')}` : '';
  throw new DomainError('BAD_FILE', `${descriptionFile}${where}: ${issue!.message}`, { cause: parsed.error });
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    // An offset has no daylight saving, so it is no market's zone; DuckDB reads its sign the other way round.
    return !/^[+-]/.test(name);
  } catch {
    return false;
  }
}
