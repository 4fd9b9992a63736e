import { DomainError } from '@twostage/core/errors';
import type { FeatureCheck, FeatureCheckAnswer } from '@twostage/core/runs/featureCheck';
import { checkFeaturesOf } from '@twostage/data/features/checkFeaturesOf';
import { assertUnderDataRoots } from './dataRoots.ts';
import type { RunnerContext } from './runLeased.ts';

/** Tries features of a person's own on a registered folder, for the form in which they are written. */
export async function checkFeatures(
  { database, dataRoots, log }: Pick<RunnerContext, 'database' | 'dataRoots' | 'log'>,
  { datasetId, features, expressions }: FeatureCheck,
  signal: AbortSignal,
): Promise<FeatureCheckAnswer> {
  const dataset = await database.dataset.findUnique({ where: { id: datasetId } });
  if (!dataset) return { kind: 'refused', message: 'the dataset was removed' };
  try {
    await assertUnderDataRoots(dataset.path, dataRoots);
    const { faults, symbols } = await checkFeaturesOf(dataset.path, features, expressions, { threads: 1, signal });
    log.info({ datasetId, features: expressions.length, faults: faults.size }, 'features checked');
    return { kind: 'checked', faults: [...faults].map(([name, message]) => ({ name, message })), symbols };
  } catch (error) {
    if (signal.aborted || !(error instanceof DomainError)) throw error;
    return { kind: 'refused', message: error.message };
  }
}
