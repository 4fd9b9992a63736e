'use client';
import { CurvesPanel } from './CurvesPanel.tsx';
import { StageBands } from './StageBands.tsx';
import { TimelinePanel } from './TimelinePanel.tsx';

/** Both stages with their trainings, and beside them the curves of the chosen one and the run on its time axis. */
export function OverviewTab() {
  return (
    <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_26rem] 2xl:grid-cols-[minmax(0,1fr)_32rem]">
      <StageBands />
      <div className="flex min-w-0 flex-col gap-4">
        <CurvesPanel height={220} compact />
        <TimelinePanel compact />
      </div>
    </div>
  );
}
