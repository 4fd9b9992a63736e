import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DomainError, messageOf } from './errors.ts';

describe('messageOf', () => {
  it('is one line, whatever was thrown', () => {
    expect(messageOf(new DomainError('NOT_FOUND', 'no such run'))).toBe('no such run');
    expect(messageOf('plain text')).toBe('plain text');
  });

  it('names each field that a schema refuses', () => {
    const { error } = z.object({ folds: z.object({ count: z.number() }), name: z.string() }).safeParse({ folds: {} });
    expect(messageOf(error)).toMatch(/^folds\.count: .*expected number.*; name: .*expected string/);
  });
});
