'use client';
import type { Figure } from '@twostage/core/runs/figures';
import { day, decimal, plural, significant } from '../format.ts';
import { Plot } from '../plot/Plot.tsx';
import { linePath } from '../plot/paths.ts';
import { extent, linearScale, timeScale } from '../plot/scale.ts';
import { Legend } from './Legend.tsx';

const color = 'var(--series-4)';
/** Of a date as it is written, CSS pixels. */
const dateWidth = 62;

/** The price with a line at every break, the stronger the fuller, its date beside it where there is room. */
export function BreaksFigure({ figure, height }: { figure: Extract<Figure, { kind: 'breaks' }>; height: number }) {
  const { times, close } = figure;
  const breaks = [...figure.breaks].sort((a, b) => a.time - b.time);
  const span = extent([...times, ...breaks.map(({ time }) => time)]) ?? [0, 1];
  return (
    <>
      <Legend
        items={[
          { name: `${figure.symbol}, close`, color: 'var(--ink)' },
          { name: plural(breaks.length, 'break'), color },
        ]}
      />
      <Plot
        label={`${figure.title}: close of ${figure.symbol}; ${breaks.length === 0 ? 'no break' : `breaks at ${breaks.map(({ time }) => day(time)).join(', ')}`}`}
        height={height}
        x={(ticks) => timeScale(span, ticks)}
        y={linearScale(extent(close) ?? [0, 1], 4)}
        yLabel="Close"
        readout={{
          xs: times,
          at: (i) => {
            const last = breaks.filter(({ time }) => time <= times[i]!).at(-1);
            return {
              title: day(times[i]),
              readings: [
                { label: 'Close', text: significant(close[i]) },
                ...(last
                  ? [
                      {
                        label: 'Last break',
                        text: `${day(last.time)}${last.strength === null ? '' : `, strength ${decimal(last.strength, 2)}`}`,
                        color,
                      },
                    ]
                  : []),
              ],
            };
          },
        }}
      >
        {(area) => {
          let written = Number.NEGATIVE_INFINITY;
          return (
            <>
              <path
                d={linePath(
                  times.map(area.x),
                  close.map((value) => (value === null ? Number.NaN : area.y(value))),
                )}
                fill="none"
                stroke="var(--ink)"
                strokeWidth={1.1}
                opacity={0.8}
              />
              {breaks.map(({ time, strength }, i) => {
                const x = area.x(time);
                const next = i + 1 < breaks.length ? area.x(breaks[i + 1]!.time) : area.left + area.width;
                const room = x - written > dateWidth && next - x > dateWidth;
                if (room) written = x;
                return (
                  <g key={time}>
                    <line
                      x1={x}
                      x2={x}
                      y1={area.top}
                      y2={area.top + area.height}
                      stroke={color}
                      strokeWidth={1.5}
                      opacity={0.35 + 0.65 * (strength ?? 1)}
                    >
                      <title>{day(time)}</title>
                    </line>
                    {room && (
                      <text
                        x={x + 3}
                        y={area.top + 9}
                        fill={color}
                        stroke="var(--surface)"
                        strokeWidth={3}
                        paintOrder="stroke"
                      >
                        {day(time)}
                      </text>
                    )}
                  </g>
                );
              })}
            </>
          );
        }}
      </Plot>
    </>
  );
}
