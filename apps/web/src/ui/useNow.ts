'use client';
import { useEffect, useState } from 'react';

/** Epoch milliseconds, told anew every `everyMs` while `running`; 0 until the page is alive, so that server and browser agree. */
export function useNow(running = true, everyMs = 1000): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    setNow(Date.now());
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [running, everyMs]);
  return now;
}
