'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FamilyId } from '@twostage/core/families/family';
import { withJobs } from '@twostage/core/plans/withJobs';
import { Redo2, Save, Undo2 } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import type { EstimateBasis, PlanVersionDetail } from '../../../server/contracts/plans.ts';
import { useTRPC, useTRPCClient } from '../../../trpc/client.tsx';
import { Button, IconButton } from '../../../ui/Button.tsx';
import { Callout } from '../../../ui/Feedback.tsx';
import { plural } from '../../../ui/format.ts';
import { AddPlace } from './AddPlace.tsx';
import { EstimateBar } from './EstimateBar.tsx';
import { cellKey, cellOfJob, cellOfKey } from './cells.ts';
import type { InspectorProps } from './Inspector.tsx';
import { isChanged } from './editorState.ts';
import { addJobs, removeJobs, setFamily } from './jobEdits.ts';
import { PlanMatrix } from './PlanMatrix.tsx';
import { useEditor } from './useEditor.ts';

const usualTargets = ['fwd_ret_1d', 'fwd_ret_5d', 'fwd_ret_20d'];

/** A draft as a matrix that is edited: bulk changes, undo, what it would take, and saving that never takes the place of another's unasked. */
export function PlanEditor({
  version,
  basis,
  comments,
  discussion,
}: {
  version: PlanVersionDetail;
  basis: EstimateBasis | null;
  comments: ReadonlyMap<string, number>;
  discussion?: InspectorProps['discussion'];
}) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const { state, dispatch, restored, base, setBase } = useEditor(version.id, version, version.plan.jobs);
  const { revision, hash } = base;
  const [also, setAlso] = useState<{ targets: string[]; symbols: string[] }>({ targets: [], symbols: [] });
  const [conflict, setConflict] = useState<string | null>(null);
  const changed = isChanged(state);
  const save = useMutation(
    trpc.plans.edit.mutationOptions({
      onSuccess: async (saved, { plan }) => {
        setConflict(null);
        setBase(saved);
        // Saved is what the whole page shows: who submits at once submits that, not the text before it.
        await queryClient.invalidateQueries(trpc.plans.pathFilter());
        dispatch({
          kind: 'saved',
          jobs: (plan as typeof version.plan).jobs === sent.current?.jobs ? sent.current!.from : state.jobs,
        });
      },
      onError: (error) => {
        if (error.data?.domainCode === 'CONFLICT') setConflict(error.message);
        else toast.error('Not saved', { description: error.message });
      },
    }),
  );
  const sent = useRef<{ jobs: unknown; from: typeof state.jobs } | null>(null);
  const send = (at: number) => {
    const plan = withJobs(version.plan, state.jobs);
    sent.current = { jobs: plan.jobs, from: state.jobs };
    save.mutate({ versionId: version.id, revision: at, plan });
  };
  const theirs = async (keepMine: boolean) => {
    const now = await client.plans.version.query({ versionId: version.id }).catch((error: Error) => {
      toast.error('What was saved could not be read', { description: error.message });
      return null;
    });
    if (!now) return;
    setBase({ revision: now.revision, hash: now.hash });
    setConflict(null);
    if (keepMine) return send(now.revision);
    dispatch({ kind: 'replace', label: 'What was saved meanwhile', jobs: now.plan.jobs, saved: now.plan.jobs });
  };
  // Saved by somebody else, or its data changed beside the jobs: mine stays where it is changed, and saving will ask.
  useEffect(() => {
    if (version.revision <= revision) return;
    if (version.hash !== hash && changed) return;
    if (version.hash !== hash) {
      dispatch({
        kind: 'replace',
        label: 'What was saved meanwhile',
        jobs: version.plan.jobs,
        saved: version.plan.jobs,
      });
    }
    setBase({ revision: version.revision, hash: version.hash });
  }, [version, revision, hash, changed, dispatch, setBase]);
  const undo = () => dispatch({ kind: 'undo' });
  const redo = () => dispatch({ kind: 'redo' });
  const actions = { save: () => changed && !save.isPending && send(revision), undo, redo };
  useEditorKeys(actions);

  const apply: InspectorProps['apply'] = (label, edit, typing) =>
    dispatch({ kind: 'edit', label, edit, ...(typing !== undefined && { typing }) });
  const onKey = (event: KeyboardEvent, chosen: ReadonlySet<string>, family: FamilyId | null): boolean => {
    if (event.key === 'Delete' || event.key === 'Backspace') {
      apply(`Removal of ${plural(chosen.size, 'job')}`, removeJobs(chosen));
      return true;
    }
    if (event.key === 'Insert' || event.key === '+') {
      apply(`Add ${plural(chosen.size, 'job')}`, addJobs([...chosen].map(cellOfKey), ['LightGBM']));
      return true;
    }
    if (event.key === 'x' && family && !event.ctrlKey && !event.metaKey) {
      const jobs = state.jobs.filter((job) => chosen.has(cellKey(cellOfJob(job))));
      const on = !jobs.every((job) => job.model_families.includes(family));
      apply(`${family} ${on ? 'to' : 'from'} ${plural(jobs.length, 'job')}`, setFamily(chosen, family, on));
      return true;
    }
    return false;
  };
  const targets = [...new Set(state.jobs.map(({ target }) => target)), ...also.targets];
  const symbols = [...new Set(state.jobs.flatMap(({ symbol }) => symbol ?? [])), ...also.symbols];
  return (
    <div className="space-y-4">
      {restored && changed && (
        <Callout>Changes that were not saved before the page was left are here again; Undo takes them back.</Callout>
      )}
      {conflict && (
        <Callout tone="warn">
          <p>{conflict}</p>
          <p className="mt-1 flex flex-wrap gap-2">
            <Button size="sm" onClick={() => void theirs(false)}>
              Take theirs, mine stays one undo away
            </Button>
            <Button size="sm" onClick={() => void theirs(true)}>
              Save mine over it
            </Button>
          </p>
        </Callout>
      )}
      <PlanMatrix
        jobs={state.jobs}
        symbols={basis?.symbols.length ?? 1000}
        {...{ also, comments, apply, onKey }}
        {...(discussion && { discussion })}
        toolbar={
          <>
            <AddPlace
              what="target"
              known={usualTargets}
              taken={targets}
              onAdd={(name) => setAlso((before) => ({ ...before, targets: [...before.targets, name] }))}
            />
            <AddPlace
              what="symbol"
              known={basis?.symbols ?? []}
              taken={symbols}
              onAdd={(name) => setAlso((before) => ({ ...before, symbols: [...before.symbols, name] }))}
            />
          </>
        }
      />
      <div className="z-20 -mx-1 sm:sticky sm:bottom-0 flex flex-wrap items-start gap-x-6 gap-y-2 rounded-lg border border-line bg-surface px-4 py-2.5 shadow-raised">
        <section aria-label="Estimate" className="min-w-0 flex-1 basis-80">
          <EstimateBar jobs={state.jobs} before={version.plan.jobs} basis={basis} />
        </section>
        <div className="flex flex-wrap items-center gap-2">
          <span role="status" className="text-muted text-xs">
            {save.isPending ? 'Saving …' : changed ? 'Not saved yet' : 'Saved'}
          </span>
          <IconButton
            label={state.past.length > 0 ? `Undo: ${state.past.at(-1)!.label} (Ctrl Z)` : 'Undo (Ctrl Z)'}
            disabled={state.past.length === 0}
            onClick={undo}
            icon={<Undo2 aria-hidden className="size-4" />}
          />
          <IconButton
            label={state.future.length > 0 ? `Redo: ${state.future[0]!.label} (Ctrl Shift Z)` : 'Redo (Ctrl Shift Z)'}
            disabled={state.future.length === 0}
            onClick={redo}
            icon={<Redo2 aria-hidden className="size-4" />}
          />
          <Button
            variant="primary"
            disabled={!changed}
            busy={save.isPending}
            onClick={actions.save}
            title="Save the draft (Ctrl S)"
            icon={<Save aria-hidden className="size-3.5" />}
          >
            Save draft
          </Button>
        </div>
      </div>
    </div>
  );
}

/** Ctrl S, Ctrl Z, Ctrl Shift Z; a text field keeps its own undo. */
function useEditorKeys(actions: { save: () => void; undo: () => void; redo: () => void }): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || document.querySelector('[role=dialog]')) return;
      const key = event.key.toLowerCase();
      const inText = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA)$/.test(event.target.tagName);
      if (key === 's') latest.current.save();
      else if (key === 'z' && !inText) latest.current[event.shiftKey ? 'redo' : 'undo']();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
