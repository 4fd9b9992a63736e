import { isDeepStrictEqual } from 'node:util';
import type { Metrics } from '@twostage/core/runs/training';
import pc from 'picocolors';
import { readRunFolder, type RunFolder } from './runFolders.ts';
import { pathText, shorten, table, withError } from './tables.ts';
import { duration, significant, shownPath, write } from './terminal.ts';
import { exitCodes, UsageError } from './usage.ts';

interface ShownMetric {
  readonly title: string;
  readonly text: (metrics: Metrics) => string;
  /** Shown only where some run has it; always where absent. */
  readonly has?: (metrics: Metrics) => unknown;
}

const shownMetrics: readonly ShownMetric[] = [
  { title: 'IC', text: ({ ic }) => significant(ic) },
  { title: 'Rank IC', text: ({ rankIc }) => significant(rankIc) },
  { title: 'ICIR', text: ({ icir }) => significant(icir) },
  { title: 'R²', text: ({ r2 }) => significant(r2) },
  { title: 'MSE', text: ({ mse }) => significant(mse) },
  { title: 'AUC', text: ({ direction }) => withError(direction?.auc, direction?.aucError, 3), has: (m) => m.direction },
  {
    title: 'log loss',
    text: ({ direction }) => withError(direction?.logLoss, direction?.logLossError, 4),
    has: (m) => m.direction,
  },
  {
    title: 'net Sharpe',
    text: ({ portfolio }) => withError(portfolio?.netSharpe, portfolio?.netSharpeError),
    has: (m) => m.portfolio,
  },
  { title: 'IC of paths', text: ({ paths }) => pathText(paths?.ic, 4), has: (m) => m.paths },
  { title: 'net Sharpe of paths', text: ({ paths }) => pathText(paths?.netSharpe, 2), has: (m) => m.paths },
  {
    title: 'holdout IC',
    text: ({ holdout }) => withError(holdout?.ic, holdout?.standardErrors?.ic, 4),
    has: (m) => m.holdout,
  },
  {
    title: 'holdout net Sharpe',
    text: ({ holdout }) => withError(holdout?.portfolio?.netSharpe, holdout?.portfolio?.netSharpeError),
    has: (m) => m.holdout?.portfolio,
  },
];

/** `twostage compare A B …` */
export async function compareRuns(directories: readonly string[], flags: { json?: boolean }): Promise<number> {
  if (directories.length < 2) throw new UsageError(`compare takes two or more runs, got ${directories.length}`);
  const runs = await Promise.all(directories.map(readRunFolder));
  const differences = configDifferences(runs);
  if (flags.json) {
    write(
      JSON.stringify({ runs: runs.map(({ directory, record }) => ({ directory, ...record })), differences }, null, 2),
    );
    return exitCodes.ok;
  }
  const names = runs.map(({ directory }) => shownPath(directory));
  const heads = names.map((title) => ({ title, align: 'right' as const }));
  write(pc.bold('Configuration'));
  if (differences.length === 0) write('  no difference');
  else
    write(
      table(
        [{ title: '' }, ...heads],
        differences.map(({ field, values }) => [field, ...values.map(shown)]),
      ),
    );
  write(`\n${pc.bold('Metrics')}`);
  write(table([{ title: 'training' }, { title: '' }, ...heads], metricRows(runs)));
  return exitCodes.ok;
}

const shown = (value: unknown): string =>
  shorten(typeof value === 'string' ? value : (JSON.stringify(value) ?? '–'), 60);

/** Leaves of the configs that are not the same in every run, and the dataset they saw. */
export function configDifferences(runs: readonly RunFolder[]): { field: string; values: unknown[] }[] {
  const leaves = runs.map(({ record }) => {
    const flat = new Map<string, unknown>();
    const { plan, ...config } = record.config;
    flatten({ ...config, ...(plan && { plan: { ...plan.source, hash: plan.hash } }) }, '', flat);
    flat.set('dataset', record.datasetId?.slice(0, 12) ?? null);
    flat.set('gitCommit', record.gitCommit?.slice(0, 12) ?? null);
    flat.set('twostage', record.versions.twostage);
    return flat;
  });
  const fields = [...new Set(leaves.flatMap((flat) => [...flat.keys()]))];
  return fields
    .map((field) => ({ field, values: leaves.map((flat) => flat.get(field)) }))
    .filter(({ values }) => values.some((value) => !isDeepStrictEqual(value, values[0])));
}

function flatten(value: unknown, prefix: string, into: Map<string, unknown>): void {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    into.set(prefix, value);
    return;
  }
  for (const [key, inner] of Object.entries(value)) flatten(inner, prefix === '' ? key : `${prefix}.${key}`, into);
}

function metricRows(runs: readonly RunFolder[]): string[][] {
  const ids = [...new Set(runs.flatMap(({ record }) => record.trainings.map(({ spec }) => spec.id)))];
  return ids.flatMap((id) => {
    const trainings = runs.map(({ record }) => record.trainings.find(({ spec }) => spec.id === id));
    const cells = (of: (training: NonNullable<(typeof trainings)[number]>) => string) =>
      trainings.map((training) => (training ? of(training) : '–'));
    const metricsOf = (training: (typeof trainings)[number]) =>
      training?.outcome?.kind === 'completed' ? training.outcome.result.metrics : null;
    const shown = shownMetrics.filter(
      ({ has }) => !has || trainings.some((training) => metricsOf(training) && has(metricsOf(training)!)),
    );
    const row = ({ text }: ShownMetric, i: number) =>
      cells((training) => {
        const metrics = metricsOf(training);
        return metrics ? text(metrics) : i === 0 ? training.state : '';
      });
    return [
      ...shown.map((metric, i) => [i === 0 ? id : '', metric.title, ...row(metric, i)]),
      ['', 'time', ...cells(({ seconds }) => (seconds === null ? '' : duration(seconds * 1000)))],
    ];
  });
}
