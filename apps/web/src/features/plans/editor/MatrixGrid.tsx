'use client';
import type { PlanJob } from '@twostage/core/plans/masterPlan';
import type { FamilyId } from '@twostage/core/families/family';
import { Check, MessageSquare, Minus } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useRef } from 'react';
import { cx } from '../../../ui/cx.ts';
import { routeLooks } from '@twostage/figures/run/planLooks';
import { type Cell, cellKey, type Matrix, neighbour, rectangle } from './cells.ts';

export interface Selection {
  /** By `cellKey`. */
  readonly cells: ReadonlySet<string>;
  /** Where a range begins. */
  readonly anchor: Cell | null;
  /** The cell that the keys move. */
  readonly head: Cell | null;
}

const tones: Record<string, string> = {
  accent: 'bg-accent-soft text-accent',
  cpu: 'bg-cpu-soft text-cpu',
  gpu: 'bg-gpu-soft text-gpu',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
};

/**
 * Targets by symbols. A cell shows the route of its job by its colour and how many families it trains; with a family, whether it trains
 * that one. Clicks, drags of Shift and the arrow keys choose cells.
 */
export function MatrixGrid({
  matrix,
  selection,
  onSelect,
  family,
  comments,
  onKey,
}: {
  matrix: Matrix;
  selection: Selection;
  onSelect: (selection: Selection) => void;
  /** Shown alone where given. */
  family: FamilyId | null;
  /** Open ones, by job. */
  comments: ReadonlyMap<string, number>;
  /** Keys that do something to what is chosen. @returns whether it did */
  onKey?: (event: KeyboardEvent) => boolean;
}) {
  const table = useRef<HTMLTableElement>(null);
  const { targets, symbols, jobs } = matrix;
  const all = targets.flatMap((target) => symbols.map((symbol) => ({ target, symbol })));
  // What was chosen last may have been removed: some cell is always to be reached by Tab.
  const isThere = (cell: Cell) => targets.includes(cell.target) && symbols.includes(cell.symbol);
  const head = selection.head && isThere(selection.head) ? selection.head : (all[0] ?? null);
  const select = (cells: readonly Cell[], anchor: Cell, focus: Cell) =>
    onSelect({ cells: new Set(cells.map(cellKey)), anchor, head: focus });

  const click = (cell: Cell, event: MouseEvent) => {
    if (event.shiftKey && selection.anchor)
      return select(rectangle(matrix, selection.anchor, cell), selection.anchor, cell);
    if (event.ctrlKey || event.metaKey) {
      const cells = new Set(selection.cells);
      const key = cellKey(cell);
      if (!cells.delete(key)) cells.add(key);
      return onSelect({ cells, anchor: cell, head: cell });
    }
    select([cell], cell, cell);
  };
  const keyDown = (event: KeyboardEvent) => {
    if (!head) return;
    if (onKey?.(event)) return event.preventDefault();
    if ((event.ctrlKey || event.metaKey) && event.key === 'a') {
      event.preventDefault();
      return select(all, all[0]!, head);
    }
    if (event.key === 'Escape') return onSelect({ cells: new Set(), anchor: null, head });
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = neighbour(matrix, head, event.key);
    if (cellKey(next) === cellKey(head)) return;
    event.preventDefault();
    const anchor = event.shiftKey ? (selection.anchor ?? head) : next;
    select(event.shiftKey ? rectangle(matrix, anchor, next) : [next], anchor, next);
    table.current?.querySelector<HTMLElement>(`[data-cell=${CSS.escape(cellKey(next))}]`)?.focus();
  };

  return (
    <div className="scroll-thin max-h-[60vh] overflow-auto">
      <table ref={table} aria-label="Jobs by target and symbol" className="border-separate border-spacing-0 text-xs">
        <thead>
          <tr>
            <th
              scope="col"
              className="sticky top-0 left-0 z-20 border-line border-r border-b bg-surface px-3 py-1.5 text-left text-muted"
            >
              Target
            </th>
            {symbols.map((symbol) => (
              <th
                key={symbol ?? ''}
                scope="col"
                className={cx(
                  'sticky top-0 z-10 border-line border-b bg-surface px-0.5 py-1 font-medium',
                  symbol === null && 'border-r',
                )}
              >
                <button
                  type="button"
                  tabIndex={-1}
                  title={
                    symbol === null ? 'Choose the jobs of all symbols together' : `Choose every target on ${symbol}`
                  }
                  onClick={() =>
                    targets.length > 0 &&
                    select(
                      targets.map((target) => ({ target, symbol })),
                      { target: targets[0]!, symbol },
                      { target: targets[0]!, symbol },
                    )
                  }
                  className="w-full whitespace-nowrap rounded px-1 py-0.5 hover:bg-hover"
                >
                  {symbol ?? 'All symbols'}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {targets.map((target) => (
            <tr key={target}>
              <th
                scope="row"
                className="sticky left-0 z-10 border-line border-r bg-surface px-1 py-0.5 text-left font-medium"
              >
                <button
                  type="button"
                  tabIndex={-1}
                  title={`Choose ${target} on every symbol`}
                  onClick={() =>
                    select(
                      symbols.map((symbol) => ({ target, symbol })),
                      { target, symbol: null },
                      { target, symbol: null },
                    )
                  }
                  className="max-w-48 truncate rounded px-2 py-0.5 hover:bg-hover"
                >
                  {target}
                </button>
              </th>
              {symbols.map((symbol) => {
                const cell = { target, symbol };
                const key = cellKey(cell);
                return (
                  <GridCell
                    key={key}
                    cell={cell}
                    jobs={jobs.get(key) ?? []}
                    family={family}
                    comments={comments}
                    chosen={selection.cells.has(key)}
                    focusable={head !== null && cellKey(head) === key}
                    onClick={click}
                    onKeyDown={keyDown}
                  />
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function GridCell({
  cell,
  jobs,
  family,
  comments,
  chosen,
  focusable,
  onClick,
  onKeyDown,
}: {
  cell: Cell;
  jobs: readonly PlanJob[];
  family: FamilyId | null;
  comments: ReadonlyMap<string, number>;
  chosen: boolean;
  focusable: boolean;
  onClick: (cell: Cell, event: MouseEvent) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}) {
  const [job] = jobs;
  const look = job && routeLooks[job.route];
  const trains = job && job.route !== 'ROUTE_BLOCKED' && job.model_families.length > 0;
  const talked = jobs.reduce((sum, { job_id: id }) => sum + (comments.get(id) ?? 0), 0);
  const place = `${cell.target}, ${cell.symbol ?? 'all symbols'}`;
  const words = job
    ? `${place}: ${look!.label}, ${trains ? job.model_families.join(', ') : 'trains nothing'}${jobs.length > 1 ? `, and ${jobs.length - 1} more jobs` : ''}`
    : `${place}: no job`;
  return (
    <td className={cx('p-0.5', cell.symbol === null && 'border-line border-r')}>
      <button
        type="button"
        data-cell={cellKey(cell)}
        tabIndex={focusable ? 0 : -1}
        aria-label={words}
        title={job?.reason ? `${words}\n${job.reason}` : words}
        onClick={(event) => onClick(cell, event)}
        onKeyDown={onKeyDown}
        aria-pressed={chosen}
        className={cx(
          'relative flex h-7 min-w-12 items-center justify-center gap-0.5 rounded px-1 font-medium transition-colors',
          look ? tones[look.tone] : 'border border-line border-dashed text-faint hover:bg-hover',
          job && !trains && 'opacity-60',
          cell.symbol === null && 'w-full min-w-20',
          chosen && 'outline-2 outline-accent outline-offset-[-1px]',
        )}
      >
        {job &&
          (family ? <HasFamily has={job.model_families.includes(family)} /> : <Amount job={job} jobs={jobs.length} />)}
        {talked > 0 && <MessageSquare aria-hidden className="absolute -top-0.5 -right-0.5 size-2.5 fill-current" />}
      </button>
    </td>
  );
}

const HasFamily = ({ has }: { has: boolean }) =>
  has ? <Check aria-hidden className="size-3.5" /> : <Minus aria-hidden className="size-3 opacity-40" />;

function Amount({ job, jobs }: { job: PlanJob; jobs: number }) {
  if (job.route === 'ROUTE_BLOCKED') return <span aria-hidden>✕</span>;
  const count = job.model_families.length;
  return (
    <>
      {count === 0 ? '·' : count}
      {jobs > 1 && <span className="text-2xs">+{jobs - 1}</span>}
    </>
  );
}
