import type { Prisma } from '@twostage/prisma/client';
import { type DatasetInspection, datasetInspectionSchema } from '@twostage/prisma/datasetInspection';
import type { DatasetRow } from '../contracts/datasets.ts';

/** Null where no runner has looked yet. */
export const parseInspection = (stored: Prisma.JsonValue | null): DatasetInspection | null =>
  stored === null ? null : datasetInspectionSchema.parse(stored);

export const datasetRowInclude = {
  createdBy: { select: { id: true, name: true } },
} satisfies Prisma.DatasetInclude;
export type SelectedDataset = Prisma.DatasetGetPayload<{ include: typeof datasetRowInclude }>;

export function toDatasetRow(dataset: SelectedDataset): DatasetRow {
  const found = parseInspection(dataset.inspection);
  return {
    id: dataset.id,
    name: dataset.name,
    path: dataset.path,
    state: dataset.status,
    reason: dataset.reason,
    simulated: dataset.simulated,
    title: dataset.title,
    description: dataset.description,
    rows: found?.rows ?? null,
    bars: found?.bars ?? null,
    symbolCount: found?.symbols.length ?? null,
    start: found?.start ?? null,
    end: found?.end ?? null,
    interval: found?.interval ?? null,
    notes: found?.quality.notes ?? [],
    createdAt: dataset.createdAt,
    createdBy: dataset.createdBy,
  };
}
