'use client';
import type { Figure } from '@twostage/core/runs/figures';
import { day, percent, significant } from '../format.ts';
import { Plot } from '../plot/Plot.tsx';
import { bandPath, linePath } from '../plot/paths.ts';
import { extent, linearScale, timeScale } from '../plot/scale.ts';
import { Legend } from './Legend.tsx';

const forecast = 'var(--series-1)';
const inside = 'var(--ink)';
const outside = 'var(--bad)';

/** What was forecast, how sure, and what came: outcomes outside the interval stand out. */
export function IntervalFigure({ figure, height }: { figure: Extract<Figure, { kind: 'interval' }>; height: number }) {
  const { times, low, middle, high, observed, nominal } = figure;
  const number = (value: number | null | undefined) => value ?? Number.NaN;
  const missed = (i: number) => number(observed[i]) < number(low[i]) || number(observed[i]) > number(high[i]);
  const judged = times.map((_, i) => i).filter((i) => observed[i] != null && low[i] != null && high[i] != null);
  const held = judged.filter((i) => !missed(i)).length;
  return (
    <>
      <Legend
        items={[
          { name: `Forecast, interval of ${percent(nominal, 0)}`, color: forecast },
          { name: 'Observed inside', color: inside, round: true },
          { name: 'Observed outside', color: outside, round: true },
        ]}
      />
      <Plot
        label={`${figure.title}: ${figure.symbol}, ${times.length} bars; ${held} of ${judged.length} outcomes inside the interval that should hold ${percent(nominal, 0)}`}
        height={height}
        x={(ticks) => timeScale(extent(times) ?? [0, 1], ticks)}
        y={linearScale(extent([...low, ...high, ...middle, ...observed]) ?? [0, 1], 5)}
        yLabel={figure.symbol}
        readout={{
          xs: times,
          at: (i) => ({
            title: day(times[i]),
            readings: [
              { label: 'Forecast', text: significant(middle[i], 3), color: forecast },
              { label: 'Interval', text: `${significant(low[i], 3)} to ${significant(high[i], 3)}` },
              { label: 'Observed', text: significant(observed[i], 3), color: missed(i) ? outside : inside },
            ],
          }),
        }}
      >
        {(area) => {
          const xs = times.map(area.x);
          const pixels = (values: readonly (number | null)[]) => times.map((_, i) => area.y(number(values[i])));
          return (
            <>
              <path d={bandPath(xs, pixels(low), pixels(high))} fill={forecast} opacity={0.2} />
              <path d={linePath(xs, pixels(middle))} fill="none" stroke={forecast} strokeWidth={1.5} />
              {pixels(observed).map(
                (y, i) =>
                  Number.isFinite(y) && (
                    <circle
                      key={times[i]}
                      cx={xs[i]}
                      cy={y}
                      r={missed(i) ? 2 : 1.4}
                      fill={missed(i) ? outside : inside}
                      opacity={missed(i) ? 1 : 0.55}
                    />
                  ),
              )}
            </>
          );
        }}
      </Plot>
    </>
  );
}
