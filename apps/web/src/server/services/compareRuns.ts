import { DomainError } from '@twostage/core/errors';
import type { RunConfig } from '@twostage/core/runs/config';
import { type Metrics, metricsSchema, scopeSchema } from '@twostage/core/runs/training';
import { familyIdSchema } from '@twostage/core/families/family';
import type { Training } from '@twostage/prisma/client';
import type { ComparedTraining, RunComparison } from '../contracts/runs.ts';
import { demand, type ServiceContext } from './context.ts';
import { parseConfig, runRowSelect, toRunRow } from './runRows.ts';
import { readTargetMetrics, type TargetMetrics, targetKey } from './targetMetrics.ts';

/**
 * Two to six runs side by side: every setting with whether it differs, and each training's figures by run.
 * @throws DomainError NOT_FOUND naming the runs that are not there; INVALID_INPUT where one is named twice
 */
export async function compareRuns(context: ServiceContext, { ids }: { ids: string[] }): Promise<RunComparison> {
  demand(context.actor, { kind: 'run.read' });
  if (new Set(ids).size < ids.length) {
    throw new DomainError('INVALID_INPUT', 'a run is compared with other runs, not with itself', { field: 'ids' });
  }
  const found = await context.prisma.run.findMany({ where: { id: { in: ids } }, select: runRowSelect });
  const missing = ids.filter((id) => !found.some((run) => run.id === id));
  if (missing.length > 0) {
    throw new DomainError('NOT_FOUND', `there is no run ${missing.join(', ')}`, { field: 'ids' });
  }
  const runs = ids.map((id) => found.find((run) => run.id === id)!);
  const trainings = await context.prisma.training.findMany({
    where: { runId: { in: ids } },
    orderBy: [{ position: 'asc' }, { key: 'asc' }],
  });
  const byTarget = await readTargetMetrics(context.prisma, ids);
  return {
    runs: runs.map(toRunRow),
    configuration: compareSettings(runs.map((run) => settingsOf(comparable(parseConfig(run.config))))),
    trainings: [...new Set(trainings.map((training) => training.key))].flatMap((key) =>
      compareTraining(
        key,
        ids.map((id) => trainings.find((training) => training.runId === id && training.key === key)),
        byTarget,
      ),
    ),
  };
}

/** Of a plan its origin and hash stand for its jobs, which may be thousands. */
function comparable({ plan, ...config }: RunConfig): object {
  return plan ? { ...config, plan: { ...plan.source, hash: plan.hash } } : config;
}

/** Leaves of a configuration by dotted path, as JSON text; a list counts as one setting. */
function settingsOf(value: object, prefix = ''): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [name, inner] of Object.entries(value)) {
    const path = `${prefix}${name}`;
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
      for (const [deeper, text] of settingsOf(inner, `${path}.`)) settings.set(deeper, text);
    } else settings.set(path, JSON.stringify(inner));
  }
  return settings;
}

function compareSettings(all: readonly Map<string, string>[]): RunComparison['configuration'] {
  const paths = [...new Set(all.flatMap((settings) => [...settings.keys()]))];
  return paths.map((path) => {
    const values = all.map((settings) => settings.get(path) ?? '');
    return { path, values, differs: new Set(values).size > 1 };
  });
}

/** One entry, or one a target where several were learnt together, so that each stands beside others of its target. */
function compareTraining(
  key: string,
  byRun: readonly (Training | undefined)[],
  byTarget: ReadonlyMap<string, TargetMetrics>,
): ComparedTraining[] {
  const any = byRun.find((training) => training !== undefined)!;
  const spec = {
    family: familyIdSchema.parse(any.family),
    scope: scopeSchema.parse(any.scope),
    stage: any.stage,
  };
  const entries = (metricsOf: (training: Training) => Metrics | null) =>
    byRun.map((training) =>
      training ? { state: training.state, seconds: training.seconds, metrics: metricsOf(training) } : null,
    );
  const targets = new Set(
    byRun.flatMap((training) => (training ? [...(byTarget.get(targetKey(training))?.keys() ?? [])] : [])),
  );
  if (targets.size === 0) {
    const own = ({ metrics }: Training) => (metrics === null ? null : metricsSchema.parse(metrics));
    return [{ spec: { ...spec, id: key, target: any.target }, byRun: entries(own) }];
  }
  return [...targets].map((target) => ({
    spec: { ...spec, id: `${key} ${target}`, target },
    byRun: entries((training) => byTarget.get(targetKey(training))?.get(target) ?? null),
  }));
}
