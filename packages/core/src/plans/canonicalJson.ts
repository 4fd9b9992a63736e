import type { MasterPlan } from './masterPlan.ts';

/**
 * The one text of a plan, by which it is hashed: keys in the order of their UTF-16 code units at every depth, no spaces, arrays as
 * they are, all of metadata, jobs and summary. Two files that say the same give the same text, however they were indented.
 */
export const canonicalPlanJson = (plan: MasterPlan): string => canonicalJson(plan);

/** The same of any value that JSON can hold. */
export const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const keys = Object.keys(value).sort();
  // JSON.stringify puts keys that are whole numbers first, in numeric order: the same for every order in which they came.
  return Object.fromEntries(keys.map((key) => [key, sorted((value as Record<string, unknown>)[key])]));
}
