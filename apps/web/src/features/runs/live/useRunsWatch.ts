'use client';
import { useEffect, useRef } from 'react';
import { liveSocket } from './socket.ts';

/** Asked for again at most this often, however fast runs change. */
const leastGapMs = 400;

/** Calls back when a run of the list has changed, and after a reconnect, when some may have. */
export function useRunsWatch(onChange: () => void): void {
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => {
    const socket = liveSocket();
    let timer: ReturnType<typeof setTimeout> | null = null;
    let firstConnect = true;
    const changed = () => {
      timer ??= setTimeout(() => {
        timer = null;
        latest.current();
      }, leastGapMs);
    };
    const watch = () => {
      socket.emit('watchRuns', () => undefined);
      if (!firstConnect) changed();
      firstConnect = false;
    };
    socket.on('connect', watch);
    socket.on('runsChanged', changed);
    if (socket.connected) watch();
    return () => {
      socket.off('connect', watch);
      socket.off('runsChanged', changed);
      socket.emit('unwatchRuns');
      if (timer) clearTimeout(timer);
    };
  }, []);
}
