import { DomainError } from '@twostage/core/errors';
import type { DatasetDetail } from '../contracts/datasets.ts';
import { demand, type ServiceContext } from './context.ts';
import { datasetRowInclude, parseInspection, toDatasetRow } from './datasetRows.ts';

/** @throws DomainError NOT_FOUND */
export async function getDataset(
  context: ServiceContext,
  { datasetId }: { datasetId: string },
): Promise<DatasetDetail> {
  demand(context.actor, { kind: 'run.read' });
  const dataset = await context.prisma.dataset.findUnique({ where: { id: datasetId }, include: datasetRowInclude });
  if (!dataset) throw new DomainError('NOT_FOUND', `there is no dataset ${datasetId}`, { field: 'datasetId' });
  const inspection = parseInspection(dataset.inspection);
  return {
    ...toDatasetRow(dataset),
    symbols: inspection?.symbols ?? [],
    targetColumns: inspection?.targetColumns ?? [],
    featureColumns: inspection?.featureColumns ?? [],
    quality: inspection?.quality ?? null,
  };
}
