import type { PlotArea } from './Plot.tsx';
import type { Scale } from './scale.ts';

/** Ticks, grid and names of the axes. */
export function Axes({
  area,
  x,
  y,
  xLabel,
  yLabel,
  width,
  height,
}: {
  area: PlotArea;
  x: Scale;
  y: Scale;
  xLabel?: string;
  yLabel?: string;
  width: number;
  height: number;
}) {
  const floor = area.top + area.height;
  return (
    <g aria-hidden>
      {y.ticks.map((tick) => (
        <g key={tick.at} transform={`translate(0 ${area.y(tick.at)})`}>
          <line x1={area.left} x2={area.left + area.width} stroke="var(--line)" />
          <text x={area.left - 6} y={3.5} textAnchor="end" fill="var(--faint)">
            {tick.label}
          </text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <g key={tick.at} transform={`translate(${area.x(tick.at)} 0)`}>
          <line y1={floor} y2={floor + 4} stroke="var(--line-strong)" />
          <text y={floor + 15} textAnchor={area.x(tick.at) > width - 24 ? 'end' : 'middle'} fill="var(--faint)">
            {tick.label}
          </text>
        </g>
      ))}
      <line x1={area.left} x2={area.left + area.width} y1={floor} y2={floor} stroke="var(--line-strong)" />
      {yLabel && (
        <text x={4} y={10} fill="var(--muted)">
          {yLabel}
        </text>
      )}
      {xLabel && (
        <text x={area.left + area.width} y={height - 3} textAnchor="end" fill="var(--muted)">
          {xLabel}
        </text>
      )}
    </g>
  );
}
