'use client';
import { stageIds } from '@twostage/core/families/family';
import { leftOutLine } from '@twostage/core/plans/filterLines';
import type { PlanJob } from '@twostage/core/plans/masterPlan';
import { useDeferredValue, useMemo } from 'react';
import type { EstimateBasis } from '../../../server/contracts/plans.ts';
import { bytes, duration, plural } from '../../../ui/format.ts';
import { estimateJobs } from './estimateJobs.ts';

const stageNames = { cpu: 'CPU', gpu: 'GPU' } as const;

/** What would be trained, how long that may take and how much memory, and what would not be trained and why; anew at each change. */
export function EstimateBar({
  jobs,
  before,
  basis,
}: {
  jobs: readonly PlanJob[];
  /** As they were loaded: what is new is told against it. */
  before: readonly PlanJob[];
  /** null: the version names no data. */
  basis: EstimateBasis | null;
}) {
  const shown = useDeferredValue(jobs);
  const now = useMemo(() => basis && estimateJobs(shown, basis), [shown, basis]);
  const loaded = useMemo(() => basis && estimateJobs(before, basis), [before, basis]);
  if (!basis || !now)
    return <p className="text-muted">Choose the data that the plan is about, to see what it would take.</p>;
  if (now.kind === 'fault') return <p className="text-bad">{now.message}</p>;
  const { estimate, filtered } = now;
  const { trainings, seconds, peakRssBytes, stages, unmeasured } = estimate;
  const since = loaded?.kind === 'estimate' && loaded.estimate.trainings !== trainings ? loaded.estimate : null;
  const left = filtered.leftOut.filter(({ kind }) => kind === 'removed');
  return (
    <div className="space-y-1">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="font-semibold text-base">{plural(trainings, 'training')}</span>
        <span title="Wall time, stage after stage, on the machine that ran last">about {duration(seconds * 1000)}</span>
        <span className="text-muted">memory up to {bytes(peakRssBytes)}</span>
        {stageIds
          .filter((stage) => stages[stage].trainings > 0)
          .map((stage) => (
            <span key={stage} className={stage === 'cpu' ? 'text-cpu' : 'text-gpu'}>
              {stages[stage].trainings} {stageNames[stage]}, {duration(stages[stage].seconds * 1000)}
            </span>
          ))}
        {since && (
          <span className="text-accent">
            {signed(trainings - since.trainings)}{' '}
            {Math.abs(trainings - since.trainings) === 1 ? 'training' : 'trainings'},{' '}
            {seconds >= since.seconds ? '+' : '−'}
            {duration(Math.abs(seconds - since.seconds) * 1000)}
          </span>
        )}
      </p>
      {unmeasured.length > 0 && (
        <p className="text-faint text-xs">
          By figures of another machine, since they never ran here: {unmeasured.join(', ')}
        </p>
      )}
      {trainings === 0 && jobs.length > 0 && <p className="text-warn">Nothing would be trained.</p>}
      {left.length > 0 && (
        <details className="text-warn text-xs">
          <summary>{plural(left.length, 'thing')} would be left out</summary>
          <ul className="scroll-thin mt-1 max-h-40 list-disc overflow-y-auto pl-5">
            {left.slice(0, 200).map((one) => (
              <li key={`${one.job} ${one.family ?? ''} ${one.reason}`}>{leftOutLine(one, jobs)}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

const signed = (n: number) => (n > 0 ? `+${n}` : `−${-n}`);
