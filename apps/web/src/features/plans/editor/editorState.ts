import type { PlanJob } from '@twostage/core/plans/masterPlan';
import type { JobEdit } from './jobEdits.ts';

/** A change that can be undone: its words, and the jobs before it. */
export interface Step {
  readonly label: string;
  readonly jobs: readonly PlanJob[];
  /** Typing in one field of one selection is one step. */
  readonly typing?: string;
}

export interface EditorState {
  readonly jobs: readonly PlanJob[];
  /** As they were saved last. */
  readonly saved: readonly PlanJob[];
  readonly past: readonly Step[];
  readonly future: readonly Step[];
}

export type EditorAction =
  | { readonly kind: 'edit'; readonly label: string; readonly edit: JobEdit; readonly typing?: string }
  | { readonly kind: 'undo' }
  | { readonly kind: 'redo' }
  /** What was sent has been stored; what was changed meanwhile is still to be saved. */
  | { readonly kind: 'saved'; readonly jobs: readonly PlanJob[] }
  /** Another text takes the place of mine, which stays one undo away. */
  | {
      readonly kind: 'replace';
      readonly label: string;
      readonly jobs: readonly PlanJob[];
      readonly saved: readonly PlanJob[];
    };

export const newEditor = (jobs: readonly PlanJob[]): EditorState => ({ jobs, saved: jobs, past: [], future: [] });

const mostSteps = 200;

export function editorReducer(state: EditorState, action: EditorAction): EditorState {
  const { jobs, saved, past, future } = state;
  switch (action.kind) {
    case 'edit': {
      const next = action.edit(jobs);
      if (next === jobs) return state;
      const last = past.at(-1);
      const goesOn = action.typing !== undefined && last?.typing === action.typing && future.length === 0;
      const step: Step = { label: action.label, jobs, ...(action.typing !== undefined && { typing: action.typing }) };
      return { jobs: next, saved, past: goesOn ? past : [...past, step].slice(-mostSteps), future: [] };
    }
    case 'undo': {
      const step = past.at(-1);
      if (!step) return state;
      return { jobs: step.jobs, saved, past: past.slice(0, -1), future: [{ label: step.label, jobs }, ...future] };
    }
    case 'redo': {
      const [step, ...rest] = future;
      if (!step) return state;
      return { jobs: step.jobs, saved, past: [...past, { label: step.label, jobs }], future: rest };
    }
    case 'saved':
      return { ...state, saved: action.jobs };
    case 'replace':
      return { jobs: action.jobs, saved: action.saved, past: [...past, { label: action.label, jobs }], future: [] };
  }
}

export const isChanged = ({ jobs, saved }: EditorState): boolean => jobs !== saved;
