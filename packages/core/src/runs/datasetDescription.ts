import { z } from 'zod';

const columnName = z.string().min(1).max(500);

/** A folder's optional `dataset.json`: what its files do not say themselves. */
export const datasetDescriptionSchema = z.object({
  simulated: z.boolean().default(false),
  title: z.string().default(''),
  description: z.string().default(''),
  /** `given`: the files' own columns are the features, as they are: none is computed, none normalised across symbols. */
  features: z.enum(['builtIn', 'given']).default('builtIn'),
  /** By role, the column that has it, as the header spells it; others are told by their names. */
  columns: z
    .strictObject({
      time: z.union([columnName, z.tuple([columnName, columnName])]),
      ...{ symbol: columnName, open: columnName, high: columnName, low: columnName, close: columnName },
      ...{ adjusted: columnName, volume: columnName },
    })
    .partial()
    .default({}),
  /** Columns that are nothing, neither features nor targets. */
  ignore: z.array(columnName).max(4096).default([]),
  /** IANA name of the zone that times of day without one are in; UTC where absent. Days without a time of day stay days. */
  timeZone: z.string().refine(isTimeZone, 'expected the name of a time zone such as "America/New_York"').optional(),
});
export type DatasetDescription = z.infer<typeof datasetDescriptionSchema>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    // An offset has no daylight saving, so it is no market's zone; DuckDB reads its sign the other way round.
    return !/^[+-]/.test(name);
  } catch {
    return false;
  }
}
