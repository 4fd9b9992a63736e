import { qualityReportSchema } from '@twostage/core/runs/events';
import { z } from 'zod';

/** What a runner found in a dataset's folder: the column dataset.inspection. */
export const datasetInspectionSchema = z.object({
  symbols: z.array(z.string()),
  rows: z.number().int(),
  bars: z.number().int(),
  /** ISO timestamps of the first and last bar. */
  start: z.string(),
  end: z.string(),
  interval: z.string(),
  featureColumns: z.array(z.string()),
  /** Columns of the files; forward returns can always be computed. */
  targetColumns: z.array(z.string()),
  quality: qualityReportSchema,
});
export type DatasetInspection = z.infer<typeof datasetInspectionSchema>;
