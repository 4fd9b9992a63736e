import { DomainError } from '@twostage/core/errors';
import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';

export const exitCodes = { ok: 0, someFailed: 1, badUsage: 2, interrupted: 130 } as const;

/** Something the user typed is wrong: one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The nearest of the names that exist, if it is near enough to be meant. */
export function closest(name: string, candidates: readonly string[]): string | null {
  const lower = name.toLowerCase();
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: distance(lower, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  // Two letters changed places are two edits.
  const near = Math.max(name.length < 4 ? 1 : 2, Math.floor(name.length * 0.4));
  return best && best.edits <= near ? best.candidate : null;
}

/** `unknown family "LightGMB"; did you mean LightGBM? There are LightGBM, XGBoost` */
export function unknownName(what: string, name: string, candidates: readonly string[]): string {
  const suggestion = closest(name, candidates);
  return `unknown ${what} "${name}"${suggestion ? `; did you mean ${suggestion}?` : '.'} There are: ${candidates.join(', ')}`;
}

/** One line for the first thing a schema found wrong: where, what was expected, what came. */
export function issueLine(error: z.ZodError, nameOf: (path: PropertyKey[]) => string, given: unknown): string {
  const issue = error.issues[0]!;
  const came = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)?.[key], given);
  return `${nameOf(issue.path)}: ${issue.message}${came === undefined ? '' : `, got ${JSON.stringify(came)}`}`;
}

/** Expected failures, shown as one line without a stack. */
export const isExpected = (error: unknown): error is Error =>
  error instanceof UsageError || error instanceof DomainError;
