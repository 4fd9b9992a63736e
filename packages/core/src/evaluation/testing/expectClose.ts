import { expect } from 'vitest';

/** Numbers within 1e-12, relative above 1; null only for null; of objects the keys of the expected one, all of them. */
export function expectClose(actual: unknown, expected: unknown, path = ''): void {
  if (typeof expected === 'number') {
    const apart = Math.abs((actual as number) - expected);
    expect(apart, `${path}: ${actual} for ${expected}`).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
  } else if (expected === null || typeof expected !== 'object') expect(actual, path).toBe(expected);
  else {
    expect(Object.keys(actual as object), path).toEqual(expect.arrayContaining(Object.keys(expected)));
    for (const [key, value] of Object.entries(expected)) {
      expectClose((actual as Record<string, unknown>)[key], value, `${path}.${key}`);
    }
  }
}
