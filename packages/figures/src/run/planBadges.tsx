import { judgeAgainstEvidence } from '@twostage/core/plans/againstEvidence';
import type { JobResult } from '@twostage/core/plans/jobResults';
import type { Route } from '@twostage/core/plans/masterPlan';
import { planSourceName, type RunPlan } from '@twostage/core/plans/runPlan';
import { Badge } from '../Badge.tsx';
import { decimal, signed, unknown } from '../format.ts';
import { routeLooks } from './planLooks.ts';

/** What a run's trainings were decided by. */
export function PlanBadge({ plan }: { plan: RunPlan | undefined }) {
  if (!plan) {
    return (
      <Badge title="Without a training plan: what was trained was chosen by whoever started it; it cannot be promoted">
        Exploratory
      </Badge>
    );
  }
  const { source, hash, jobs } = plan;
  const name = planSourceName(source);
  const of = source.kind === 'file' ? `the training plan ${name}, which nobody approved` : `the approved plan ${name}`;
  return (
    <Badge
      tone={source.kind === 'version' ? 'good' : 'neutral'}
      title={`Executes ${of}: ${jobs.length} jobs, sha256 ${hash.slice(0, 12)}`}
      className="max-w-60"
    >
      <span className="truncate">{source.kind === 'file' ? (name.split('/').at(-1) ?? name) : name}</span>
    </Badge>
  );
}

export const ExperimentalBadge = () => (
  <Badge tone="warn" title="The training plan tries it out: its figures are not to be relied on">
    Experimental
  </Badge>
);

/** Whether what a job reached holds what its evidence promised. */
export function EvidenceBadge({ result }: { result: JobResult }) {
  const verdict = judgeAgainstEvidence(result);
  if (verdict.kind === 'unknown')
    return (
      <span className="text-faint" title={verdict.why}>
        {unknown}
      </span>
    );
  const { kind, expected, expectedError, reached, reachedError, real } = verdict;
  const figures = `Rank IC ${signed(reached, 4)} ± ${decimal(reachedError, 4)}; ${signed(expected, 4)} ± ${decimal(expectedError, 4)} was expected`;
  const [tone, words] =
    kind === 'short'
      ? (['bad', 'Fell short'] as const)
      : real
        ? (['good', 'Met'] as const)
        : (['neutral', 'Not apart'] as const);
  return (
    <Badge tone={tone} title={kind === 'met' && !real ? `${figures}; it is not apart from nothing either` : figures}>
      {words}
    </Badge>
  );
}

export const RouteBadge = ({ route }: { route: Route }) => (
  <Badge tone={routeLooks[route].tone} title={`${route}: ${routeLooks[route].title}`}>
    {routeLooks[route].label}
  </Badge>
);
