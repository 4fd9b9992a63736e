import { z } from 'zod';

/** What a column can be; those without a role are features where they hold numbers. */
export const columnRoleNames = ['time', 'symbol', 'open', 'high', 'low', 'close', 'adjusted', 'volume'] as const;
export type ColumnRoleName = (typeof columnRoleNames)[number];

/** The beginning of an upload, whether or not it can be read as it is: the column dataset.preview. */
export const datasetPreviewSchema = z.object({
  /** How many there are. */
  files: z.number().int(),
  /** The first of them. */
  file: z.string(),
  columns: z.array(
    z.object({
      name: z.string(),
      /** By its name; what dataset.json says is not asked. */
      role: z.enum(columnRoleNames).nullable(),
    }),
  ),
  /** Cells as they stand there. */
  rows: z.array(z.array(z.string())),
});
export type DatasetPreview = z.infer<typeof datasetPreviewSchema>;
