'use client';
import type { Figure } from '@twostage/core/runs/figures';
import { percent } from '../format.ts';
import { Plot } from '../plot/Plot.tsx';
import { linePath } from '../plot/paths.ts';
import { linearScale } from '../plot/scale.ts';
import { Legend } from './Legend.tsx';

const color = 'var(--series-1)';
const ideal = 'var(--line-strong)';

export function CalibrationFigure({
  figure,
  height,
}: {
  figure: Extract<Figure, { kind: 'calibration' }>;
  height: number;
}) {
  const places = figure.nominal.map((nominal, i) => ({ nominal, observed: figure.observed[i] ?? null }));
  const known = places.flatMap(({ nominal, observed }) => (nominal === null ? [] : [{ nominal, observed }]));
  return (
    <>
      <Legend
        items={[
          { name: 'Observed', color },
          { name: 'If calibrated', color: ideal, dashed: true },
        ]}
      />
      <Plot
        label={`${figure.title}: ${known.map(({ nominal, observed }) => `${percent(nominal, 0)} nominal, ${percent(observed, 0)} observed`).join('; ')}`}
        height={height}
        x={(ticks) => linearScale([0, 1], Math.min(ticks, 10))}
        y={linearScale([0, 1], 5)}
        xLabel="Forecast quantile"
        yLabel="Share of outcomes below"
        readout={{
          xs: known.map(({ nominal }) => nominal),
          at: (i) => ({
            title: `Quantile ${percent(known[i]!.nominal, 0)}`,
            readings: [{ label: 'observed', text: percent(known[i]!.observed), color }],
          }),
        }}
      >
        {(area) => (
          <>
            <line
              x1={area.x(0)}
              y1={area.y(0)}
              x2={area.x(1)}
              y2={area.y(1)}
              stroke={ideal}
              strokeWidth={1.5}
              strokeDasharray="5 4"
            />
            <path
              d={linePath(
                known.map(({ nominal }) => area.x(nominal)),
                known.map(({ observed }) => (observed === null ? Number.NaN : area.y(observed))),
              )}
              fill="none"
              stroke={color}
              strokeWidth={1.75}
            />
            {known.map(
              ({ nominal, observed }) =>
                observed !== null && (
                  <circle key={nominal} cx={area.x(nominal)} cy={area.y(observed)} r={3.5} fill={color} />
                ),
            )}
          </>
        )}
      </Plot>
    </>
  );
}
