'use client';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useState } from 'react';
import { useStill } from '../still.ts';
import { useWidth } from '../useWidth.ts';
import { Axes } from './Axes.tsx';
import { nearest, placeAfter } from './crosshair.ts';
import { Frame } from './Frame.tsx';
import type { Scale } from './scale.ts';

/** Where the data lie in the picture, CSS pixels. */
export interface PlotArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

export interface Reading {
  readonly label: string;
  readonly text: string;
  /** CSS colour of its mark; none for what has no mark. */
  readonly color?: string;
}

/** What is read off the picture at its i-th place. */
export interface Readout {
  /** Data x of the places, ascending. */
  readonly xs: readonly number[];
  readonly at: (index: number) => { readonly title: string; readonly readings: readonly Reading[] };
}

const margin = { top: 8, right: 14, bottom: 20 };
const letter = 6.2;

/**
 * Axes, grid and a crosshair around a picture; the pointer and the arrow keys move the crosshair, and what stands under it
 * is written below and told to screen readers.
 */
export function Plot({
  label,
  height,
  x: makeX,
  y,
  xLabel,
  yLabel,
  readout,
  hint = true,
  children,
}: {
  /** What the picture shows, for those who don't see it. */
  label: string;
  /** CSS pixels, axes included. */
  height: number;
  /** Told how many ticks there is room for. */
  x: (ticks: number) => Scale;
  y: Scale;
  xLabel?: string;
  yLabel?: string;
  readout?: Readout;
  /** Says how values are read; once is enough where two pictures stand together. */
  hint?: boolean;
  children: (area: PlotArea) => ReactNode;
}) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const [place, setPlace] = useState<number | null>(null);
  const help = useId();
  const still = useStill();
  const left = 12 + Math.max(18, ...y.ticks.map((tick) => tick.label.length * letter));
  const top = margin.top + (yLabel ? 12 : 0);
  const bottom = margin.bottom + (xLabel ? 13 : 0);
  const plotWidth = Math.max(10, width - left - margin.right);
  const plotHeight = height - top - bottom;
  const x = makeX(Math.max(2, Math.floor(plotWidth / 66)));
  const area: PlotArea = {
    left,
    top,
    width: plotWidth,
    height: plotHeight,
    x: (value) => left + x.at(value) * plotWidth,
    y: (value) => top + (1 - y.at(value)) * plotHeight,
  };
  const places = still ? 0 : (readout?.xs.length ?? 0);
  const current = place !== null && place < places ? place : null;
  const read = readout && current !== null ? readout.at(current) : null;

  const onPointer = (event: PointerEvent<SVGSVGElement>) => {
    if (!readout || places === 0) return;
    const pixel = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setPlace(nearest(readout.xs, (value) => area.x(value) - pixel));
  };
  const onKey = (event: KeyboardEvent) => {
    const next = placeAfter(event.key, current, places);
    if (next === undefined) return;
    event.preventDefault();
    setPlace(next);
  };
  return (
    <div className="min-w-0">
      <Frame
        {...{ frame, width, height, label, onPointer, onKey }}
        {...(places > 0 && { help })}
        reads={places > 0}
        onLeave={() => setPlace(null)}
      >
        <Axes area={area} x={x} y={y} xLabel={xLabel} yLabel={yLabel} width={width} height={height} />
        {children(area)}
        {readout && current !== null && (
          <line
            x1={area.x(readout.xs[current]!)}
            x2={area.x(readout.xs[current]!)}
            y1={top}
            y2={top + plotHeight}
            stroke="var(--ink)"
            strokeDasharray="3 3"
            opacity={0.55}
          />
        )}
      </Frame>
      {readout && places > 0 && (
        <div
          id={help}
          className="mt-1 flex min-h-4 flex-wrap gap-x-3 gap-y-0.5 pl-1 text-2xs text-muted"
          aria-live="polite"
        >
          {read ? (
            <>
              <span className="text-ink">{read.title}</span>
              {read.readings.map((reading) => (
                <span key={reading.label} className="flex items-center gap-1">
                  {reading.color && <Mark color={reading.color} />}
                  {reading.label} <span className="text-ink">{reading.text}</span>
                </span>
              ))}
            </>
          ) : (
            hint && <span className="text-faint">Point at the picture, or use the arrow keys, to read values.</span>
          )}
        </div>
      )}
    </div>
  );
}

export const Mark = ({ color }: { color: string }) => (
  <span aria-hidden className="inline-block h-2 w-2.5 shrink-0 rounded-sm" style={{ background: color }} />
);
