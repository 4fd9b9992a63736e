import {
  type JobResult,
  type JudgedTraining,
  jobResults,
  routeComparisons,
  verdictOf,
} from '@twostage/core/plans/jobResults';
import { planSourceName, type RunPlan } from '@twostage/core/plans/runPlan';
import type { RunView } from '@twostage/core/runs/view';
import { decimal, plural, signed, unknown } from '@twostage/figures/format';
import { RouteBadge } from '@twostage/figures/run/planBadges.tsx';
import { Panel } from '@twostage/figures/Panel.tsx';
import type { ReactNode } from 'react';
import { anchorTo, Part } from './parts.tsx';

/** What became of each job of the run's plan, and all symbols together against one alone. */
export function JobsPart({ plan, view }: { plan: RunPlan; view: RunView }) {
  const trainings = [...view.trainings.values()];
  const results = jobResults(plan.jobs, trainings, view.leftOut);
  const compared = routeComparisons(plan.jobs, trainings);
  return (
    <Part id="jobs" title="Training plan">
      <p className="text-muted">
        {planSourceName(plan.source)}: {plural(results.length, 'job')}. A job’s best training is the one with the
        highest IC.
      </p>
      <Panel title="Jobs" flush>
        <Table heads={['Job', 'Target', 'Symbol', 'Route', 'Trainings', 'Best', 'IC', 'What is said of it']}>
          {results.map((result) => (
            <JobRow key={result.job.job_id} result={result} />
          ))}
        </Table>
      </Panel>
      {compared.length > 0 && (
        <Panel title="All symbols together against one alone" flush>
          <Table heads={['Target', 'Symbol', 'Together', 'IC', 'Alone', 'IC', 'Better']}>
            {compared.map((comparison) => {
              const better = verdictOf(comparison);
              return (
                <Row key={`${comparison.target} ${comparison.symbol}`}>
                  {comparison.target}
                  {comparison.symbol}
                  <Best judged={comparison.pooled} />
                  <Ic judged={comparison.pooled} />
                  <Best judged={comparison.own} />
                  <Ic judged={comparison.own} />
                  {better ? `${better.side}${better.apart ? '' : ', within their error'}` : unknown}
                </Row>
              );
            })}
          </Table>
        </Panel>
      )}
    </Part>
  );
}

function JobRow({
  result: { job, state, reason, trainings, completed, failed, best, leftOut },
}: {
  result: JobResult;
}) {
  const planned = state === 'planned';
  const said = planned ? job.reason : (reason ?? job.reason);
  const without = leftOut.map(({ family, reason: why }) => `${planned ? 'without ' : ''}${family}: ${why}`);
  return (
    <Row>
      {job.job_id}
      {job.target}
      {job.symbol ?? 'all symbols'}
      <RouteBadge route={job.route} />
      {planned ? `${completed} of ${trainings.length}${failed > 0 ? `, ${failed} failed` : ''}` : unknown}
      <Best judged={best} />
      <Ic judged={best} />
      {[said, ...without].filter(Boolean).join('; ')}
    </Row>
  );
}

const Best = ({ judged }: { judged: JudgedTraining | null }) =>
  judged ? (
    <a href={anchorTo(judged.training)} className="text-accent hover:underline">
      {judged.family}
    </a>
  ) : (
    unknown
  );

const Ic = ({ judged }: { judged: JudgedTraining | null }) => {
  const error = judged?.metrics.standardErrors?.ic;
  return (
    <span className="whitespace-nowrap">
      {signed(judged?.metrics.ic, 4)}
      {error != null && <span className="text-faint"> ± {decimal(error, 4)}</span>}
    </span>
  );
};

const Table = ({ heads, children }: { heads: readonly string[]; children: ReactNode }) => (
  <div className="overflow-x-auto">
    <table className="w-full text-xs">
      <thead className="border-line border-b text-left text-muted">
        <tr>
          {heads.map((head, i) => (
            <th key={i} scope="col" className="whitespace-nowrap px-3 py-2 first:pl-4">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">{children}</tbody>
    </table>
  </div>
);

const Row = ({ children }: { children: readonly ReactNode[] }) => (
  <tr>
    {children.map((cell, i) => (
      <td key={i} className="px-3 py-1.5 align-top first:pl-4">
        {cell}
      </td>
    ))}
  </tr>
);
