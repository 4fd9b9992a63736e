'use client';
import type { RunView } from '@twostage/core/runs/view';
import { day } from '../format.ts';
import { drawnSize, useStill } from '../still.ts';
import { type FoldBlock, foldBlocks, type FoldLine, FoldLines } from './FoldBlocks.tsx';

type FoldSpan = RunView['folds'][number];

const piecesOf = (fold: FoldSpan, block: FoldBlock): readonly [number, number][] =>
  fold.pieces?.[block] ?? [[fold[`${block}Start`], fold[`${block}End`]]];
export const isCombinatorial = (folds: RunView['folds']): boolean => folds.some(({ pieces }) => pieces);

/** Blocks of each fold on the calendar of the data. */
export function FoldsPicture({ folds, width }: { folds: RunView['folds']; width: number }) {
  const axis = 20;
  const left = 60;
  const rowHeight = folds.length > 8 ? 18 : 30;
  const start = Math.min(...folds.map((fold) => Math.min(fold.trainStart, fold.testStart)));
  const end = Math.max(...folds.map((fold) => Math.max(fold.testEnd, fold.validationEnd)));
  const x = (at: number) => left + ((at - start) / (end - start || 1)) * (width - left - 4);
  const height = axis + folds.length * rowHeight;
  const years = yearStarts(start, end, Math.max(2, Math.floor((width - left) / 64)));
  const lines = folds.map(
    (fold): FoldLine => ({
      name: fold.holdout ? 'Holdout' : `${isCombinatorial(folds) ? 'Split' : 'Fold'} ${fold.fold + 1}`,
      blocks: {
        train: piecesOf(fold, 'train'),
        validation: piecesOf(fold, 'validation'),
        test: piecesOf(fold, 'test'),
      },
    }),
  );
  return (
    <svg
      role="img"
      aria-label={`${folds.length} folds from ${day(start)} to ${day(end)}`}
      {...drawnSize(useStill(), width, height)}
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
      <FoldLines
        lines={lines}
        x={x}
        top={axis}
        rowHeight={rowHeight}
        titleOf={(label, from, to) => `${label}: ${day(from)} to ${day(to)}`}
      />
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

export function FoldsTable({ folds }: { folds: RunView['folds'] }) {
  return (
    <div className="scroll-thin mt-4 overflow-x-auto">
      <table className="w-full text-xs">
        <caption className="sr-only">Spans of the folds</caption>
        <thead className="border-line border-b text-left text-faint">
          <tr>
            <th scope="col" className="py-1.5 pr-3">
              Fold
            </th>
            {foldBlocks.map((block) => (
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
                {fold.holdout ? 'Holdout' : fold.fold + 1}
              </th>
              {foldBlocks.map(({ key }) => (
                <td key={key} className="whitespace-nowrap px-3">
                  {piecesOf(fold, key)
                    .map(([from, to]) => `${day(from)} – ${day(to)}`)
                    .join(', ')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
