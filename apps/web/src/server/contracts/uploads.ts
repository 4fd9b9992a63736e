import type { QualityReport } from '@twostage/core/runs/events';
import { datasetDescriptionSchema } from '@twostage/core/runs/datasetDescription';
import type { DatasetPreview } from '@twostage/core/runs/datasetPreview';
import { z } from 'zod';
import { type DatasetState, registerDatasetInput } from './datasets.ts';

const id = z.string().min(1).max(100);

export const uploadIdInput = z.object({ uploadId: id });
export const uploadFileInput = z.object({ uploadId: id, name: z.string().min(1).max(255) });

/** What the files' columns are, as dataset.json says it. */
export const readUploadInput = z.object({
  uploadId: id,
  columns: datasetDescriptionSchema.shape.columns,
  ignore: datasetDescriptionSchema.shape.ignore,
  timeZone: datasetDescriptionSchema.shape.timeZone,
});
export type ReadUploadInput = z.input<typeof readUploadInput>;

export const acceptUploadInput = z.object({ uploadId: id, name: registerDatasetInput.shape.name });

export const browseInput = z.object({
  /** Absolute, below a data root; null: the roots themselves. */
  path: z.string().max(4096).nullable().default(null),
});

/** A folder of the machine on which the server runs. */
export interface BrowsedFolder {
  /** null: the list of data roots. */
  path: string | null;
  /** null at a root: one goes back to the list of roots. */
  parent: string | null;
  folders: { name: string; path: string; modified: Date | null; registeredAs: string | null }[];
  /** Files of data that lie directly in it, the first of many. */
  files: { name: string; bytes: number; modified: Date }[];
  fileCount: number;
}

export interface UploadFile {
  name: string;
  bytes: number;
}
export interface Upload {
  id: string;
  createdAt: Date;
  files: UploadFile[];
  /** `open`: nobody asked to have it read yet. */
  state: 'open' | DatasetState;
  /** Why it could not be read, in one line. */
  reason: string | null;
  preview: DatasetPreview | null;
  quality: QualityReport | null;
  symbols: string[];
  /** As dataset.json says it now. */
  said: Pick<z.output<typeof readUploadInput>, 'columns' | 'ignore' | 'timeZone'>;
}
export interface UploadLimits {
  /** Of one file. */
  fileBytes: number;
  /** Of all files of an upload. */
  totalBytes: number;
  files: number;
}
