import type { JobChange, PlanDiff } from '@twostage/core/plans/diff';
import { plural } from '../../ui/format.ts';
import { routeLooks } from '@twostage/figures/run/planLooks';

/** `2 jobs added, 1 changed`. */
export function diffWords({ added, removed, changed, unchanged }: PlanDiff): string {
  const parts = [
    ...(added.length > 0 ? [`${plural(added.length, 'job')} added`] : []),
    ...(removed.length > 0 ? [`${plural(removed.length, 'job')} removed`] : []),
    ...(changed.length > 0 ? [`${plural(changed.length, 'job')} changed`] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : `the same ${plural(unchanged, 'job')}`;
}

/** One line a thing that is no longer the same about a job; families and parameters by name. */
export function changeLines(change: JobChange): { what: string; words: string; tone: 'good' | 'bad' | 'neutral' }[] {
  const { route, familiesAdded, familiesRemoved, parameters, priority, reason } = change;
  const shown = (value: unknown) => (value === undefined ? 'as the run has it' : String(value));
  return [
    ...(route
      ? [
          {
            what: 'Route',
            words: `${routeLooks[route.from].label} → ${routeLooks[route.to].label}`,
            tone: 'neutral' as const,
          },
        ]
      : []),
    ...familiesAdded.map((family) => ({ what: 'Family', words: `+ ${family}`, tone: 'good' as const })),
    ...familiesRemoved.map((family) => ({ what: 'Family', words: `− ${family}`, tone: 'bad' as const })),
    ...parameters.map(({ family, parameter, from, to }) => ({
      what: `${family} ${parameter}`,
      words: `${shown(from)} → ${shown(to)}`,
      tone: 'neutral' as const,
    })),
    ...(priority ? [{ what: 'Priority', words: `${priority.from} → ${priority.to}`, tone: 'neutral' as const }] : []),
    ...(reason ? [{ what: 'Reason', words: `“${reason.from}” → “${reason.to}”`, tone: 'neutral' as const }] : []),
  ];
}
