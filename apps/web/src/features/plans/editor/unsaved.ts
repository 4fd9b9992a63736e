'use client';
import { useSyncExternalStore } from 'react';

/** Versions whose editor holds changes that are not saved: what stands above the editor asks before it acts on the saved text. */
let unsaved: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

export function markUnsaved(versionId: string, is: boolean): void {
  if (unsaved.has(versionId) === is) return;
  const next = new Set(unsaved);
  if (is) next.add(versionId);
  else next.delete(versionId);
  unsaved = next;
  for (const listener of listeners) listener();
}

export const useUnsaved = (versionId: string): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => unsaved.has(versionId),
    () => false,
  );
