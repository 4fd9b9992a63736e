'use client';
import { type PlanJob, planJobSchema } from '@twostage/core/plans/masterPlan';
import { useEffect, useReducer, useRef, useState } from 'react';
import { z } from 'zod';
import { markUnsaved } from './unsaved.ts';
import { editorReducer, type EditorAction, type EditorState, isChanged, newEditor } from './editorState.ts';

const keptSchema = z.object({ revision: z.number(), hash: z.string(), jobs: z.array(planJobSchema) });

/** The save that changes were made on: a newer one is never taken for it. */
export interface EditorBase {
  readonly revision: number;
  readonly hash: string;
}

/**
 * The state of an editor whose unsaved changes outlive a reload of the page, in this tab, and are asked about before the page is left.
 * @param restored changes of before the reload were taken up
 */
export function useEditor(
  versionId: string,
  begun: EditorBase,
  jobs: readonly PlanJob[],
): {
  state: EditorState;
  dispatch: (action: EditorAction) => void;
  restored: boolean;
  base: EditorBase;
  setBase: (base: EditorBase) => void;
} {
  const [state, dispatch] = useReducer(editorReducer, jobs, newEditor);
  const [restored, setRestored] = useState(false);
  const [base, setBase] = useState<EditorBase>({ revision: begun.revision, hash: begun.hash });
  const key = `twostage plan ${versionId}`;
  const started = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was kept is looked for once
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    const kept = read(key);
    if (kept) {
      // Made on an earlier save, they stay so: saving them asks first.
      setBase({ revision: kept.revision, hash: kept.hash });
      dispatch({ kind: 'replace', label: 'Changes of before', jobs: kept.jobs, saved: jobs });
      setRestored(true);
    }
  }, []);
  const changed = isChanged(state);
  useEffect(() => {
    if (!changed) return sessionStorage.removeItem(key);
    const timer = setTimeout(() => write(key, { ...base, jobs: state.jobs }), 300);
    return () => clearTimeout(timer);
  }, [changed, key, base, state.jobs]);
  useEffect(() => {
    markUnsaved(versionId, changed);
    return () => markUnsaved(versionId, false);
  }, [versionId, changed]);
  useEffect(() => {
    if (!changed) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [changed]);
  return { state, dispatch, restored, base, setBase };
}

function read(key: string): z.output<typeof keptSchema> | null {
  try {
    return keptSchema.parse(JSON.parse(sessionStorage.getItem(key) ?? 'null'));
  } catch {
    return null;
  }
}

function write(key: string, value: EditorBase & { jobs: readonly PlanJob[] }): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Full: the question before leaving is still asked.
  }
}
