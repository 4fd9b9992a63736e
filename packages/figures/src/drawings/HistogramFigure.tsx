'use client';
import type { Figure } from '@twostage/core/runs/figures';
import { count, significant } from '../format.ts';
import { Plot } from '../plot/Plot.tsx';
import { extent, linearScale } from '../plot/scale.ts';
import { Legend } from './Legend.tsx';

const color = 'var(--series-1)';
const wanted = 'var(--series-2)';

export function HistogramFigure({
  figure,
  height,
}: {
  figure: Extract<Figure, { kind: 'histogram' }>;
  height: number;
}) {
  const { edges, counts, expected } = figure;
  const bins = counts.slice(0, Math.max(0, edges.length - 1));
  const whole = bins.every(Number.isInteger);
  const text = (value: number) => (whole ? count(value) : significant(value, 3));
  return (
    <>
      {expected !== null && (
        <Legend
          items={[
            { name: 'Counted', color },
            { name: 'If all was well', color: wanted, dashed: true },
          ]}
        />
      )}
      <Plot
        label={`${figure.title}: ${bins.map((value, i) => `${significant(edges[i], 3)} to ${significant(edges[i + 1], 3)}: ${text(value)}`).join('; ')}`}
        height={height}
        x={(ticks) => linearScale(extent(edges) ?? [0, 1], ticks)}
        y={linearScale([0, Math.max(expected ?? 0, ...bins) || 1], 4)}
        xLabel={figure.xLabel}
        yLabel="Count"
        readout={{
          xs: bins.map((_, i) => (edges[i]! + edges[i + 1]!) / 2),
          at: (i) => ({
            title: `${significant(edges[i], 3)} to ${significant(edges[i + 1], 3)}`,
            readings: [
              { label: 'counted', text: text(bins[i]!), color },
              ...(expected === null ? [] : [{ label: 'expected', text: significant(expected, 3), color: wanted }]),
            ],
          }),
        }}
      >
        {(area) => (
          <>
            {bins.map((value, i) => {
              const [from, to] = [area.x(edges[i]!), area.x(edges[i + 1]!)];
              const y = area.y(value);
              return (
                <rect
                  key={edges[i]}
                  x={from + 0.5}
                  y={y}
                  width={Math.max(0.5, to - from - 1)}
                  height={Math.max(0, area.y(0) - y)}
                  fill={color}
                  opacity={0.85}
                />
              );
            })}
            {expected !== null && (
              <line
                x1={area.left}
                x2={area.left + area.width}
                y1={area.y(expected)}
                y2={area.y(expected)}
                stroke={wanted}
                strokeWidth={1.5}
                strokeDasharray="5 4"
              />
            )}
          </>
        )}
      </Plot>
    </>
  );
}
