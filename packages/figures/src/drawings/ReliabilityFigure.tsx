'use client';
import type { Figure } from '@twostage/core/runs/figures';
import { count, percent } from '../format.ts';
import { Plot } from '../plot/Plot.tsx';
import { linePath } from '../plot/paths.ts';
import { linearScale } from '../plot/scale.ts';
import { Legend } from './Legend.tsx';

const color = 'var(--series-1)';
const ideal = 'var(--line-strong)';
const base = 'var(--series-2)';

/** Two standard errors either way hold 95 % of what chance makes of a share. */
const whisker = 1.96;

/** What holds all of these shares, in steps of a twentieth. */
const around = (shares: readonly number[]): [number, number] => [
  Math.max(0, Math.floor(20 * Math.min(...shares) - 0.25) / 20),
  Math.min(1, Math.ceil(20 * Math.max(...shares) + 0.25) / 20),
];

/** How often what was given a probability came, bin by bin, with whiskers; a larger point stands for more rows. */
export function ReliabilityFigure({
  figure: { title, bins, baseRate },
  height,
}: {
  figure: Extract<Figure, { kind: 'reliability' }>;
  height: number;
}) {
  const reach = bins.map(({ observed, error }) => {
    const half = whisker * (error ?? 0);
    return [Math.max(0, observed - half), Math.min(1, observed + half)] as const;
  });
  const most = Math.max(...bins.map(({ rows }) => rows));
  const own = baseRate === null ? [] : [baseRate];
  const xDomain = around([...bins.map(({ forecast }) => forecast), ...own]);
  // A bin of few rows may lie anywhere: what matters decides the picture, and the table holds them all.
  const seen = bins.flatMap(({ rows }, i) => (rows < most / 50 ? [] : reach[i]!));
  const yDomain = around([...seen, ...own]);
  const onDiagonal = [Math.max(xDomain[0], yDomain[0]), Math.min(xDomain[1], yDomain[1])] as const;
  const drawn = bins
    .map((bin, i) => ({ ...bin, reach: reach[i]! }))
    .filter(({ observed }) => observed >= yDomain[0] && observed <= yDomain[1]);
  const within = (value: number) => Math.min(yDomain[1], Math.max(yDomain[0], value));
  return (
    <>
      <Legend
        items={[
          { name: 'Share that came', color },
          { name: 'If calibrated', color: ideal, dashed: true },
          ...(baseRate === null ? [] : [{ name: `Base rate ${percent(baseRate)}`, color: base, dashed: true }]),
        ]}
      />
      <Plot
        label={`${title}: ${bins.map(({ forecast, observed }) => `given ${percent(forecast, 0)}, came ${percent(observed, 0)}`).join('; ')}`}
        height={height}
        x={(ticks) => linearScale(xDomain, Math.min(ticks, 8))}
        y={linearScale(yDomain, 5)}
        xLabel="Probability given"
        yLabel="Share that came"
        readout={{
          xs: bins.map(({ forecast }) => forecast),
          at: (i) => {
            const { forecast, observed, error, rows } = bins[i]!;
            return {
              title: `Given ${percent(forecast)}`,
              readings: [
                {
                  label: 'came',
                  text: `${percent(observed)}${error === null ? '' : ` ± ${percent(error)}`}`,
                  color,
                },
                { label: 'rows', text: count(rows) },
              ],
            };
          },
        }}
      >
        {(area) => (
          <>
            <line
              x1={area.x(onDiagonal[0])}
              y1={area.y(onDiagonal[0])}
              x2={area.x(onDiagonal[1])}
              y2={area.y(onDiagonal[1])}
              stroke={ideal}
              strokeWidth={1.5}
              strokeDasharray="5 4"
            />
            {baseRate !== null && (
              <line
                x1={area.x(xDomain[0])}
                y1={area.y(baseRate)}
                x2={area.x(xDomain[1])}
                y2={area.y(baseRate)}
                stroke={base}
                strokeDasharray="2 3"
              />
            )}
            <path
              d={linePath(
                drawn.map(({ forecast }) => area.x(forecast)),
                drawn.map(({ observed }) => area.y(observed)),
              )}
              fill="none"
              stroke={color}
              strokeOpacity={0.4}
              strokeWidth={1.25}
            />
            {drawn.map(({ forecast, observed, rows, reach: [low, high] }) => (
              <g key={forecast} stroke={color}>
                <line x1={area.x(forecast)} x2={area.x(forecast)} y1={area.y(within(low))} y2={area.y(within(high))} />
                <circle
                  cx={area.x(forecast)}
                  cy={area.y(observed)}
                  r={2.5 + 3.5 * Math.sqrt(rows / most)}
                  fill={color}
                  stroke="none"
                />
              </g>
            ))}
          </>
        )}
      </Plot>
    </>
  );
}
