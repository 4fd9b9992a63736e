import type { KeyboardEvent } from 'react';
import { duration } from '../../../ui/format.ts';
import { trainingLooks } from '../badges.tsx';
import { type TimelineBar, type TimelineShape, tickLabel, timeTicks } from './timelineShape.ts';

const axisHeight = 22;
/** Mean width of a letter, CSS pixels. */
const letter = 6;
const stageFill = { cpu: 'var(--stage-cpu)', gpu: 'var(--stage-gpu)' } as const;
const stageSoft = { cpu: 'var(--stage-cpu-soft)', gpu: 'var(--stage-gpu-soft)' } as const;
const bad = new Set(['failed', 'killed', 'timedOut']);

/** An own SVG, so that what matters here, the stages and the barrier between them, is drawn and not implied. */
export function Gantt({
  shape,
  width,
  rowHeight,
  chosen,
  onChoose,
}: {
  shape: TimelineShape;
  /** CSS pixels. */
  width: number;
  rowHeight: number;
  chosen: string | null;
  onChoose: (id: string) => void;
}) {
  const longest = Math.max(...shape.bars.map((bar) => bar.label.length)) * letter + 12;
  const labelWidth = Math.min(longest, 264, Math.round(width * 0.38));
  const plotWidth = width - labelWidth - 8;
  const spanMs = shape.end - shape.start;
  const x = (at: number) => labelWidth + ((at - shape.start) / spanMs) * plotWidth;
  const height = axisHeight + shape.bars.length * rowHeight + 4;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of pictures within a picture has no element of its own
    <svg role="group" aria-label="Timeline of the trainings" width={width} height={height} className="block text-2xs">
      {shape.stages.map(({ stage, start, end }) => (
        <rect
          key={stage}
          x={x(start)}
          width={Math.max(1, x(end) - x(start))}
          y={axisHeight}
          height={height - axisHeight}
          fill={stageSoft[stage]}
        />
      ))}
      {timeTicks(spanMs, Math.max(2, Math.floor(plotWidth / 72))).map((offset) => (
        <g key={offset} transform={`translate(${x(shape.start + offset)} 0)`}>
          <line y1={axisHeight - 4} y2={height} stroke="var(--line)" />
          <text y={12} fill="var(--faint)" textAnchor={offset === 0 ? 'start' : 'middle'}>
            {tickLabel(offset)}
          </text>
        </g>
      ))}
      {shape.bars.map((bar, row) => (
        <Bar
          key={bar.id}
          bar={bar}
          y={axisHeight + row * rowHeight}
          rowHeight={rowHeight}
          labelWidth={labelWidth}
          width={width}
          x={x}
          chosen={bar.id === chosen}
          onChoose={() => onChoose(bar.id)}
        />
      ))}
      {shape.barrierAt !== null && (
        <g transform={`translate(${x(shape.barrierAt)} 0)`}>
          <title>{`Barrier: the last child of stage 1 was reaped after ${duration(shape.barrierAt - shape.start)}`}</title>
          <line y1={axisHeight - 6} y2={height} stroke="var(--ink)" strokeWidth={1.5} />
          <circle cy={axisHeight - 6} r={3} fill="var(--ink)" />
        </g>
      )}
    </svg>
  );
}

function Bar({
  bar,
  y,
  rowHeight,
  labelWidth,
  width,
  x,
  chosen,
  onChoose,
}: {
  bar: TimelineBar;
  y: number;
  rowHeight: number;
  labelWidth: number;
  width: number;
  x: (at: number) => number;
  chosen: boolean;
  onChoose: () => void;
}) {
  const barHeight = Math.min(14, rowHeight - 8);
  const top = y + (rowHeight - barHeight) / 2;
  const started = bar.start !== null && bar.end !== null;
  const words = `${bar.label}: ${trainingLooks[bar.state].label.toLowerCase()}${started ? `, ${duration(bar.end! - bar.start!)}` : ''}`;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onChoose();
  };
  const most = Math.floor((labelWidth - 12) / letter);
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button
    <g
      role="button"
      tabIndex={0}
      aria-pressed={chosen}
      aria-label={words}
      onClick={onChoose}
      onKeyDown={onKeyDown}
      className="cursor-pointer"
    >
      <title>{words}</title>
      <rect
        x={0}
        y={y}
        width={width}
        height={rowHeight}
        fill={chosen ? 'var(--accent)' : 'transparent'}
        opacity={0.08}
      />
      <text x={0} y={y + rowHeight / 2 + 4} fill={chosen ? 'var(--ink)' : 'var(--muted)'}>
        {bar.label.length > most ? `${bar.label.slice(0, most - 1)}…` : bar.label}
      </text>
      {started && (
        <rect
          x={x(bar.start!)}
          y={top}
          width={Math.max(2, x(bar.end!) - x(bar.start!))}
          height={barHeight}
          rx={2}
          fill={bad.has(bar.state) ? 'var(--bad)' : stageFill[bar.stage]}
          opacity={bar.state === 'running' ? 0.75 : 1}
        />
      )}
      {bar.foldEnds.map((at) => (
        <line key={at} x1={x(at)} x2={x(at)} y1={top} y2={top + barHeight} stroke="var(--surface)" strokeWidth={1} />
      ))}
    </g>
  );
}
