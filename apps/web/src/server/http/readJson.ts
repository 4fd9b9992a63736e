import type { IncomingMessage } from 'node:http';
import { DomainError } from '@twostage/core/errors';

/** A plan of many thousand jobs is some megabytes. */
export const largestBodyBytes = 16 * 1_048_576;

/** @returns the body's object; of no body, an empty one @throws DomainError INVALID_INPUT */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBodyBytes)
      throw new DomainError('INVALID_INPUT', `the body has more than ${largestBodyBytes / 1_048_576} MiB`);
    chunks.push(chunk);
  }
  if (size === 0) return {};
  // A form of another site can post text or url-encoded fields without asking first, never JSON.
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    throw new DomainError('INVALID_INPUT', 'send application/json');
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw new DomainError('INVALID_INPUT', `the body is not JSON: ${(error as Error).message}`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new DomainError('INVALID_INPUT', 'expected a JSON object as the body');
  return value as Record<string, unknown>;
}
