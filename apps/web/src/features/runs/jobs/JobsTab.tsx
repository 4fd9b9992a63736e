'use client';
import { type JobResult, jobResults, routeComparisons } from '@twostage/core/plans/jobResults';
import { planSourceName, type RunPlan } from '@twostage/core/plans/runPlan';
import { hasEnded } from '@twostage/core/runs/lifecycle';
import { Search } from 'lucide-react';
import Link from 'next/link';
import { useMemo } from 'react';
import { plural } from '../../../ui/format.ts';
import { inputClass } from '../../../ui/Field.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { choiceParam, useQueryState } from '../../../ui/queryState.ts';
import { Segmented } from '../../../ui/Segmented.tsx';
import { DraftFromRun } from '../../plans/DraftFromRun.tsx';
import { versionPath } from '../../plans/planParts.tsx';
import { useRunView } from '../live/useLiveRun.ts';
import { ComparisonTable } from './ComparisonTable.tsx';
import { JobsTable } from './JobsTable.tsx';
import { jobFilters, matchingJobs } from '@twostage/figures/run/planLooks';

/** What became of each job of the run's training plan, what was not trained and why, and pooled models beside those of one symbol. */
export function JobsTab({ plan, runId }: { plan: RunPlan; runId: string }) {
  const { view, revision } = useRunView('results');
  const { params, set } = useQueryState();
  const filter = choiceParam(params.get('jobs'), jobFilters, 'all');
  const text = params.get('job') ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place, its revision says so
  const { results, comparisons } = useMemo(() => {
    const trainings = [...view.trainings.values()];
    return {
      results: jobResults(plan.jobs, trainings, view.leftOut),
      comparisons: routeComparisons(plan.jobs, trainings),
    };
  }, [plan, view, revision]);
  const shown = matchingJobs(results, filter, text);
  const open = (training: string) => set({ tab: 'tear-sheet', training });
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-80 text-muted text-sm">
          <PlanName plan={plan} />: {plural(results.length, 'job')}, {tallyOf(results)}. A job’s best training is the
          one with the highest IC.
        </p>
        {plan.source.kind === 'version' && hasEnded(view.state) && (
          <DraftFromRun planId={plan.source.planId} runId={runId} />
        )}
      </div>
      {comparisons.length > 0 && <ComparisonTable comparisons={comparisons} onOpen={open} />}
      <Panel
        title="Jobs"
        flush
        aside={
          <>
            <Segmented
              label="Which jobs"
              name="jobs"
              value={filter}
              options={[
                { value: 'all', label: 'All' },
                { value: 'trained', label: 'Trained' },
                { value: 'not-trained', label: 'Not trained' },
              ]}
              onChange={(next) => set({ jobs: next === 'all' ? null : next })}
            />
            <div className="relative w-44 max-sm:w-full">
              <Search aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 size-3 text-faint" />
              <input
                type="search"
                aria-label="Find jobs by name, target, symbol, route or family"
                placeholder="Find jobs"
                value={text}
                onChange={(event) => set({ job: event.target.value })}
                className={inputClass(false, 'pl-7')}
              />
            </div>
          </>
        }
      >
        <JobsTable results={shown} onOpen={open} onClear={() => set({ jobs: null, job: null })} />
      </Panel>
    </div>
  );
}

/** A version's name leads to it. */
function PlanName({ plan: { source } }: { plan: RunPlan }) {
  if (source.kind === 'file') return planSourceName(source);
  return (
    <Link href={versionPath(source)} className="rounded font-medium text-ink hover:text-accent">
      {planSourceName(source)}
    </Link>
  );
}

const words: Readonly<Record<JobResult['state'], string>> = {
  planned: 'trained',
  blocked: 'blocked',
  idle: 'without a model of their own',
  removed: 'left out by what the run asks for',
  waiting: 'not planned yet',
};

/** `10 trained, 1 blocked`. */
function tallyOf(results: readonly JobResult[]): string {
  const counts = Object.entries(words).map(([state, said]) => ({
    said,
    count: results.filter((result) => result.state === state).length,
  }));
  return counts
    .filter(({ count }) => count > 0)
    .map(({ count, said }) => `${count} ${said}`)
    .join(', ');
}
