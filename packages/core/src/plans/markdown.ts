import { type MasterPlan, type PlanJob, routes } from './masterPlan.ts';
import { evidenceLines } from './evidenceMarkdown.ts';
import { planSummary } from './summary.ts';
import { planByTarget } from './views.ts';

/** `training_plan.md`: a plan for people to read where they read code, a section a target. */
export function planMarkdown(plan: MasterPlan): string {
  const { metadata, jobs } = plan;
  const summary = planSummary(jobs);
  const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
  const origin = [
    ['Generated', metadata.generated_at],
    ['Run', metadata.run_id],
    ['Git commit', metadata.git_commit],
    ['Configuration', metadata.config_hash],
  ].flatMap(([name, value]) => (value ? [`- ${name}: ${inline(value)}`] : []));
  return [
    '# Training plan',
    '',
    `${count(summary.total_jobs, 'job')} of ${count(summary.total_targets, 'target')} and ${count(summary.total_symbols, 'symbol')}.`,
    ...(origin.length > 0 ? ['', ...origin] : []),
    ...evidenceLines(plan, table),
    '',
    ...table(
      ['Route', 'Jobs'],
      routes.map((route) => [route, String(summary.by_route[route])]),
    ),
    '',
    ...table(
      ['Family', 'Jobs'],
      Object.entries(summary.model_families).map(([id, n]) => [id, String(n)]),
    ),
    ...planByTarget(jobs).flatMap(({ target, pooled, symbols }) => [
      '',
      `## ${inline(target)}`,
      '',
      ...table(
        ['Symbol', 'Route', 'Families', 'Priority', 'Reason'],
        [...pooled, ...symbols.flatMap(({ jobs: own }) => own)].map(jobRow),
      ),
    ]),
    '',
  ].join('\n');
}

const jobRow = ({ symbol, route, model_families: families, priority, reason }: PlanJob): string[] => [
  symbol ?? 'all',
  route,
  families.join(', '),
  String(priority),
  reason,
];

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(inline).join(' | ')} |`);

/** Text that is no markup, in one cell of one line. */
const inline = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|#]/g, '\\$&');
