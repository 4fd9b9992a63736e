'use client';
import type { Figure } from '@twostage/core/runs/figures';
import { type KeyboardEvent, memo, type PointerEvent, useState } from 'react';
import { significant } from '../format.ts';
import { Frame } from '../plot/Frame.tsx';
import { extent } from '../plot/scale.ts';
import { useStill } from '../still.ts';
import { useWidth } from '../useWidth.ts';
import { cellAfter, cellColor } from './heatmapCells.ts';

type Heatmap = Extract<Figure, { kind: 'heatmap' }>;
const top = 4;
const letter = 7;

/** Cells by colour; the pointer and the arrow keys read them. */
export function HeatmapFigure({ figure }: { figure: Heatmap }) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const still = useStill();
  const [cell, setCell] = useState<{ row: number; column: number } | null>(null);
  const { rows, columns, values } = figure;
  const [low, high] = figure.range ?? extent(values.flat()) ?? [0, 1];
  const left = 12 + Math.min(width * 0.34, Math.max(...rows.map((row) => row.length), 3) * letter);
  const side = {
    x: (width - left - 6) / Math.max(1, columns.length),
    y: Math.max(5, Math.min(22, 380 / Math.max(1, rows.length))),
  };
  const bottom = 18;
  const height = top + rows.length * side.y + bottom;
  const onPointer = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - left) / side.x);
    const row = Math.floor((event.clientY - box.top - top) / side.y);
    setCell(row >= 0 && row < rows.length && column >= 0 && column < columns.length ? { row, column } : null);
  };
  const onKey = (event: KeyboardEvent) => {
    const next = cellAfter(event.key, cell, rows.length, columns.length);
    if (next === undefined) return;
    event.preventDefault();
    setCell(next);
  };
  return (
    <div className="min-w-0">
      <Frame
        {...{ frame, width, height, onPointer, onKey }}
        label={`${figure.title}: ${rows.length} rows by ${columns.length} columns, ${significant(low, 3)} to ${significant(high, 3)}`}
        reads={!still}
        onLeave={() => setCell(null)}
      >
        <Cells values={values} low={low} high={high} left={left} cellWidth={side.x} cellHeight={side.y} />
        <Names figure={figure} left={left} cellWidth={side.x} cellHeight={side.y} />
        {cell && (
          <rect
            x={left + cell.column * side.x}
            y={top + cell.row * side.y}
            width={side.x}
            height={side.y}
            fill="none"
            stroke="var(--ink)"
            strokeWidth={1.5}
          />
        )}
      </Frame>
      <div className="mt-1 flex min-h-4 flex-wrap items-center gap-x-3 pl-1 text-2xs text-muted">
        <span aria-live="polite" className="min-w-0 flex-1">
          {cell ? (
            <>
              {rows[cell.row]} × {columns[cell.column]}:{' '}
              <span className="text-ink">{significant(values[cell.row]?.[cell.column] ?? null)}</span>
            </>
          ) : (
            !still && <span className="text-faint">Point at a cell, or use the arrow keys, to read it.</span>
          )}
        </span>
        <Key low={low} high={high} />
      </div>
    </div>
  );
}

/** Apart, so that a moving cursor does not draw thousands of cells again. */
const Cells = memo(function Cells({
  values,
  low,
  high,
  left,
  cellWidth,
  cellHeight,
}: {
  values: Heatmap['values'];
  low: number;
  high: number;
  left: number;
  cellWidth: number;
  cellHeight: number;
}) {
  const gap = cellWidth > 10 && cellHeight > 10 ? 1 : 0;
  const [width, height] = [cellWidth, cellHeight].map((side) => Math.max(0.5, side - gap));
  // Cells of a colour are strokes of one path: thousands of elements would be slow to draw and long to write.
  const pathByColor = new Map<string, string>();
  values.forEach((row, i) => {
    row.forEach((value, j) => {
      const color = cellColor(value, low, high);
      const start = `M${(left + j * cellWidth).toFixed(1)} ${(top + i * cellHeight + height! / 2).toFixed(1)}`;
      pathByColor.set(color, `${pathByColor.get(color) ?? ''}${start}h${width!.toFixed(1)}`);
    });
  });
  return [...pathByColor].map(([color, path]) => (
    <path key={color} d={path} fill="none" strokeWidth={Number(height!.toFixed(1))} style={{ stroke: color }} />
  ));
});

function Names({
  figure: { rows, columns },
  left,
  cellWidth,
  cellHeight,
}: {
  figure: Heatmap;
  left: number;
  cellWidth: number;
  cellHeight: number;
}) {
  const rowEvery = Math.max(1, Math.ceil(12 / cellHeight));
  const widest = Math.max(...columns.map((name) => name.length), 1) * letter + 8;
  const columnEvery = Math.max(1, Math.ceil(Math.min(widest, 120) / cellWidth));
  const most = Math.floor((left - 8) / letter);
  const room = Math.max(2, Math.floor((columnEvery * cellWidth - 4) / letter));
  const cut = (name: string, length: number) => (name.length > length ? `${name.slice(0, length - 1)}…` : name);
  return (
    <g aria-hidden fill="var(--faint)">
      {rows.map(
        (name, i) =>
          i % rowEvery === 0 && (
            <text key={name} x={left - 5} y={top + (i + 0.5) * cellHeight + 3.5} textAnchor="end">
              {cut(name, most)}
            </text>
          ),
      )}
      {columns.map(
        (name, j) =>
          j % columnEvery === 0 && (
            <text key={name} x={left + j * cellWidth + 1} y={top + rows.length * cellHeight + 13}>
              {cut(name, Math.max(2, Math.min(room, Math.floor(((columns.length - j) * cellWidth) / letter))))}
            </text>
          ),
      )}
    </g>
  );
}

const Key = ({ low, high }: { low: number; high: number }) => (
  <span className="flex items-center gap-1.5">
    {significant(low, 2)}
    <span
      aria-hidden
      className="h-2 w-20 rounded-sm border border-line"
      style={{
        background: `linear-gradient(to right, ${[0, 0.25, 0.5, 0.75, 1].map((part) => cellColor(low + part * (high - low), low, high)).join(', ')})`,
      }}
    />
    {significant(high, 2)}
  </span>
);
