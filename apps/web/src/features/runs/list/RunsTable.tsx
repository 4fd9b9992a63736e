'use client';
import Link from 'next/link';
import { type KeyboardEvent, useRef } from 'react';
import type { RunRow } from '../../../server/contracts/runs.ts';
import { cx } from '../../../ui/cx.ts';
import { ago, dateTime, duration, signed } from '../../../ui/format.ts';
import { SortHeader } from '../../../ui/SortHeader.tsx';
import { useShortcuts } from '../../../ui/useShortcuts.ts';
import { RunStateBadge, SimulatedBadge } from '../badges.tsx';
import { durationMs, type RunsView, type SortKey } from './listQuery.ts';
import { FamilyList, PlanOfRun, RunProgress } from './RunParts.tsx';

/** Runs as a table; arrows move through the rows, Enter opens, Space selects. */
export function RunsTable({
  runs,
  view,
  now,
  selected,
  mostSelected,
  onToggle,
  onSort,
}: {
  runs: readonly RunRow[];
  view: RunsView;
  now: number;
  selected: ReadonlySet<string>;
  mostSelected: number;
  onToggle: (id: string) => void;
  onSort: (key: SortKey) => void;
}) {
  const body = useRef<HTMLTableSectionElement>(null);
  const rowLinks = () => [...(body.current?.querySelectorAll<HTMLElement>('[data-row-link]') ?? [])];
  useShortcuts({
    ArrowDown: () => rowLinks()[0]?.focus(),
    ArrowUp: () => rowLinks().at(-1)?.focus(),
  });
  const onKeyDown = (event: KeyboardEvent<HTMLTableSectionElement>) => {
    const row = (event.target as HTMLElement).closest('tr');
    const links = rowLinks();
    const index = links.findIndex((link) => row?.contains(link));
    const goTo = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: links.length - 1 }[event.key];
    if (goTo !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      links[Math.min(links.length - 1, Math.max(0, goTo))]?.focus();
    } else if (event.key === ' ' && event.target instanceof HTMLAnchorElement && row?.dataset.run) {
      event.preventDefault();
      onToggle(row.dataset.run);
    }
  };
  const header = (key: SortKey, label: string, numeric?: boolean) => (
    <SortHeader direction={view.sort === key ? view.direction : null} onSort={() => onSort(key)} numeric={numeric}>
      {label}
    </SortHeader>
  );
  return (
    <table className="w-full border-collapse text-sm">
      <caption className="sr-only">Runs</caption>
      <thead className="border-line border-b text-muted text-xs">
        <tr>
          <th scope="col" className="w-9 py-2 pl-4">
            <span className="sr-only">Select for comparison</span>
          </th>
          {header('name', 'Run')}
          {header('state', 'State')}
          <th scope="col" className="px-3 py-2 text-left">
            Families
          </th>
          <th scope="col" className="px-3 py-2 text-left">
            Dataset and targets
          </th>
          {header('progress', 'Trainings')}
          {header('best', 'Best IC', true)}
          {header('createdAt', 'Created')}
          {header('duration', 'Duration', true)}
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={onKeyDown} className="divide-y divide-line">
        {runs.map((run) => (
          <tr
            key={run.id}
            data-run={run.id}
            aria-selected={selected.has(run.id)}
            className={cx(
              'group h-12 transition-colors focus-within:bg-hover hover:bg-hover',
              selected.has(run.id) && 'bg-accent-soft',
            )}
          >
            <td className="pl-4">
              <input
                type="checkbox"
                aria-label={`Select run ${run.number} ${run.name}`}
                checked={selected.has(run.id)}
                disabled={!selected.has(run.id) && selected.size >= mostSelected}
                onChange={() => onToggle(run.id)}
                className="size-3.5 align-middle"
              />
            </td>
            <th scope="row" className="w-[34%] min-w-56 max-w-0 px-3 text-left">
              <span className="flex min-w-0 items-center gap-2">
                <Link
                  href={`/runs/${run.id}`}
                  data-row-link
                  className="flex min-w-0 items-baseline gap-2 rounded font-medium hover:text-accent"
                  title={run.name}
                >
                  <span className="w-7 shrink-0 text-right font-normal text-faint">{run.number}</span>
                  <span className="truncate">{run.name}</span>
                </Link>
                <PlanOfRun plan={run.plan} />
              </span>
            </th>
            <td className="px-3">
              <RunStateBadge state={run.state} reason={run.reason} />
            </td>
            <td className="px-3">
              <FamilyList families={run.families} />
            </td>
            <td className="max-w-72 px-3">
              <span className="flex items-center gap-1.5 leading-4">
                <span className="truncate" title={run.dataset?.name}>
                  {run.dataset?.name ?? <span className="text-faint">removed</span>}
                </span>
                {run.dataset?.simulated && <SimulatedBadge />}
              </span>
              <span className="block truncate text-faint text-xs" title={run.targets.join(', ')}>
                {run.targets.join(', ')}
              </span>
            </td>
            <td className="px-3">
              <RunProgress run={run} />
            </td>
            <td className="num px-3" title={run.bestIc?.training}>
              {run.bestIc ? signed(run.bestIc.value, 4) : <span className="text-faint">–</span>}
            </td>
            <td className="max-w-40 px-3" title={dateTime(run.createdAt)}>
              <span className="block whitespace-nowrap text-muted leading-4">{now ? ago(run.createdAt, now) : ''}</span>
              <span className="block truncate text-faint text-xs">by {run.createdBy?.name ?? 'twostage'}</span>
            </td>
            <td className="num px-3 pr-4 text-muted">{now ? duration(durationMs(run, now)) : ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
