import { DomainError } from '@twostage/core/errors';
import { familyIdSchema } from '@twostage/core/families/family';
import type { PastTraining } from '@twostage/core/plans/estimate';
import { choose, foldSettingsSchema } from '@twostage/core/runs/config';
import type { TrainingSpec } from '@twostage/core/runs/training';
import type { EstimateBasis } from '../../contracts/plans.ts';
import { demand, type ServiceContext } from '../context.ts';
import { parseInspection } from '../datasetRows.ts';
import { rowConfigSchema } from '../runRows.ts';

const mostPast = 2000;
/** What a run has where nobody chose. */
const usualFolds = foldSettingsSchema.parse({}).count;
/** Columns of the basic set where all prices are there. */
const basicFeatures = 43;

/**
 * What an estimate of a version's trainings is made of: its data, and what trainings took before.
 * @returns null where the version names no data, or no runner has read them yet
 * @throws DomainError NOT_FOUND
 */
export async function estimateBasis(
  { prisma, actor }: ServiceContext,
  { versionId }: { versionId: string },
): Promise<EstimateBasis | null> {
  demand(actor, { kind: 'plan.read' });
  const version = await prisma.planVersion.findUnique({
    where: { id: versionId },
    select: { dataset: { select: { inspection: true } } },
  });
  if (!version)
    throw new DomainError('NOT_FOUND', `there is no version ${versionId} of a plan`, { field: 'versionId' });
  const inspection = parseInspection(version.dataset?.inspection ?? null);
  if (!inspection) return null;
  const { symbols, rows, featureColumns } = inspection;
  return {
    data: { rows, symbols: symbols.length, features: featureColumns.length, folds: usualFolds },
    past: await pastTrainings(prisma),
    cores: await coresOf(prisma),
    packing: true,
    symbols,
  };
}

/** Of the newest trainings that completed, on whatever data. */
async function pastTrainings(prisma: ServiceContext['prisma']): Promise<PastTraining[]> {
  const trainings = await prisma.training.findMany({
    where: { state: 'completed', seconds: { not: null }, run: { dataset: { isNot: null } } },
    ...{ orderBy: { endedAt: 'desc' }, take: mostPast },
    select: {
      ...{ family: true, scope: true, seconds: true, peakRssBytes: true, runId: true },
    },
  });
  const runs = await prisma.run.findMany({
    where: { id: { in: [...new Set(trainings.map(({ runId }) => runId))] } },
    select: { id: true, config: true, dataset: { select: { inspection: true } } },
  });
  const byRun = new Map(runs.map((run) => [run.id, workOf(run)]));
  return trainings.flatMap(({ family, scope, seconds, peakRssBytes, runId }) => {
    const work = byRun.get(runId);
    const parsed = familyIdSchema.safeParse(family);
    if (!work || !parsed.success || seconds === null) return [];
    return [
      {
        ...{ family: parsed.data, seconds, features: work.features, folds: work.folds },
        rows: work.rows(scope as unknown as TrainingSpec['scope']),
        peakRssBytes: peakRssBytes === null ? null : Number(peakRssBytes),
        targetsTogether: parsed.data === 'MultiTask' ? work.targets : 1,
      },
    ];
  });
}

function workOf(run: { config: unknown; dataset: { inspection: unknown } | null }) {
  const inspection = parseInspection((run.dataset?.inspection ?? null) as never);
  const config = rowConfigSchema.safeParse(run.config);
  if (!inspection || !config.success) return null;
  const bySymbol = new Map(inspection.quality.bySymbol.map(({ symbol, rows }) => [symbol, rows]));
  const { symbols, features, featureExpressions, folds, targets } = config.data;
  const chosen = symbols.length > 0 ? symbols : inspection.symbols;
  const all = chosen.reduce((sum, symbol) => sum + (bySymbol.get(symbol) ?? 0), 0);
  const own = features === 'basic' ? basicFeatures : inspection.featureColumns.length;
  return {
    features: own + featureExpressions.length,
    folds:
      folds.validation === 'cpcv'
        ? choose(folds.groups, folds.testGroups)
        : folds.count + (folds.holdoutFraction > 0 ? 1 : 0),
    targets: targets.length,
    rows: (scope: TrainingSpec['scope']) => (scope.kind === 'symbol' ? (bySymbol.get(scope.symbol) ?? 0) : all),
  };
}

/** Of the runner that was seen last; the least a runner is given where none was. */
async function coresOf(prisma: ServiceContext['prisma']): Promise<number> {
  const runner = await prisma.runner.findFirst({ orderBy: { lastSeenAt: 'desc' }, select: { devices: true } });
  const devices = (runner?.devices ?? []) as { kind?: string; threads?: number }[];
  return devices.find(({ kind }) => kind === 'cpu')?.threads ?? 2;
}
