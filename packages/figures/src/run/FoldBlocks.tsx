import type { ReactNode } from 'react';

export const foldBlocks = [
  { key: 'train', label: 'Training', fill: 'var(--series-1)', text: 'bg-[var(--series-1)]' },
  { key: 'validation', label: 'Validation (early stopping)', fill: 'var(--series-2)', text: 'bg-[var(--series-2)]' },
  { key: 'test', label: 'Test (judged)', fill: 'var(--series-3)', text: 'bg-[var(--series-3)]' },
] as const;

export type FoldBlock = (typeof foldBlocks)[number]['key'];
type Span = readonly [from: number, to: number];

/** A line of the picture: what one model is fitted and judged on. */
export interface FoldLine {
  readonly name: string;
  readonly blocks: Readonly<Record<FoldBlock, readonly Span[]>>;
}

/** What the colours mean. */
export const FoldLegend = () => (
  <ul className="flex flex-wrap gap-3 text-muted text-xs">
    {foldBlocks.map((block) => (
      <li key={block.key} className="flex items-center gap-1.5">
        <span aria-hidden className={`h-2 w-3 rounded-sm ${block.text}`} />
        {block.label}
      </li>
    ))}
  </ul>
);

/** Blocks of each line on one axis, e.g. of bars or of time. */
export function FoldLines({
  lines,
  x,
  top,
  rowHeight,
  titleOf,
}: {
  lines: readonly FoldLine[];
  x: (at: number) => number;
  top: number;
  rowHeight: number;
  /** What a block says under the pointer. */
  titleOf: (label: string, from: number, to: number) => string;
}): ReactNode {
  const inset = rowHeight > 20 ? 7 : 2;
  return lines.map(({ name, blocks }, row) => (
    <g key={name} transform={`translate(0 ${top + row * rowHeight})`}>
      <text y={rowHeight / 2 + 4} fill="var(--muted)">
        {name}
      </text>
      {foldBlocks.map(({ key, label, fill }) =>
        blocks[key].map(([from, to]) => (
          <rect
            key={`${key} ${from}`}
            x={x(from)}
            y={inset}
            width={Math.max(1.5, x(to) - x(from))}
            height={rowHeight - 2 * inset}
            rx={2}
            fill={fill}
          >
            <title>{titleOf(label, from, to)}</title>
          </rect>
        )),
      )}
    </g>
  ));
}
