import { qualityReportSchema } from '@twostage/core/runs/events';
import type { Prisma } from '@twostage/prisma/client';
import { z } from 'zod';
import type { DatasetRow } from '../contracts/datasets.ts';

/** What the runner found in the folder, as far as it is used here. */
const inspectionSchema = z.object({
  symbols: z.array(z.string()),
  /** Of the common calendar. */
  bars: z.number().int(),
  /** Target columns of the files; forward returns can always be computed. */
  targetColumns: z.array(z.string()),
  featureColumns: z.object({ builtIn: z.array(z.string()), fromFiles: z.array(z.string()) }),
  quality: qualityReportSchema,
});
export type Inspection = z.infer<typeof inspectionSchema>;

/** Null where no runner has looked yet. */
export const parseInspection = (stored: Prisma.JsonValue | null): Inspection | null =>
  stored === null ? null : inspectionSchema.parse(stored);

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
