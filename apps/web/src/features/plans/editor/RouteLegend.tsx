import { routes } from '@twostage/core/plans/masterPlan';
import type { PlanJob } from '@twostage/core/plans/masterPlan';
import { RouteBadge } from '@twostage/figures/run/planBadges.tsx';

/** What the colours of the matrix mean, and how many jobs have each. */
export function RouteLegend({ jobs }: { jobs: readonly PlanJob[] }) {
  return (
    <ul aria-label="Jobs by route" className="flex flex-wrap gap-x-3 gap-y-1">
      {routes.map((route) => (
        <li key={route} className="flex items-center gap-1">
          <RouteBadge route={route} />
          <span className="text-muted text-xs">{jobs.filter((job) => job.route === route).length}</span>
        </li>
      ))}
    </ul>
  );
}
