'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type SendState, sendFile } from './sendFiles.ts';

export interface SentFile {
  readonly name: string;
  readonly bytes: number;
  readonly state: SendState;
}

/** Sends files one after another; each can be stopped, and all of them are where the page is left. */
export function useSending(onSent: () => void) {
  const [files, setFiles] = useState<readonly SentFile[]>([]);
  const stops = useRef(new Map<string, AbortController>());
  const queue = useRef<Promise<void>>(Promise.resolve());
  useEffect(() => {
    const all = stops.current;
    return () => {
      for (const stop of all.values()) stop.abort();
    };
  }, []);
  const set = useCallback(
    (name: string, state: SendState) =>
      setFiles((before) => before.map((file) => (file.name === name ? { ...file, state } : file))),
    [],
  );
  const send = useCallback(
    (uploadId: string, chosen: readonly File[]) => {
      setFiles((before) => [
        ...before.filter(({ name }) => !chosen.some((file) => file.name === name)),
        ...chosen.map(({ name, size }) => ({ name, bytes: size, state: { kind: 'waiting' } as const })),
      ]);
      for (const file of chosen) {
        const stop = new AbortController();
        stops.current.set(file.name, stop);
        queue.current = queue.current.then(async () => {
          if (stop.signal.aborted) return;
          try {
            await sendFile(uploadId, file, (sent) => set(file.name, { kind: 'sending', sent }), stop.signal);
            set(file.name, { kind: 'sent' });
            onSent();
          } catch (error) {
            set(file.name, { kind: 'failed', message: (error as Error).message });
          }
        });
      }
    },
    [onSent, set],
  );
  const forget = useCallback((name: string) => {
    stops.current.get(name)?.abort();
    setFiles((before) => before.filter((file) => file.name !== name));
  }, []);
  const busy = files.some(({ state }) => state.kind === 'waiting' || state.kind === 'sending');
  return { files, send, forget, busy };
}
