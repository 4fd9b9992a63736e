'use client';
import { trainingHasEnded } from '@twostage/core/runs/lifecycle';
import type { TrainingView } from '@twostage/core/runs/view';
import { Info } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Tone } from '../../../ui/Badge.tsx';
import { cx } from '../../../ui/cx.ts';
import { duration, signed, significant, unknown } from '../../../ui/format.ts';
import { seriesColor } from '@twostage/figures/palette';
import { Progress } from '../../../ui/Progress.tsx';
import { Tooltip } from '../../../ui/Tooltip.tsx';
import { useNow } from '../../../ui/useNow.ts';
import { TrainingStateBadge } from '../badges.tsx';
import { ExperimentalBadge } from '@twostage/figures/run/planBadges.tsx';
import { useRunView } from '../live/useLiveRun.ts';
import {
  bestValidationLoss,
  doneFraction,
  elapsedMs,
  endReason,
  icReason,
  icSoFar,
  memoryText,
  metricsOf,
  targetText,
  trainingTitle,
} from '@twostage/figures/run/trainingFigures';
import type { RowSortKey } from './trainingGroups.ts';

/** Both stages' tables have the same widths, so that their columns stand under each other; the first takes what is left. */
export const trainingColumns: readonly {
  label: string;
  title?: string;
  numeric?: boolean;
  width: string;
  sort?: RowSortKey;
}[] = [
  { label: 'Training', width: 'w-28 sm:w-auto', sort: 'title' },
  { label: 'State', width: 'w-24 sm:w-28', sort: 'state' },
  { label: 'Progress', width: 'w-20 sm:w-32', sort: 'progress' },
  { label: 'ETA', title: 'Estimated time to its end', numeric: true, width: 'w-20 max-sm:hidden' },
  {
    label: 'Val. loss',
    title: 'Lowest validation loss so far',
    sort: 'valLoss',
    numeric: true,
    width: 'w-20 max-sm:hidden',
  },
  {
    label: 'IC',
    title: 'Mean of the folds so far; pooled over all of them at the end',
    sort: 'ic',
    numeric: true,
    width: 'w-[4.75rem] sm:w-20 max-sm:pr-3',
  },
  { label: 'Time', sort: 'time', numeric: true, width: 'w-20 max-sm:hidden' },
  {
    label: 'Memory',
    sort: 'memory',
    title: 'Resident memory; its peak at the end',
    numeric: true,
    width: 'w-24 max-sm:hidden',
  },
];

/** Of the columns, those that a narrow window has room for: a cell may not span more, or it adds columns of its own. */
export const narrowColumns = trainingColumns.filter(({ width }) => !width.includes('max-sm:hidden')).length;

/** One cell over the whole row, in windows of either width. */
export const RowWide = ({ children, className }: { children: ReactNode; className?: string }) => (
  <>
    <td colSpan={narrowColumns} className={cx(className, 'sm:hidden')}>
      {children}
    </td>
    <td colSpan={trainingColumns.length} className={cx(className, 'max-sm:hidden')}>
      {children}
    </td>
  </>
);

const tones: Partial<Record<TrainingView['state'], Tone>> = {
  completed: 'good',
  running: 'accent',
  failed: 'bad',
  killed: 'bad',
  timedOut: 'bad',
};

/** One training, drawn again for its own events only. */
export function TrainingRow({
  id,
  color,
  chosen,
  onChoose,
}: {
  id: string;
  color: number;
  chosen: boolean;
  onChoose: () => void;
}) {
  const { view } = useRunView(`training:${id}`);
  const training = view.trainings.get(id);
  const running = training?.state === 'running';
  const now = useNow(running);
  if (!training) return null;
  const { spec, state, progress, outcome } = training;
  const title = trainingTitle(spec);
  const notes = outcome?.kind === 'completed' ? outcome.result.notes : [];
  const reason = outcome?.kind === 'completed' ? null : endReason(outcome);
  const elapsed = elapsedMs(training, now);
  return (
    <>
      <tr
        onClick={onChoose}
        aria-selected={chosen}
        className={cx('h-10 cursor-pointer transition-colors', chosen ? 'bg-accent-soft/60' : 'hover:bg-hover')}
      >
        <th scope="row" className="py-1 pr-2 pl-3 text-left sm:pl-4">
          <button
            type="button"
            onClick={onChoose}
            aria-pressed={chosen}
            title={`Show the curves of ${title}`}
            className="flex w-full min-w-0 items-center gap-2 rounded text-left"
          >
            <span aria-hidden className="size-2 shrink-0 rounded-full" style={{ background: seriesColor(color) }} />
            <span className="min-w-0">
              <span className="block truncate font-medium leading-4">{spec.family}</span>
              <span className="block truncate font-normal text-2xs text-faint leading-4">
                {targetText(spec)}
                {spec.scope.kind === 'symbol' && ` · ${spec.scope.symbol}`}
              </span>
              {spec.plan?.experimental && <ExperimentalBadge />}
            </span>
          </button>
        </th>
        <td className="px-2">
          <span className="flex items-center gap-1">
            <TrainingStateBadge state={state} reason={reason} />
            {notes.length > 0 && (
              <Tooltip
                content={
                  <ul className="space-y-1">
                    {notes.map((note) => (
                      <li key={note}>{note}</li>
                    ))}
                  </ul>
                }
              >
                <button
                  type="button"
                  aria-label={`What ${title} noted`}
                  onClick={(event) => event.stopPropagation()}
                  className="rounded text-faint hover:text-ink max-sm:hidden"
                >
                  <Info aria-hidden className="size-3.5" />
                </button>
              </Tooltip>
            )}
          </span>
        </td>
        <td className="px-2">
          <Progress value={doneFraction(training)} label={`Progress of ${title}`} tone={tones[state] ?? 'neutral'} />
          <div className="mt-1 truncate text-2xs text-faint leading-3">{progressText(training)}</div>
        </td>
        <td className="num px-2 max-sm:hidden">
          {running && progress?.etaMs != null ? duration(progress.etaMs) : unknown}
        </td>
        <td className="num px-2 max-sm:hidden">{significant(bestValidationLoss(training))}</td>
        <td className="num px-2 max-sm:pr-3" title={icReason(metricsOf(training)) ?? undefined}>
          {signed(icSoFar(training), 4)}
        </td>
        <td className="num px-2 max-sm:hidden">
          {elapsed === null || (running && !now) ? unknown : duration(elapsed)}
        </td>
        <td className="num py-1 pr-4 pl-2 max-sm:hidden">{memoryText(training)}</td>
      </tr>
      {reason && (
        <tr>
          <RowWide className="max-w-0 px-4 py-1.5">
            <p className="break-words text-bad text-xs">{reason}</p>
          </RowWide>
        </tr>
      )}
    </>
  );
}

function progressText({ state, progress }: TrainingView): string {
  if (state === 'pending') return 'waits';
  if (!progress) return trainingHasEnded(state) ? '' : 'starting';
  const fold = `fold ${Math.min(progress.fold + 1, progress.folds)}/${progress.folds}`;
  if (state === 'completed') return `${progress.folds} folds`;
  if (progress.phase === 'training') return `${fold} · step ${progress.step}/${progress.totalSteps}`;
  return `${fold} · ${progress.phase}`;
}
