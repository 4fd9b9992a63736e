'use client';
import { assertNever } from '@twostage/core/errors';
import { Tabs } from 'radix-ui';
import { useEffect, useRef } from 'react';
import type { RunDetail } from '../../../server/contracts/runs.ts';
import { choiceParam, useQueryState } from '../../../ui/queryState.ts';
import { useShortcuts } from '../../../ui/useShortcuts.ts';
import { JobsTab } from '../jobs/JobsTab.tsx';
import { ConfigurationTab } from './ConfigurationTab.tsx';
import { CurvesTab } from './CurvesTab.tsx';
import { FoldsTab } from './FoldsTab.tsx';
import { InsightsTab } from './InsightsTab.tsx';
import { LeaderboardTab } from './LeaderboardTab.tsx';
import { LogsTab } from './LogsTab.tsx';
import { OverviewTab } from './OverviewTab.tsx';
import { QualityTab } from './QualityTab.tsx';
import { TearSheetTab } from './TearSheetTab.tsx';
import { TimelineTab } from './TimelineTab.tsx';
import { TrainingFilterBar } from './TrainingFilterBar.tsx';
import { type RunTab, tabsOf } from './tabs.ts';

/** Tabs that list trainings. */
const filtered: ReadonlySet<RunTab> = new Set(['overview', 'leaderboard', 'curves', 'timeline']);

/** The tab is part of the address, so that a link opens what was looked at. */
export function RunTabs({ run }: { run: RunDetail }) {
  const { params, set } = useQueryState();
  const tabs = tabsOf(run.config.plan !== undefined);
  const tab = choiceParam(
    params.get('tab'),
    tabs.map(({ id }) => id),
    'overview',
  );
  const open = (next: string) => set({ tab: next === 'overview' ? null : next });
  useShortcuts(Object.fromEntries(tabs.map(({ id, key }) => [key, () => open(id)])));
  const strip = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a tab opened by a link or a key may lie outside a narrow strip
  useEffect(() => {
    const active = strip.current?.querySelector<HTMLElement>('[data-state=active]');
    if (!strip.current || !active) return;
    const { offsetLeft, offsetWidth } = active;
    const { scrollLeft, clientWidth } = strip.current;
    if (offsetLeft < scrollLeft || offsetLeft + offsetWidth > scrollLeft + clientWidth) {
      strip.current.scrollLeft = offsetLeft - (clientWidth - offsetWidth) / 2;
    }
  }, [tab]);
  return (
    <Tabs.Root value={tab} onValueChange={open}>
      <div ref={strip} className="scroll-thin mb-4 overflow-x-auto border-line border-b">
        <Tabs.List aria-label="Parts of this run" className="flex w-max gap-1">
          {tabs.map(({ id, label }) => (
            <Tabs.Trigger
              key={id}
              value={id}
              className="-mb-px h-9 whitespace-nowrap rounded-t border-transparent border-b-2 px-2.5 font-medium text-muted transition-colors hover:text-ink focus-visible:outline-offset-[-2px] data-[state=active]:border-accent data-[state=active]:text-ink"
            >
              {label}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </div>
      <Tabs.Content value={tab} className="min-w-0 outline-none">
        {filtered.has(tab) && <TrainingFilterBar />}
        <TabBody tab={tab} run={run} />
      </Tabs.Content>
    </Tabs.Root>
  );
}

function TabBody({ tab, run }: { tab: RunTab; run: RunDetail }) {
  switch (tab) {
    case 'overview':
      return <OverviewTab />;
    case 'jobs':
      return run.config.plan ? <JobsTab plan={run.config.plan} runId={run.id} /> : null;
    case 'leaderboard':
      return <LeaderboardTab />;
    case 'curves':
      return <CurvesTab />;
    case 'insights':
      return <InsightsTab />;
    case 'tear-sheet':
      return <TearSheetTab />;
    case 'timeline':
      return <TimelineTab />;
    case 'logs':
      return <LogsTab run={run} />;
    case 'folds':
      return <FoldsTab />;
    case 'quality':
      return <QualityTab />;
    case 'config':
      return <ConfigurationTab run={run} />;
    default:
      return assertNever(tab);
  }
}
