'use client';
import { type FamilyId, familyIds } from '@twostage/core/families/family';
import type { PlanJob } from '@twostage/core/plans/masterPlan';
import type { KeyboardEvent, ReactNode } from 'react';
import { useMemo, useState } from 'react';
import { Select } from '../../../ui/Field.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { type Cell, cellKey, matrixOf } from './cells.ts';
import { Inspector, type InspectorProps } from './Inspector.tsx';
import { MatrixGrid, type Selection } from './MatrixGrid.tsx';
import { RouteLegend } from './RouteLegend.tsx';

const nothing: Selection = { cells: new Set(), anchor: null, head: null };

/** A plan as target by symbol, with what is chosen beside it. */
export function PlanMatrix({
  jobs,
  symbols,
  also,
  comments,
  apply,
  onKey,
  toolbar,
  discussion,
}: {
  jobs: readonly PlanJob[];
  /** How many a model of all would be trained on. */
  symbols: number;
  /** Rows and columns without a job. */
  also?: { targets: readonly string[]; symbols: readonly string[] };
  comments: ReadonlyMap<string, number>;
  apply: InspectorProps['apply'];
  onKey?: (event: KeyboardEvent, chosen: ReadonlySet<string>, family: FamilyId | null) => boolean;
  toolbar?: ReactNode;
  discussion?: InspectorProps['discussion'];
}) {
  const [selection, setSelection] = useState(nothing);
  const [family, setFamily] = useState<FamilyId | null>(null);
  const matrix = useMemo(() => matrixOf(jobs, also), [jobs, also]);
  const cells: Cell[] = matrix.targets.flatMap((target) =>
    matrix.symbols.map((symbol) => ({ target, symbol })).filter((cell) => selection.cells.has(cellKey(cell))),
  );
  const chosen = cells.flatMap((cell) => matrix.jobs.get(cellKey(cell)) ?? []);
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
      <Panel
        title="Targets and symbols"
        flush
        aside={
          <>
            {toolbar}
            <Select
              aria-label="Show one family"
              value={family ?? ''}
              onChange={(event) => setFamily((event.target.value || null) as FamilyId | null)}
              className="h-7 w-44 text-xs"
            >
              <option value="">How many families</option>
              {familyIds.map((id) => (
                <option key={id} value={id}>
                  {id}
                </option>
              ))}
            </Select>
          </>
        }
      >
        <div className="border-line border-b px-4 py-2">
          <RouteLegend jobs={jobs} />
        </div>
        {matrix.targets.length === 0 ? (
          <p className="p-4 text-muted">No job yet. {apply && 'Add a target, then choose its cells.'}</p>
        ) : (
          <MatrixGrid
            {...{ matrix, selection, family, comments }}
            onSelect={setSelection}
            {...(onKey && { onKey: (event: KeyboardEvent) => onKey(event, selection.cells, family) })}
          />
        )}
      </Panel>
      <div className="scroll-thin min-w-0 xl:sticky xl:top-16 xl:max-h-[calc(100vh-9.5rem)] xl:overflow-y-auto">
        <Inspector
          {...{ cells, symbols, apply }}
          targets={matrix.targets}
          jobs={chosen}
          {...(discussion && { discussion })}
        />
      </div>
    </div>
  );
}
