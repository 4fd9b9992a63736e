import { z } from 'zod';

/** Codes of every broken promise; the edges (HTTP, CLI, form) map them once. */
export type ErrorCode =
  | 'INVALID_INPUT'
  | 'UNKNOWN_FAMILY'
  | 'UNKNOWN_SYMBOL'
  | 'UNKNOWN_TARGET'
  | 'EMPTY_FOLDER'
  | 'BAD_FILE'
  | 'TOO_FEW_BARS'
  | 'PATH_OUTSIDE_ROOTS'
  | 'SHAPE_MISMATCH'
  | 'ILLEGAL_TRANSITION'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'LEASE_LOST'
  | 'DATABASE_UNREACHABLE'
  | 'ENGINE_MISSING'
  | 'ENGINE_FAILED'
  | 'CORRUPT_DATASET'
  /** Data that know their own future. */
  | 'LEAK'
  | 'CANCELLED';

/** A promise that was broken. The message names the thing, what was expected and what came, on one line. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: {
      cause?: unknown /** The input this speaks of, e.g. `symbols.2`: forms put the message beside it. */;
      field?: string;
    },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.field = options?.field;
  }
  readonly field: string | undefined;
}

/** Ends a switch over a closed union: a new member without a case does not compile. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}

/** One line for a person, whatever was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return error.issues
      .map(({ path, message }) => `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`)
      .join('; ');
  return error instanceof Error ? error.message : String(error);
}
