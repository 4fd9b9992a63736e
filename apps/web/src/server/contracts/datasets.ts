import type { QualityReport } from '@twostage/core/runs/events';
import { z } from 'zod';

export const registerDatasetInput = z.object({
  name: z.string().trim().min(1, 'give it a name').max(120),
  /** Absolute folder under a data root, as the runner sees it. */
  path: z.string().trim().min(1, 'which folder?').max(4096),
});
export type RegisterDatasetInput = z.input<typeof registerDatasetInput>;

export const datasetIdInput = z.object({ datasetId: z.string().min(1) });

export const datasetStates = ['inspecting', 'ready', 'refused'] as const;
/** A dataset is usable once a runner has read it. */
export type DatasetState = (typeof datasetStates)[number];

export interface DatasetRow {
  id: string;
  name: string;
  path: string;
  state: DatasetState;
  /** Why it was refused, in one line; null otherwise. */
  reason: string | null;
  /** A generated market: said aloud wherever its results are shown. */
  simulated: boolean;
  title: string;
  description: string;
  rows: number | null;
  bars: number | null;
  symbolCount: number | null;
  /** ISO timestamps of the first and last bar. */
  start: string | null;
  end: string | null;
  interval: string | null;
  /** Said aloud, e.g. that the data are simulated. */
  notes: string[];
  createdAt: Date;
  createdBy: { id: string; name: string } | null;
}
export interface DatasetDetail extends DatasetRow {
  symbols: string[];
  /** Target columns found in the files; fwd_ret_* are computed and always there. */
  targetColumns: string[];
  /** Those computed from prices, then the files' own columns. */
  featureColumns: string[];
  quality: QualityReport | null;
}
export interface DatasetList {
  datasets: DatasetRow[];
  /** Folders below which a dataset may lie. */
  dataRoots: string[];
}
