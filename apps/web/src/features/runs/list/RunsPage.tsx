'use client';
import { may } from '@twostage/core/access/roles';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { FlaskConical, GitCompare, SearchX } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { useTRPC } from '../../../trpc/client.tsx';
import { Button, buttonClass } from '../../../ui/Button.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../../ui/Feedback.tsx';
import { plural } from '../../../ui/format.ts';
import { PageHeader } from '../../../ui/PageHeader.tsx';
import { useQueryState } from '../../../ui/queryState.ts';
import { useNow } from '../../../ui/useNow.ts';
import { useShortcuts } from '../../../ui/useShortcuts.ts';
import { useMe } from '../../shell/AppShell.tsx';
import { useRunsWatch } from '../live/useRunsWatch.ts';
import { isFiltered, listInput, readRunsView, type SortKey, sortRuns } from './listQuery.ts';
import { RunCards } from './RunCards.tsx';
import { RunsFilter } from './RunsFilter.tsx';
import { RunsTable } from './RunsTable.tsx';

const mostCompared = 6;

export function RunsPage() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const me = useMe();
  const { params, set } = useQueryState();
  const view = useMemo(() => readRunsView(params), [params]);
  const list = useInfiniteQuery(
    trpc.runs.list.infiniteQueryOptions(listInput(view), {
      getNextPageParam: (page) => page.nextCursor,
      placeholderData: keepPreviousData,
    }),
  );
  useRunsWatch(() => void queryClient.invalidateQueries(trpc.runs.list.pathFilter()));

  const loaded = useMemo(() => list.data?.pages.flatMap((page) => page.runs) ?? [], [list.data]);
  const now = useNow(true, loaded.some((run) => run.startedAt && !run.endedAt) ? 1000 : 15_000);
  const runs = useMemo(() => sortRuns(loaded, view, now), [loaded, view, now]);
  const total = list.data?.pages[0]?.total ?? 0;

  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id) && next.size < mostCompared) next.add(id);
    setSelected(next);
  };
  const compare = () => {
    if (selected.size >= 2) router.push(`/compare?runs=${[...selected].join(',')}`);
  };
  useShortcuts({ c: compare });
  const sort = (key: SortKey) => {
    const again = view.sort === key;
    const direction = again ? (view.direction === 'desc' ? 'asc' : 'desc') : key === 'name' ? 'asc' : 'desc';
    set({ sort: key === 'createdAt' && direction === 'desc' ? null : key, dir: direction === 'desc' ? null : 'asc' });
  };
  const mayStart = may({ userId: me.id, role: me.role }, { kind: 'run.start' });
  const shared = { runs, now, selected, mostSelected: mostCompared, onToggle: toggle };

  return (
    <>
      <PageHeader
        title="Runs"
        meta={
          list.data
            ? plural(total, isFiltered(view) ? 'match' : 'run', isFiltered(view) ? 'matches' : 'runs')
            : undefined
        }
      />
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <RunsFilter view={view} set={set} />
        <div className="ml-auto flex items-center gap-2" aria-live="polite">
          {selected.size > 0 && (
            <>
              <span className="text-muted">
                {selected.size} selected{selected.size === 1 && ', one more to compare'}
              </span>
              <Button variant="ghost" onClick={() => setSelected(new Set())}>
                Clear selection
              </Button>
              <Button
                variant="primary"
                disabled={selected.size < 2}
                onClick={compare}
                icon={<GitCompare aria-hidden className="size-3.5" />}
              >
                Compare
              </Button>
            </>
          )}
        </div>
      </div>
      <section
        aria-label="List of runs"
        className="overflow-hidden rounded-lg border border-line bg-surface shadow-flat"
      >
        {list.isPending && <SkeletonRows rows={8} label="Loading the runs" />}
        {list.isError && (
          <ErrorState
            title="The runs could not be loaded"
            message={list.error.message}
            onRetry={() => void list.refetch()}
          />
        )}
        {list.isSuccess && runs.length === 0 && isFiltered(view) && (
          <EmptyState
            icon={<SearchX aria-hidden />}
            title="No run matches"
            action={<Button onClick={() => set({ q: null, state: null, family: null })}>Clear the filter</Button>}
          />
        )}
        {list.isSuccess && runs.length === 0 && !isFiltered(view) && (
          <EmptyState
            icon={<FlaskConical aria-hidden />}
            title="No run yet"
            action={
              mayStart && (
                <Link href="/runs/new" className={buttonClass('primary')}>
                  Launch the first run
                </Link>
              )
            }
          >
            A run trains the families you choose, CPU stage first, then GPU stage, and shows each of them live.
            {!mayStart && ' A member can launch one.'}
          </EmptyState>
        )}
        {runs.length > 0 && (
          <>
            <div className="scroll-thin overflow-x-auto max-md:hidden">
              <RunsTable {...shared} view={view} onSort={sort} />
            </div>
            <div className="md:hidden">
              <RunCards {...shared} />
            </div>
          </>
        )}
        {list.hasNextPage && (
          <div className="flex items-center justify-center gap-3 border-line border-t py-3 text-muted">
            <span>
              {loaded.length} of {total} shown
            </span>
            <Button size="sm" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              Show more
            </Button>
          </div>
        )}
      </section>
    </>
  );
}
