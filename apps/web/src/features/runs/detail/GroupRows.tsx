'use client';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { cx } from '../../../ui/cx.ts';
import { frameworkNames } from '../frameworks.ts';
import { useRunView } from '../live/useLiveRun.ts';
import { GroupBar } from './GroupBar.tsx';
import { narrowColumns, RowWide, TrainingRow, trainingColumns } from './TrainingRow.tsx';
import { groupProgress, type TrainingGroup } from './trainingGroups.ts';
import { useChosenTraining } from './useChosenTraining.ts';

/** Rows at first; a run of every symbol alone has thousands. */
const firstRows = 100;

/** The rows of one library's trainings; in a stage of several, under a header that folds them. */
export function GroupRows({ group, headed }: { group: TrainingGroup; headed: boolean }) {
  const { view } = useRunView('results');
  const [chosen, choose] = useChosenTraining(view);
  const [open, setOpen] = useState(true);
  const [all, setAll] = useState(false);
  const { trainings, framework } = group;
  const places = new Map([...view.trainings.keys()].map((id, index) => [id, index]));
  const shown = all ? trainings : trainings.slice(0, firstRows);
  return (
    <tbody className="divide-y divide-line border-line border-b last:border-b-0">
      {headed && (
        <tr className="bg-sunken">
          <th scope="rowgroup" colSpan={narrowColumns} className="px-3 py-1 text-left sm:px-4">
            <GroupHeader group={group} open={open} onToggle={() => setOpen(!open)} />
          </th>
          <td colSpan={trainingColumns.length - narrowColumns} className="max-sm:hidden" />
        </tr>
      )}
      {open &&
        shown.map(({ spec }) => (
          <TrainingRow
            key={spec.id}
            id={spec.id}
            color={places.get(spec.id) ?? 0}
            chosen={spec.id === chosen}
            onChoose={() => choose(spec.id)}
          />
        ))}
      {open && shown.length < trainings.length && (
        <tr>
          <RowWide className="px-4 py-1.5">
            <Button size="sm" variant="ghost" onClick={() => setAll(true)}>
              Show all {trainings.length} of {frameworkNames[framework]}
            </Button>
          </RowWide>
        </tr>
      )}
    </tbody>
  );
}

function GroupHeader({
  group: { framework, trainings },
  open,
  onToggle,
}: {
  group: TrainingGroup;
  open: boolean;
  onToggle: () => void;
}) {
  const { ended, running } = groupProgress(trainings);
  const name = frameworkNames[framework];
  return (
    <span className="flex items-center gap-3">
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="flex items-center gap-1.5 rounded font-medium text-xs hover:text-accent"
      >
        <ChevronRight aria-hidden className={cx('size-3 transition-transform', open && 'rotate-90')} />
        {name}
      </button>
      <span className="font-normal text-faint text-xs">
        {ended} of {trainings.length} ended{running > 0 && `, ${running} running`}
      </span>
      <GroupBar trainings={trainings} label={`Progress of ${name}`} tone="gpu" />
    </span>
  );
}
