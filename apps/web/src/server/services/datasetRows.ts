import { qualityReportSchema } from '@twostage/core/runs/events';
import type { Prisma } from '@twostage/prisma/client';
import { z } from 'zod';
import type { DatasetRow } from '../contracts/datasets.ts';

const inspectionSchema = z.object({
  targetColumns: z.array(z.string()),
  featureColumns: z.array(z.string()),
  quality: qualityReportSchema,
});

export function parseInspection(stored: Prisma.JsonValue | null) {
  if (stored === null) return null;
  const { targetColumns, featureColumns, quality } = inspectionSchema.parse(stored);
  return { targetColumns, featureColumns, quality, bars: quality.bars, symbols: quality.bySymbol };
}

export const datasetRowInclude = {
  createdBy: { select: { id: true, name: true } },
} satisfies Prisma.DatasetInclude;
export type SelectedDataset = Prisma.DatasetGetPayload<{ include: typeof datasetRowInclude }>;

export function toDatasetRow(dataset: SelectedDataset): DatasetRow {
  const quality = parseInspection(dataset.inspection)?.quality;
  return {
    id: dataset.id,
    name: dataset.name,
    path: dataset.path,
    state: dataset.status,
    reason: dataset.reason,
    simulated: dataset.simulated,
    title: dataset.title,
    description: dataset.description,
    rows: quality?.rows ?? null,
    bars: quality?.bars ?? null,
    symbolCount: quality?.symbols ?? null,
    start: quality?.start ?? null,
    end: quality?.end ?? null,
    interval: quality?.interval ?? null,
    notes: quality?.notes ?? [],
    createdAt: dataset.createdAt,
    createdBy: dataset.createdBy,
  };
}
