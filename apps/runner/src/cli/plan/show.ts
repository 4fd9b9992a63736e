import { availableParallelism } from 'node:os';
import { stageIds } from '@twostage/core/families/family';
import { estimatePlan, type PlanEstimate } from '@twostage/core/plans/estimate';
import { filterPlan } from '@twostage/core/plans/filter';
import { filterLines } from '@twostage/core/plans/filterLines';
import { planMarkdown } from '@twostage/core/plans/markdown';
import { type PlanJob, routes, trainingTypes } from '@twostage/core/plans/masterPlan';
import { planSummary } from '@twostage/core/plans/summary';
import { planByTarget } from '@twostage/core/plans/views';
import { inspectFolder } from '@twostage/data/inspectFolder';
import { families } from '@twostage/families/catalogue';
import pc from 'picocolors';
import { hashOfPlan } from '@twostage/prisma/planHash';
import { readPlanFile } from '../planFile.ts';
import { shorten, table } from '../tables.ts';
import { bytes, duration, write } from '../terminal.ts';
import { exitCodes } from '../usage.ts';
import { pastTrainings } from './history.ts';

interface ShowFlags {
  readonly dataDir?: string;
  readonly results?: string;
  readonly markdown?: boolean;
  readonly json?: boolean;
}

/** What is to be trained of a plan on a folder of data, and how long that may take. */
interface Expected {
  readonly estimate: PlanEstimate;
  readonly lines: readonly string[];
}

/**
 * `twostage plan show FILE|DIR`
 * @throws UsageError, DomainError
 */
export async function showPlan(place: string, flags: ShowFlags): Promise<number> {
  const { file, plan } = await readPlanFile(place, 'plan show');
  if (flags.markdown) {
    write(planMarkdown(plan).trimEnd());
    return exitCodes.ok;
  }
  const expected = flags.dataDir === undefined ? null : await expect(plan.jobs, flags.dataDir, flags.results);
  const summary = planSummary(plan.jobs);
  const hash = hashOfPlan(plan);
  if (flags.json) {
    write(
      JSON.stringify({ file, hash, metadata: plan.metadata, summary, estimate: expected?.estimate ?? null }, null, 2),
    );
    return exitCodes.ok;
  }
  const { generated_at: generated, run_id: run } = plan.metadata;
  write(pc.bold(file));
  write(
    [
      `sha256 ${hash.slice(0, 12)}`,
      ...(generated ? [`generated ${generated}`] : []),
      ...(run ? [`by run ${run}`] : []),
    ].join(' · '),
  );
  write('');
  write(
    table(
      [{ title: 'route' }, { title: 'jobs', align: 'right' }],
      [
        ...routes.map((route) => [route, String(summary.by_route[route])]),
        ...trainingTypes.map((type) => [pc.dim(`of them ${type}`), pc.dim(String(summary.by_type[type]))]),
      ],
    ),
  );
  write('');
  write(
    table(
      targetColumns.map((title) => ({ title })),
      planByTarget(plan.jobs).map(targetRow),
    ),
  );
  write('');
  const named = Object.entries(summary.model_families).map(([id, jobs]) => `${id} ${jobs}`);
  write(`Families by jobs: ${named.length > 0 ? named.join(', ') : 'none'}`);
  for (const line of expected
    ? estimateLines(expected)
    : ['--data-dir says what would be trained, and how long it may take'])
    write(line);
  return exitCodes.ok;
}

const targetColumns = ['target', 'all symbols', 'symbols', 'families', 'blocked'];

function targetRow({ target, pooled, symbols }: ReturnType<typeof planByTarget>[number]): string[] {
  const own = symbols.flatMap(({ jobs }) => jobs);
  const trains = (job: PlanJob) => job.route !== 'ROUTE_BLOCKED';
  const names = symbols.filter(({ jobs }) => jobs.some(trains)).map(({ symbol }) => symbol);
  const trained = new Set([...pooled, ...own].filter(trains).flatMap(({ model_families: named }) => named));
  return [
    target,
    [...new Set(pooled.map(({ route }) => route.replace('ROUTE_', '')))].join(', ') || '–',
    names.length > 6 ? `${names.length} symbols` : names.join(' ') || '–',
    shorten([...trained].join(' ') || '–', 60),
    String([...pooled, ...own].filter((job) => !trains(job)).length || ''),
  ];
}

/** @throws DomainError for a folder that can't be read, UNKNOWN_SYMBOL */
async function expect(jobs: readonly PlanJob[], dataDir: string, results = 'results'): Promise<Expected> {
  const { symbols, rows, featureColumns } = await inspectFolder(dataDir, { threads: 1 });
  const everything = { catalogue: families, modelTypes: 'sequential', families: [], targets: [] } as const;
  const filtered = filterPlan({ jobs, symbols, knownSymbols: symbols, ...everything });
  const features = featureColumns.builtIn.length + featureColumns.fromFiles.length;
  const estimate = estimatePlan({
    trainings: filtered.trainings,
    data: { rows, symbols: symbols.length, features, folds: 3 },
    past: await pastTrainings(results),
    cores: availableParallelism(),
    packing: true,
  });
  return { estimate, lines: filterLines(filtered, jobs) };
}

function estimateLines({ estimate, lines }: Expected): string[] {
  const { trainings, seconds, peakRssBytes, stages, unmeasured } = estimate;
  const ofStages = stageIds
    .map((id) => `stage ${id} ${duration(stages[id].seconds * 1000)} for ${stages[id].trainings}`)
    .join(', ');
  return [
    ...lines,
    '',
    `${trainings} ${trainings === 1 ? 'training' : 'trainings'}, about ${duration(seconds * 1000)} (${ofStages}), memory up to ${bytes(peakRssBytes)}`,
    ...(unmeasured.length > 0
      ? [pc.dim(`By figures of another machine, since they never ran here: ${unmeasured.join(', ')}`)]
      : []),
  ];
}
