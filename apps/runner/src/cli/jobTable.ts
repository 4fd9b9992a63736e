import { type EvidenceVerdict, judgeAgainstEvidence } from '@twostage/core/plans/againstEvidence';
import {
  type JobResult,
  jobResults,
  type JudgedTraining,
  type RouteComparison,
  routeComparisons,
  verdictOf,
} from '@twostage/core/plans/jobResults';
import type { RunPlan } from '@twostage/core/plans/runPlan';
import type { RunView } from '@twostage/core/runs/view';
import pc from 'picocolors';
import { shorten, table } from './tables.ts';
import { figure } from './terminal.ts';

const left = (title: string) => ({ title });
const right = (title: string) => ({ title, align: 'right' as const });

/** Jobs that train nothing, beyond these, are counted. */
const mostUntrained = 12;

/** After the leaderboard: what became of each job, and where a ROUTE_BOTH was asked for, all symbols together against one alone. */
export function jobLines({ jobs }: RunPlan, view: RunView): string[] {
  const trainings = [...view.trainings.values()];
  const results = jobResults(jobs, trainings, view.leftOut);
  const compared = routeComparisons(jobs, trainings);
  const untrained = results.filter(({ state }) => state !== 'planned');
  const uncounted = new Set(untrained.slice(mostUntrained));
  const shown = results.filter((result) => !uncounted.has(result));
  const columns = [
    ...[left('job'), left('target'), left('symbol'), left('route')],
    ...[right('trainings'), left('best'), right('IC'), right('Rank IC'), left('')],
  ];
  return [
    pc.bold('By job of the training plan'),
    table(columns, shown.map(jobRow)),
    ...(uncounted.size > 0 ? [pc.dim(`… and ${uncounted.size} more that train nothing: jobs.json says why`)] : []),
    '',
    ...(compared.length === 0
      ? []
      : [
          pc.bold('All symbols together against one alone'),
          table(
            [left('target'), left('symbol'), left('together'), right('IC'), left('alone'), right('IC'), left('')],
            compared.map((comparison) => [
              comparison.target,
              comparison.symbol,
              ...cells(comparison.pooled),
              ...cells(comparison.own),
              pc.dim(verdict(comparison)),
            ]),
          ),
          pc.dim('Both IC over time, on the test bars of that symbol alone.'),
          '',
        ]),
  ];
}

function jobRow(result: JobResult): string[] {
  const { job, state, reason, experimental, trainings, completed, best, leftOut } = result;
  const evidence = judgeAgainstEvidence(result);
  const said =
    state === 'planned'
      ? [
          ...(evidence.kind === 'unknown' ? [] : [evidenceWords(evidence)]),
          ...(experimental ? ['experimental'] : []),
          ...(leftOut.length > 0 ? [`without ${leftOut.map(({ family }) => family).join(', ')}`] : []),
        ].join('; ')
      : `${state}: ${reason ?? ''}`;
  return [
    shorten(job.job_id, 40),
    job.target,
    job.symbol ?? 'all',
    job.route.replace('ROUTE_', ''),
    state === 'planned' ? `${completed}/${trainings.length}` : '–',
    best?.family ?? '',
    figure(best?.metrics.ic),
    figure(best?.metrics.rankIc),
    pc.dim(shorten(said, 90)),
  ];
}

/** Rank IC against the rank IC that the plan's evidence promised. */
const evidenceWords = ({ kind, real, expected }: Exclude<EvidenceVerdict, { kind: 'unknown' }>): string =>
  kind === 'short'
    ? `short of its evidence (${figure(expected)} expected)`
    : real
      ? 'met its evidence'
      : `not apart from nothing (${figure(expected)} expected)`;

const cells = (judged: JudgedTraining | null): string[] => [judged?.family ?? '–', figure(judged?.metrics.ic)];

function verdict(comparison: RouteComparison): string {
  const found = verdictOf(comparison);
  return found ? `${found.side} by ${figure(found.difference)}${found.apart ? '' : ', within their error'}` : '';
}
