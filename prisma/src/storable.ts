/**
 * JSON text that PostgreSQL's jsonb accepts. What a child prints is not ours: jsonb refuses NUL and half surrogate pairs, which
 * JavaScript strings may hold; both become U+FFFD.
 */
export function storable(value: unknown): string {
  return JSON.stringify(value, (_key, entry) => (typeof entry === 'string' ? storableText(entry) : entry));
}

// With the flag u, a surrogate matches only where it has lost its other half.
const refused = /\0|\p{Surrogate}/gu;

export const storableText = (text: string): string => text.replace(refused, '\uFFFD');
