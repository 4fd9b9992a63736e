'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { countPlan } from '@twostage/core/plans/counts';
import { type ParsedPlan, parseMasterPlan } from '@twostage/core/plans/masterPlan';
import { FileUp } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useId, useState } from 'react';
import type { PlanRow } from '../../server/contracts/plans.ts';
import { useTRPC } from '../../trpc/client.tsx';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Callout } from '../../ui/Feedback.tsx';
import { plural } from '../../ui/format.ts';
import { type DraftPlace, DraftPlaceFields, placeInput, usualPlace } from './DraftPlaceFields.tsx';
import { countsText, versionPath } from './planParts.tsx';

interface Chosen {
  readonly fileName: string;
  readonly text: string;
  readonly read: ParsedPlan;
}

const shownFaults = 50;

/** A master_training_plan.json becomes a draft; every fault of it is named by its path before anything is sent. */
export function ImportPlanDialog({ plans, onClose }: { plans: readonly PlanRow[]; onClose: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const form = useId();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [over, setOver] = useState(false);
  const [place, setPlace] = useState<DraftPlace>(usualPlace);
  const draft = useMutation(
    trpc.plans.draft.mutationOptions({
      onSuccess: ({ planId, number }) => {
        void queryClient.invalidateQueries(trpc.plans.pathFilter());
        router.push(versionPath({ planId, number }));
      },
    }),
  );
  const take = async (file: File | undefined) => {
    if (!file) return;
    const text = await file.text();
    setChosen({ fileName: file.name, text, read: parseMasterPlan(text) });
    if (place.name === '')
      setPlace((before) => ({ ...before, name: file.name.replace(/\.json$/i, '').replaceAll('_', ' ') }));
    draft.reset();
  };
  const plan = chosen?.read.kind === 'plan' ? chosen.read.plan : null;
  const into = placeInput(place);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Import a plan"
      description="The file of a training plan, master_training_plan.json, becomes a draft."
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" form={form} variant="primary" busy={draft.isPending} disabled={!plan || !into}>
            Import
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen && plan && into)
            draft.mutate({ into, source: { kind: 'file', fileName: chosen.fileName, text: chosen.text } });
        }}
      >
        {draft.isError && <Callout tone="bad">{draft.error.message}</Callout>}
        <label
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            void take(event.dataTransfer.files[0]);
          }}
          className={cx(
            'flex flex-col items-center gap-1 rounded-lg border border-dashed px-4 py-6 text-center has-focus-visible:outline-2 has-focus-visible:outline-accent',
            over ? 'border-accent bg-accent-soft' : 'border-line-strong hover:bg-hover',
          )}
        >
          <FileUp aria-hidden className="size-5 text-faint" />
          <span className="font-medium">{chosen ? chosen.fileName : 'Choose the file, or drop it here'}</span>
          {plan && <span className="text-muted">{countsText({ counts: countPlan(plan.jobs) })}</span>}
          <input
            type="file"
            aria-label="File of the plan"
            accept=".json,application/json"
            className="sr-only"
            onChange={(event) => {
              void take(event.target.files?.[0]);
              // The same file, mended, may be chosen again.
              event.target.value = '';
            }}
          />
        </label>
        {chosen?.read.kind === 'faults' && (
          <Callout tone="bad">
            <p>{plural(chosen.read.faults.length, 'fault')}; nothing is imported until they are mended:</p>
            <ul className="scroll-thin mt-1 max-h-48 overflow-y-auto">
              {chosen.read.faults.slice(0, shownFaults).map(({ path, message }) => (
                <li key={`${path} ${message}`} className="break-words">
                  {path !== '' && <code className="text-xs">{path}</code>} {message}
                </li>
              ))}
              {chosen.read.faults.length > shownFaults && <li>and {chosen.read.faults.length - shownFaults} more</li>}
            </ul>
          </Callout>
        )}
        {plan && <DraftPlaceFields plans={plans} place={place} onChange={setPlace} />}
      </form>
    </Dialog>
  );
}
