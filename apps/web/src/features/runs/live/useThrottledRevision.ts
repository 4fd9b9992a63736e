'use client';
import { useEffect, useRef, useState } from 'react';

/** Follows a number that changes every frame at a pace a large picture can keep; the last value is never left out. */
export function useThrottledRevision(revision: number, everyMs: number): number {
  const [shown, setShown] = useState(revision);
  const lastAt = useRef(0);
  useEffect(() => {
    if (revision === shown) return;
    const wait = Math.max(0, lastAt.current + everyMs - performance.now());
    const timer = setTimeout(() => {
      lastAt.current = performance.now();
      setShown(revision);
    }, wait);
    return () => clearTimeout(timer);
  }, [revision, shown, everyMs]);
  return shown;
}
