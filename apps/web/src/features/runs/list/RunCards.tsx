'use client';
import Link from 'next/link';
import type { RunRow } from '../../../server/contracts/runs.ts';
import { cx } from '../../../ui/cx.ts';
import { ago, duration, signed } from '../../../ui/format.ts';
import { RunStateBadge, SimulatedBadge } from '../badges.tsx';
import { durationMs } from './listQuery.ts';
import { FamilyList, PlanOfRun, RunProgress } from './RunParts.tsx';

/** The same runs for a narrow screen. */
export function RunCards({
  runs,
  now,
  selected,
  mostSelected,
  onToggle,
}: {
  runs: readonly RunRow[];
  now: number;
  selected: ReadonlySet<string>;
  mostSelected: number;
  onToggle: (id: string) => void;
}) {
  return (
    <ul aria-label="Runs" className="divide-y divide-line">
      {runs.map((run) => (
        <li key={run.id} className={cx('flex gap-3 px-3 py-3', selected.has(run.id) && 'bg-accent-soft')}>
          <input
            type="checkbox"
            aria-label={`Select run ${run.number} ${run.name}`}
            checked={selected.has(run.id)}
            disabled={!selected.has(run.id) && selected.size >= mostSelected}
            onChange={() => onToggle(run.id)}
            className="mt-0.5 size-4 shrink-0"
          />
          <div className="min-w-0 flex-1 space-y-1.5">
            <div className="flex items-start gap-2">
              <Link href={`/runs/${run.id}`} className="min-w-0 flex-1 truncate rounded font-medium">
                <span className="font-normal text-faint">{run.number}</span> {run.name}
              </Link>
              <RunStateBadge state={run.state} reason={run.reason} />
            </div>
            <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-muted text-xs">
              <span className="truncate">{run.dataset?.name ?? 'dataset removed'}</span>
              {run.dataset?.simulated && <SimulatedBadge />}
              <PlanOfRun plan={run.plan} />
              <span className="min-w-0 truncate">
                <FamilyList families={run.families} />
              </span>
            </div>
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs">
              <RunProgress run={run} />
              {run.bestIc && <span>IC {signed(run.bestIc.value, 4)}</span>}
              <span className="ml-auto text-muted">
                {now > 0 && `${ago(run.createdAt, now)} · ${duration(durationMs(run, now))}`}
              </span>
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}
