'use client';
import type { TrainingView } from '@twostage/core/runs/view';
import { useMemo } from 'react';
import { LineChart } from '../../../ui/LineChart.tsx';
import { seriesColor, seriesDash } from '@twostage/figures/palette';
import { lossTable } from '@twostage/figures/run/lossSeries';
import { scalarCharts, scalarLines } from '@twostage/figures/run/scalarSeries';

/** What the family shows beside its loss (a reward, two networks against each other, weights of tasks), by step. */
export function ScalarCharts({
  training,
  fold,
  drawn,
  logX,
  height,
}: {
  training: TrainingView;
  fold: number;
  /** Changes when the training has news. */
  drawn: number;
  logX: boolean;
  height: number;
}) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; `drawn` says when
  const charts = useMemo(
    () => scalarCharts(scalarLines(training, fold)).map((lines) => ({ lines, table: lossTable(lines, false) })),
    [drawn, training, fold],
  );
  if (charts.length === 0) return null;
  return (
    <div className="mt-3 grid gap-3 border-line border-t pt-3">
      {charts.map(({ lines, table }) => {
        const names = lines.map(({ label }) => label).join(', ');
        return (
          <LineChart
            key={names}
            label={`Beside the loss, fold ${fold + 1}: ${names}`}
            x={table.steps}
            ys={table.losses}
            series={lines.map(({ key, label, color }) => ({
              key,
              label,
              color: seriesColor(color + 1),
              dash: seriesDash(color),
            }))}
            xLabel="Step"
            logX={logX}
            height={height}
          />
        );
      })}
    </div>
  );
}
