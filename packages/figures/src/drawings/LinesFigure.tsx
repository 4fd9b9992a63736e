'use client';
import type { Figure } from '@twostage/core/runs/figures';
import { day, significant } from '../format.ts';
import { seriesColor, seriesDash } from '../palette.ts';
import { Plot } from '../plot/Plot.tsx';
import { linePath } from '../plot/paths.ts';
import { extent, linearScale, logScale, timeScale } from '../plot/scale.ts';
import { Legend } from './Legend.tsx';

export function LinesFigure({ figure, height }: { figure: Extract<Figure, { kind: 'lines' }>; height: number }) {
  const { series, xKind, logarithmic } = figure;
  const time = xKind === 'time';
  const values = series.flatMap(({ y }) => y).filter((value) => value !== null && (!logarithmic || value > 0));
  const yExtent = extent(values) ?? [0, 1];
  const xExtent = extent(series.flatMap(({ x }) => x)) ?? [0, 1];
  const xs = [...new Set(series.flatMap(({ x }) => x))].sort((a, b) => a - b);
  const indexBySeries = series.map(({ x }) => new Map(x.map((at, i) => [at, i])));
  return (
    <>
      {series.length > 1 && (
        <Legend
          items={series.map(({ name }, i) => ({ name, color: seriesColor(i), dashed: seriesDash(i) !== undefined }))}
        />
      )}
      <Plot
        label={`${figure.title}: ${series.map(({ name }) => name).join(', ')} by ${figure.xLabel}`}
        height={height}
        x={(ticks) => (time ? timeScale(xExtent, ticks) : linearScale(xExtent, ticks, xs.every(Number.isInteger)))}
        y={(logarithmic ? logScale : linearScale)(yExtent, 5)}
        xLabel={time ? undefined : figure.xLabel}
        yLabel={figure.yLabel}
        readout={{
          xs,
          at: (place) => ({
            title: time ? day(xs[place]) : `${figure.xLabel} ${significant(xs[place])}`,
            readings: series.flatMap(({ name, y }, i) => {
              const index = indexBySeries[i]!.get(xs[place]!);
              return index === undefined ? [] : [{ label: name, text: significant(y[index]), color: seriesColor(i) }];
            }),
          }),
        }}
      >
        {(area) =>
          series.map(({ name, x, y }, i) => {
            const pixels = y.map((value) => (value === null ? Number.NaN : area.y(value)));
            return (
              <g key={name}>
                <path
                  d={linePath(x.map(area.x), pixels)}
                  fill="none"
                  stroke={seriesColor(i)}
                  strokeWidth={1.75}
                  strokeLinejoin="round"
                  strokeDasharray={seriesDash(i)?.join(' ')}
                />
                {x.length <= 24 &&
                  x.map(
                    (at, k) =>
                      Number.isFinite(pixels[k]) && (
                        <circle key={at} cx={area.x(at)} cy={pixels[k]} r={2.5} fill={seriesColor(i)} />
                      ),
                  )}
              </g>
            );
          })
        }
      </Plot>
    </>
  );
}
