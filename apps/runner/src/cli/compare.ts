import { isDeepStrictEqual } from 'node:util';
import type { Metrics } from '@twostage/core/runs/training';
import pc from 'picocolors';
import { readRunFolder, type RunFolder } from './runFolders.ts';
import { shorten, table } from './tables.ts';
import { duration, significant, shownPath, write } from './terminal.ts';
import { exitCodes, UsageError } from './usage.ts';

const shownMetrics = [
  ['IC', 'ic'],
  ['Rank IC', 'rankIc'],
  ['ICIR', 'icir'],
  ['R²', 'r2'],
  ['MSE', 'mse'],
] as const satisfies readonly (readonly [string, keyof Metrics])[];

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
    flatten(record.config, '', flat);
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
    const metric = (key: (typeof shownMetrics)[number][1]) =>
      cells(({ outcome, state }) =>
        outcome?.kind === 'completed' ? significant(outcome.result.metrics[key]) : key === 'ic' ? state : '',
      );
    return [
      ...shownMetrics.map(([title, key], i) => [i === 0 ? id : '', title, ...metric(key)]),
      ['', 'time', ...cells(({ seconds }) => (seconds === null ? '' : duration(seconds * 1000)))],
    ];
  });
}
