'use client';
import { useTheme } from 'next-themes';
import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { significant } from './format.ts';
import { useWidth } from '@twostage/figures/useWidth';

export interface ChartSeries {
  readonly key: string;
  readonly label: string;
  /** A CSS colour or `var(--x)`. */
  readonly color: string;
  readonly dash?: number[];
  readonly width?: number;
}

/** Lines over a shared x axis on a canvas; the legend shows the figures under the pointer. */
export function LineChart({
  label,
  x,
  ys,
  series,
  xLabel,
  logX,
  logY,
  height,
}: {
  /** What the picture shows, for those who don't see it. */
  label: string;
  x: readonly number[];
  ys: readonly (readonly (number | null)[])[];
  series: readonly ChartSeries[];
  xLabel: string;
  logX?: boolean;
  logY?: boolean;
  height: number;
}) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const { resolvedTheme } = useTheme();
  const chart = useRef<uPlot | null>(null);
  const aligned = useMemo(() => [x, ...ys] as uPlot.AlignedData, [x, ys]);
  const data = useRef(aligned);
  const look = JSON.stringify({ series, xLabel, logX, logY, resolvedTheme });
  const sized = width > 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `look` stands for what the chart is built of
  useEffect(() => {
    const root = frame.current;
    if (!root || !sized) return;
    const built = new uPlot(
      options({ series, xLabel, logX, logY, width: root.clientWidth, height }),
      data.current,
      root,
    );
    chart.current = built;
    return () => {
      chart.current = null;
      built.destroy();
    };
  }, [look, sized]);
  useEffect(() => {
    if (sized) chart.current?.setSize({ width, height });
  }, [width, height, sized]);
  useEffect(() => {
    data.current = aligned;
    chart.current?.setData(aligned);
  }, [aligned]);

  return (
    <div role="img" aria-label={label} className="min-w-0">
      <div ref={frame} className="min-w-0 overflow-hidden" style={{ minHeight: height }} />
    </div>
  );
}

function options(input: {
  series: readonly ChartSeries[];
  xLabel: string;
  logX?: boolean;
  logY?: boolean;
  width: number;
  height: number;
}): uPlot.Options {
  const axis = {
    stroke: computedColor('var(--faint)'),
    font: '11px ui-sans-serif, system-ui, sans-serif',
    grid: { stroke: computedColor('var(--line)'), width: 1 },
    ticks: { stroke: computedColor('var(--line)'), width: 1, size: 4 },
  };
  return {
    width: input.width,
    height: input.height,
    padding: [8, 20, 0, 0],
    cursor: { drag: { x: true, y: false }, points: { size: 6 } },
    legend: { live: true },
    scales: { x: { time: false, distr: input.logX ? 3 : 1 }, y: { distr: input.logY ? 3 : 1 } },
    axes: [
      // Steps are whole.
      {
        ...axis,
        incrs: wholeSteps,
        size: 32,
        gap: 4,
        values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : String(tick))),
      },
      {
        ...axis,
        size: 66,
        gap: 6,
        values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : axisText(tick))),
      },
    ],
    series: [
      { label: input.xLabel, value: (_, value) => (value === null ? '–' : String(value)) },
      ...input.series.map(
        (line): uPlot.Series => ({
          label: line.label,
          stroke: computedColor(line.color),
          width: line.width ?? 1.5,
          dash: line.dash,
          spanGaps: true,
          points: { show: (_plot, _series, first, last) => last - first < 3, size: 5 },
          value: (_, value) => significant(value),
        }),
      ),
    ],
  };
}

const wholeSteps = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

/** Six significant digits at most, without the noise of floating point. */
const axisText = (value: number): string => {
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e6)) return value.toExponential(0).replace('-', '−');
  return String(Number(value.toPrecision(6))).replace('-', '−');
};

/** A custom property as the browser computes it now: a canvas knows no `var()`. */
function computedColor(color: string): string {
  const name = color.match(/^var\((--[\w-]+)\)$/)?.[1];
  return name ? getComputedStyle(document.documentElement).getPropertyValue(name).trim() : color;
}
