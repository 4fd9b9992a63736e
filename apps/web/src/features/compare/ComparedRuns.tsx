import { X } from 'lucide-react';
import Link from 'next/link';
import type { RunRow } from '../../server/contracts/runs.ts';
import { IconButton } from '../../ui/Button.tsx';
import { dateTime, duration } from '../../ui/format.ts';
import { seriesColor } from '@twostage/figures/palette';
import { RunStateBadge, SimulatedBadge } from '../runs/badges.tsx';

/** One card a run, in the order of the comparison; its colour is its colour in the charts. */
export function ComparedRuns({ runs, onRemove }: { runs: readonly RunRow[]; onRemove?: (id: string) => void }) {
  return (
    <ul aria-label="Runs compared" className="grid grid-cols-[repeat(auto-fit,minmax(min(15rem,100%),1fr))] gap-2">
      {runs.map((run, index) => (
        <li key={run.id} className="min-w-0 rounded-lg border border-line bg-surface p-3 shadow-flat">
          <div className="flex items-center gap-2">
            <span aria-hidden className="size-2.5 shrink-0 rounded-full" style={{ background: seriesColor(index) }} />
            <Link href={`/runs/${run.id}`} className="min-w-0 flex-1 truncate rounded font-medium hover:text-accent">
              <span className="font-normal text-faint">#{run.number}</span> {run.name}
            </Link>
            {onRemove && (
              <IconButton
                size="sm"
                label={`Take run ${run.number} out`}
                onClick={() => onRemove(run.id)}
                icon={<X aria-hidden className="size-3.5" />}
              />
            )}
          </div>
          <div className="mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-muted text-xs">
            <RunStateBadge state={run.state} reason={run.reason} />
            {run.dataset?.simulated && <SimulatedBadge />}
            <span>{run.dataset?.name ?? 'dataset removed'}</span>
          </div>
          <p className="mt-1.5 text-faint text-xs">
            {dateTime(run.createdAt)}
            {run.startedAt && run.endedAt && ` · ${duration(run.endedAt.getTime() - run.startedAt.getTime())}`}
          </p>
        </li>
      ))}
    </ul>
  );
}
