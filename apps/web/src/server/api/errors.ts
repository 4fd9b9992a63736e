import { DomainError, type ErrorCode } from '@twostage/core/errors';
import { TRPCError } from '@trpc/server';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc';
import { ZodError } from 'zod';

type TrpcCode = TRPC_ERROR_CODE_KEY;

/** The one place where a broken promise becomes an HTTP status. Total by type. */
const trpcCodes: Record<ErrorCode, TrpcCode> = {
  INVALID_INPUT: 'BAD_REQUEST',
  UNKNOWN_FAMILY: 'BAD_REQUEST',
  UNKNOWN_SYMBOL: 'BAD_REQUEST',
  UNKNOWN_TARGET: 'BAD_REQUEST',
  EMPTY_FOLDER: 'BAD_REQUEST',
  BAD_FILE: 'BAD_REQUEST',
  TOO_FEW_BARS: 'BAD_REQUEST',
  PATH_OUTSIDE_ROOTS: 'BAD_REQUEST',
  SHAPE_MISMATCH: 'BAD_REQUEST',
  ILLEGAL_TRANSITION: 'CONFLICT',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  UNAUTHENTICATED: 'UNAUTHORIZED',
  FORBIDDEN: 'FORBIDDEN',
  RATE_LIMITED: 'TOO_MANY_REQUESTS',
  LEASE_LOST: 'CONFLICT',
  DATABASE_UNREACHABLE: 'SERVICE_UNAVAILABLE',
  ENGINE_MISSING: 'INTERNAL_SERVER_ERROR',
  ENGINE_FAILED: 'INTERNAL_SERVER_ERROR',
  LEAK: 'BAD_REQUEST',
  CORRUPT_DATASET: 'INTERNAL_SERVER_ERROR',
  CANCELLED: 'CONFLICT',
};

/** Beside tRPC's own fields, in `error.data`: forms put each message beside its input. */
export interface ErrorDetails {
  domainCode: ErrorCode | null;
  /** The input the message speaks of, e.g. `config.symbols.2`. */
  field: string | null;
  /** Every input that was refused. */
  issues: { field: string; message: string }[];
}

/** Turns what a service threw into tRPC's error; anything unknown stays an internal error. */
export function toTrpcError(error: unknown): TRPCError {
  if (error instanceof TRPCError) return error;
  if (!(error instanceof DomainError)) {
    return new TRPCError({
      code: 'INTERNAL_SERVER_ERROR',
      message: 'something went wrong on the server; its log says what',
      cause: error,
    });
  }
  return new TRPCError({ code: trpcCodes[error.code], message: error.message, cause: error });
}

export function errorDetails(cause: unknown): ErrorDetails {
  if (cause instanceof DomainError) {
    const field = cause.field ?? null;
    return { domainCode: cause.code, field, issues: field === null ? [] : [{ field, message: cause.message }] };
  }
  if (cause instanceof ZodError) {
    const issues = cause.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
    return { domainCode: 'INVALID_INPUT', field: issues[0]?.field ?? null, issues };
  }
  return { domainCode: null, field: null, issues: [] };
}

/** One line for a refused input, in place of the JSON that zod makes. */
export function inputMessage(error: ZodError): string {
  return error.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': ')).join('; ');
}
