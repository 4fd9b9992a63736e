'use client';
import { useEffect, useState } from 'react';

/**
 * The one-time token of this page's address, from `#token` or `?token=`; undefined until it was looked for, null where
 * there is none. It is taken out of the address, so that it stays neither on screen nor in the history.
 */
export function useToken(): string | null | undefined {
  const [token, setToken] = useState<string | null>();
  useEffect(() => {
    const { hash, search, pathname } = window.location;
    const found = new URLSearchParams(search).get('token') ?? decodeURIComponent(hash.slice(1)).replace(/^token=/, '');
    setToken((known) => known ?? (found || null));
    if (found) window.history.replaceState(null, '', pathname);
  }, []);
  return token;
}
