import type { QualityReport } from '@twostage/core/runs/events';
import { readCalendar } from './calendar.ts';
import { Database } from './database.ts';
import { builtInNames } from './features/planFeatures.ts';
import { openSource } from './openSource.ts';
import { reportQuality } from './quality.ts';
import { readBars } from './readBars.ts';

export interface FolderInspection {
  readonly title: string | null;
  readonly description: string | null;
  readonly simulated: boolean;
  readonly symbols: string[];
  readonly rows: number;
  /** Of the common calendar. */
  readonly bars: number;
  /** ISO timestamps of the first and last bar. */
  readonly start: string;
  readonly end: string;
  /** e.g. `1d`, `5m`. */
  readonly interval: string;
  readonly featureColumns: { readonly builtIn: string[]; readonly fromFiles: string[] };
  /** Targets that are columns of the files; fwd_* can always be computed. */
  readonly targetColumns: string[];
  readonly quality: QualityReport;
}

/**
 * Looks at a folder of market data as `prepareDataset` would read it; writes nothing.
 * @throws DomainError NOT_FOUND, EMPTY_FOLDER, UNKNOWN_SYMBOL, BAD_FILE, CANCELLED
 */
export async function inspectFolder(
  dataDir: string,
  options: { symbols?: readonly string[]; threads?: number; memoryLimitMb?: number; signal?: AbortSignal } = {},
): Promise<FolderInspection> {
  const db = await Database.open({ threads: 0, ...options });
  try {
    const source = await openSource(db, dataDir, options.symbols ?? []);
    const { description } = source;
    const { loaded, contentHash } = await readBars(db, source);
    const quality = await reportQuality(db, loaded, await readCalendar(db), { description, contentHash });
    return {
      title: description?.title || null,
      description: description?.description || null,
      simulated: description?.simulated ?? false,
      symbols: source.symbols.map(({ symbol }) => symbol),
      rows: quality.rows,
      bars: quality.bars,
      start: quality.start,
      end: quality.end,
      interval: quality.interval,
      featureColumns: {
        builtIn: builtInNames('auto', loaded, description),
        fromFiles: [...loaded.extras],
      },
      targetColumns: [...loaded.fileTargets],
      quality,
    };
  } finally {
    db.close();
  }
}
