'use client';
import { CurvesPanel } from './CurvesPanel.tsx';
import { LogTail } from './LogTail.tsx';
import { StageBands } from './StageBands.tsx';
import { TimelinePanel } from './TimelinePanel.tsx';

/** Both stages with their trainings and the run on its time axis; beside them the chosen training's curves and the newest lines. */
export function OverviewTab() {
  return (
    <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_26rem] 2xl:grid-cols-[minmax(0,1fr)_34rem]">
      <div className="flex min-w-0 flex-col gap-4">
        <StageBands />
        <TimelinePanel compact />
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <CurvesPanel height={230} compact />
        <LogTail />
      </div>
    </div>
  );
}
