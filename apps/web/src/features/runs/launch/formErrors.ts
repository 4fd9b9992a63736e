import type { FieldErrors, FieldPath } from 'react-hook-form';
import type { FieldIssue } from '../../../trpc/client.tsx';
import type { LaunchValues } from './launchForm.ts';

/** The message at a path of the form's errors, or the first one below it: a list's errors stand at its members. */
export function errorAt(errors: FieldErrors<LaunchValues>, path: string): string | undefined {
  const at = path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown>)?.[key], errors);
  return firstMessage(at);
}

function firstMessage(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('message' in error && typeof error.message === 'string' && error.message !== '') return error.message;
  for (const [key, inner] of Object.entries(error)) {
    if (key === 'ref' || key === 'types') continue;
    const message = firstMessage(inner);
    if (message) return message;
  }
  return undefined;
}

/** Paths below `config.` whose message has a place of its own in the form. */
const placed =
  /^(datasetId|config\.(name|symbols|targets|modelTypes|families|folds\.\w+|scope|features|normalisation|targetLagBars|packing|allowLeaks|lookback|costBasisPoints|quantiles|seed|device|threads|deadlineSeconds|memoryCapMb|parameters\.\w+\.\w+|featureExpressions\.\d+\.(name|expression)))$/;

/**
 * Where a message of the server goes: the input it speaks of, or null where the form has none.
 * `config.symbols.2` goes to `config.symbols`; a bare `symbols.2` is read as one of the configuration's.
 */
export function placeOf({ field }: FieldIssue): FieldPath<LaunchValues> | null {
  const full = field === 'datasetId' || field.startsWith('config.') ? field : `config.${field}`;
  const path = full.replace(/\.\d+$/, '').replace(/^config\.dataDir$/, 'datasetId');
  if (path === 'config.folds') return 'config.folds.count';
  return placed.test(path) ? (path as FieldPath<LaunchValues>) : null;
}
