'use client';
import type { Figure } from '@twostage/core/runs/figures';
import { day, percent, significant } from '../format.ts';
import { seriesColor } from '../palette.ts';
import { Plot, type PlotArea } from '../plot/Plot.tsx';
import { bandPath, linePath, stretches } from '../plot/paths.ts';
import { extent, linearScale, timeScale } from '../plot/scale.ts';
import { Legend } from './Legend.tsx';

/** The price on a ground of the regime that held, and below it how sure that was. */
export function RegimesFigure({ figure, height }: { figure: Extract<Figure, { kind: 'regimes' }>; height: number }) {
  const { times, close, names, state, posteriors } = figure;
  const span = extent(times) ?? [0, 1];
  const held = names.map(
    (name, regime) => `${name} ${percent(state.filter((s) => s === regime).length / (state.length || 1), 0)}`,
  );
  const nameAt = (i: number) => {
    const regime = state[i];
    return regime == null ? 'unknown' : (names[regime] ?? 'unknown');
  };
  return (
    <>
      <Legend items={names.map((name, regime) => ({ name, color: seriesColor(regime) }))} />
      <Plot
        label={`${figure.title}: close of ${figure.symbol}, ${times.length} bars; ${held.join(', ')} of the time`}
        height={Math.round(height * 0.65)}
        hint={false}
        x={(ticks) => timeScale(span, ticks)}
        y={linearScale(extent(close) ?? [0, 1], 4)}
        yLabel={`${figure.symbol}, close`}
        readout={{
          xs: times,
          at: (i) => ({
            title: day(times[i]),
            readings: [
              { label: 'Close', text: significant(close[i]) },
              {
                label: 'Regime',
                text: nameAt(i),
                color: state[i] == null ? undefined : seriesColor(state[i]!),
              },
            ],
          }),
        }}
      >
        {(area) => (
          <>
            {stretches(state).map(({ value, from, to }) =>
              value === null ? null : (
                <rect
                  key={from}
                  x={area.x(times[from]!)}
                  y={area.top}
                  width={Math.max(0.75, area.x(times[Math.min(to + 1, times.length - 1)]!) - area.x(times[from]!))}
                  height={area.height}
                  fill={seriesColor(value)}
                  opacity={0.24}
                />
              ),
            )}
            <path
              d={linePath(
                times.map(area.x),
                close.map((value) => (value === null ? Number.NaN : area.y(value))),
              )}
              fill="none"
              stroke="var(--ink)"
              strokeWidth={1.1}
            />
          </>
        )}
      </Plot>
      {posteriors.length > 0 && (
        <Plot
          label={`Probability of each regime at each bar: ${names.join(', ')}`}
          height={Math.round(height * 0.42)}
          x={(ticks) => timeScale(span, ticks)}
          y={linearScale([0, 1], 2)}
          yLabel="Probability"
          readout={{
            xs: times,
            at: (i) => ({
              title: day(times[i]),
              readings: names.map((name, regime) => ({
                label: name,
                text: percent(posteriors[regime]?.[i], 0),
                color: seriesColor(regime),
              })),
            }),
          }}
        >
          {(area) => <Stack area={area} times={times} shares={posteriors} />}
        </Plot>
      )}
    </>
  );
}

/** Shares on top of each other, the first at the bottom. */
function Stack({
  area,
  times,
  shares,
}: {
  area: PlotArea;
  times: readonly number[];
  shares: readonly (readonly (number | null)[])[];
}) {
  const xs = times.map(area.x);
  let floor = times.map(() => 0);
  return shares.map((share, regime) => {
    const from = floor;
    const to = from.map((value, i) => value + (share[i] ?? Number.NaN));
    floor = to;
    return (
      <path key={regime} d={bandPath(xs, from.map(area.y), to.map(area.y))} fill={seriesColor(regime)} opacity={0.7} />
    );
  });
}
