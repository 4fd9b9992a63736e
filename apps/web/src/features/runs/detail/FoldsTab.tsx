'use client';
import { CalendarRange } from 'lucide-react';
import type { RunView } from '@twostage/core/runs/view';
import { EmptyState } from '../../../ui/Feedback.tsx';
import { day } from '../../../ui/format.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { useWidth } from '../../../ui/useSize.ts';
import { useRunView } from '../live/useLiveRun.ts';

const blocks = [
  { key: 'train', label: 'Training', fill: 'var(--series-1)', text: 'bg-[var(--series-1)]' },
  { key: 'validation', label: 'Validation (early stopping)', fill: 'var(--series-2)', text: 'bg-[var(--series-2)]' },
  { key: 'test', label: 'Test (judged)', fill: 'var(--series-3)', text: 'bg-[var(--series-3)]' },
] as const;

/** The walk-forward folds on the calendar of the data. */
export function FoldsTab() {
  const { view } = useRunView('run');
  const [frame, width] = useWidth<HTMLDivElement>();
  return (
    <Panel
      title="Walk-forward folds"
      aside={
        <ul className="flex flex-wrap gap-3 text-muted text-xs">
          {blocks.map((block) => (
            <li key={block.key} className="flex items-center gap-1.5">
              <span aria-hidden className={`h-2 w-3 rounded-sm ${block.text}`} />
              {block.label}
            </li>
          ))}
        </ul>
      }
    >
      <div ref={frame} className="min-w-0 overflow-hidden">
        {view.folds.length === 0 ? (
          <EmptyState icon={<CalendarRange aria-hidden />} title="Not planned yet">
            The folds are drawn once the dataset is read.
          </EmptyState>
        ) : (
          width > 0 && <FoldsPicture folds={view.folds} width={width} />
        )}
      </div>
      {view.folds.length > 0 && (
        <>
          <FoldsTable folds={view.folds} />
          <p className="mt-3 max-w-3xl text-faint text-xs">
            Gaps between the blocks are purged: rows there have labels that reach into the block that follows, or lie
            within the embargo. No row after a test block is ever trained on.
          </p>
        </>
      )}
    </Panel>
  );
}

const rowHeight = 30;
const axis = 20;

function FoldsPicture({ folds, width }: { folds: RunView['folds']; width: number }) {
  const left = 52;
  const start = Math.min(...folds.map((fold) => fold.trainStart));
  const end = Math.max(...folds.map((fold) => fold.testEnd));
  const x = (at: number) => left + ((at - start) / (end - start || 1)) * (width - left - 4);
  const height = axis + folds.length * rowHeight;
  const years = yearStarts(start, end, Math.max(2, Math.floor((width - left) / 64)));
  return (
    <svg
      role="img"
      aria-label={`${folds.length} folds from ${day(start)} to ${day(end)}`}
      width={width}
      height={height}
      className="block text-2xs"
    >
      {years.map(({ at, label }) => (
        <g key={at} transform={`translate(${x(at)} 0)`}>
          <line y1={axis - 4} y2={height} stroke="var(--line)" />
          <text y={11} textAnchor="middle" fill="var(--faint)">
            {label}
          </text>
        </g>
      ))}
      {folds.map((fold, row) => (
        <g key={fold.fold} transform={`translate(0 ${axis + row * rowHeight})`}>
          <text y={rowHeight / 2 + 4} fill="var(--muted)">
            Fold {fold.fold + 1}
          </text>
          {blocks.map(({ key, label, fill }) => {
            const [from, to] = [fold[`${key}Start`], fold[`${key}End`]];
            return (
              <rect
                key={key}
                x={x(from)}
                y={7}
                width={Math.max(1.5, x(to) - x(from))}
                height={rowHeight - 14}
                rx={2}
                fill={fill}
              >
                <title>{`${label}: ${day(from)} to ${day(to)}`}</title>
              </rect>
            );
          })}
        </g>
      ))}
    </svg>
  );
}

/** First days of years within the span, thinned to at most `most`. */
export function yearStarts(start: number, end: number, most: number): { at: number; label: string }[] {
  const first = new Date(start).getUTCFullYear() + 1;
  const last = new Date(end).getUTCFullYear();
  const step = Math.max(1, Math.ceil((last - first + 1) / most));
  const years: { at: number; label: string }[] = [];
  for (let year = first; year <= last; year += step) years.push({ at: Date.UTC(year, 0, 1), label: String(year) });
  return years;
}

function FoldsTable({ folds }: { folds: RunView['folds'] }) {
  return (
    <div className="scroll-thin mt-4 overflow-x-auto">
      <table className="w-full text-xs">
        <caption className="sr-only">Spans of the folds</caption>
        <thead className="border-line border-b text-left text-faint">
          <tr>
            <th scope="col" className="py-1.5 pr-3">
              Fold
            </th>
            {blocks.map((block) => (
              <th key={block.key} scope="col" className="px-3 py-1.5">
                {block.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {folds.map((fold) => (
            <tr key={fold.fold}>
              <th scope="row" className="py-1.5 pr-3 text-left">
                {fold.fold + 1}
              </th>
              {blocks.map(({ key }) => (
                <td key={key} className="whitespace-nowrap px-3">
                  {day(fold[`${key}Start`])} – {day(fold[`${key}End`])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
