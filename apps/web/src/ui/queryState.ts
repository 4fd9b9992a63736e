'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

/** The query string with some keys set; `null` and '' take a key out. Keys keep their order, so that a link stays stable. */
export function withQuery(search: string, changes: Record<string, string | null>): string {
  const params = new URLSearchParams(search);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === '') params.delete(key);
    else params.set(key, value);
  }
  // Commas stand unescaped in a query and read better.
  const text = params.toString().replaceAll('%2C', ',');
  return text === '' ? '' : `?${text}`;
}

/** State that a link carries: read from the address, written to it without a request to the server. */
export function useQueryState() {
  const params = useSearchParams();
  const path = usePathname();
  const set = useCallback(
    (changes: Record<string, string | null>) => {
      window.history.replaceState(null, '', `${path}${withQuery(window.location.search, changes)}`);
    },
    [path],
  );
  return { params, set };
}

/** A comma-separated list that holds members of `allowed` only. */
export function listParam<Value extends string>(text: string | null, allowed: readonly Value[]): Value[] {
  const wanted = (text ?? '').split(',');
  return allowed.filter((value) => wanted.includes(value));
}

export const choiceParam = <Value extends string>(
  text: string | null,
  allowed: readonly Value[],
  fallback: Value,
): Value => allowed.find((value) => value === text) ?? fallback;
