'use client';
import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { RunView } from '@twostage/core/runs/view';
import { nextFrame, RunStore, type Topic } from './runStore.ts';
import { liveSocket } from './socket.ts';
import { throttled } from './throttled.ts';

export type Connection =
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'reconnecting' }
  | { kind: 'refused'; message: string };

/** Follows a run's events by socket for as long as the component stands; mount it anew for another run. */
export function useLiveRun(runId: string): { store: RunStore; connection: Connection } {
  const [connection, setConnection] = useState<Connection>({ kind: 'connecting' });
  const [store] = useState(
    () =>
      new RunStore({
        requestAfter: (afterSeq) => subscribe(runId, afterSeq, () => undefined),
        schedule: nextFrame,
        now: () => Date.now(),
      }),
  );
  useEffect(() => {
    const socket = liveSocket();
    const join = () =>
      subscribe(runId, store.view.lastSeq, (refusal) =>
        setConnection(refusal === null ? { kind: 'live' } : { kind: 'refused', message: refusal }),
      );
    const onEvents = (batch: { runId: string; events: Parameters<RunStore['push']>[0] }) => {
      if (batch.runId === runId) store.push(batch.events);
    };
    const onDisconnect = () => setConnection({ kind: 'reconnecting' });
    socket.on('connect', join);
    socket.on('events', onEvents);
    socket.on('disconnect', onDisconnect);
    if (socket.connected) join();
    return () => {
      socket.off('connect', join);
      socket.off('events', onEvents);
      socket.off('disconnect', onDisconnect);
      socket.emit('unsubscribe', { runId });
      store.dispose();
    };
  }, [runId, store]);
  return { store, connection };
}

function subscribe(runId: string, afterSeq: number, onReply: (refusal: string | null) => void): void {
  liveSocket().emit('subscribe', { runId, afterSeq }, (answer) => onReply(answer.ok ? null : answer.message));
}

export const RunStoreContext = createContext<RunStore | null>(null);

export function useRunStore(): RunStore {
  const store = useContext(RunStoreContext);
  if (!store) throw new Error('a run page’s part stands below its store only');
  return store;
}

/**
 * The run's view, drawn again when this topic changes. The view is one object that changes in place: don't keep parts of it.
 * @param everyMs at most so often, for what is large; the last change is never left out
 */
export function useRunView(topic: Topic, everyMs = 0): { view: RunView; revision: number } {
  const store = useRunStore();
  const subscribe = useMemo(
    () => (everyMs > 0 ? throttled(store.subscribe, everyMs) : store.subscribe),
    [store, everyMs],
  );
  const revision = useSyncExternalStore(
    subscribe,
    () => store.revision(topic),
    () => 0,
  );
  return { view: store.view, revision };
}
