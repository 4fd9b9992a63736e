import { DomainError } from '@twostage/core/errors';
import type { DatasetInspection } from '@twostage/prisma/datasetInspection';
import type { ServiceContext } from './context.ts';
import { parseInspection } from './datasetRows.ts';

/**
 * A dataset that something can be done with, and what a runner found there.
 * @throws DomainError NOT_FOUND; CONFLICT where no runner has read it, it was refused, or it is an upload that nobody accepted
 */
export async function readyDataset(
  { prisma }: Pick<ServiceContext, 'prisma'>,
  datasetId: string,
): Promise<{ name: string; path: string; inspection: DatasetInspection }> {
  const dataset = await prisma.dataset.findUnique({ where: { id: datasetId } });
  const field = 'datasetId';
  if (!dataset) throw new DomainError('NOT_FOUND', `there is no dataset ${datasetId}`, { field });
  const { name, path } = dataset;
  if (!dataset.accepted) throw new DomainError('CONFLICT', 'this upload is not accepted yet', { field });
  const inspection = dataset.status === 'ready' ? parseInspection(dataset.inspection) : null;
  if (inspection) return { name, path, inspection };
  const why = dataset.status === 'refused' ? `was refused: ${dataset.reason}` : 'has not been read by a runner yet';
  throw new DomainError('CONFLICT', `the dataset ${name} ${why}`, { field });
}
