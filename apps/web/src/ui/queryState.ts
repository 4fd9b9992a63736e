'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';

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

/**
 * What was written to the address and is not yet told by the router, which tells of it in a transition: a checkbox that
 * waited for that would spring back for a moment.
 */
let written: { path: string; search: string } | null = null;
const listeners = new Set<() => void>();
function write(next: typeof written): void {
  written = next;
  for (const listener of listeners) listener();
}
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** State that a link carries: read from the address, written to it without a request to the server. */
export function useQueryState() {
  const told = useSearchParams();
  const path = usePathname();
  const ahead = useSyncExternalStore(
    subscribe,
    () => (written?.path === path ? written.search : null),
    () => null,
  );
  useEffect(() => {
    if (written === null) return;
    const toldOfIt = written.path === path && new URLSearchParams(written.search).toString() === told.toString();
    if (toldOfIt || window.location.pathname + window.location.search !== written.path + written.search) write(null);
  }, [told, path]);
  const params = useMemo(
    () => (ahead === null ? new URLSearchParams(told) : new URLSearchParams(ahead)),
    [ahead, told],
  );
  const set = useCallback(
    (changes: Record<string, string | null>) => {
      const search = withQuery(written?.path === path ? written.search : window.location.search, changes);
      if (search === window.location.search) return;
      window.history.replaceState(null, '', `${path}${search}`);
      write({ path, search });
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
