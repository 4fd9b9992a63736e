import { DomainError, messageOf } from '@twostage/core/errors';
import { inspectFolder } from '@twostage/data/inspectFolder';
import { previewFolder } from '@twostage/data/previewFolder';
import type { Prisma } from '@twostage/prisma/client';
import type { DatasetInspection } from '@twostage/prisma/datasetInspection';
import { assertUnderDataRoots } from './dataRoots.ts';
import type { RunnerContext } from './runLeased.ts';

/** Reads a registered folder as a run would and writes down what is there, or why no run can use it. */
export async function inspectDataset(
  { database, dataRoots, log }: Pick<RunnerContext, 'database' | 'dataRoots' | 'log'>,
  datasetId: string,
  signal: AbortSignal,
): Promise<void> {
  const dataset = await database.dataset.findUnique({ where: { id: datasetId } });
  if (!dataset) return; // removed since
  try {
    await assertUnderDataRoots(dataset.path, dataRoots);
    if (!dataset.accepted) {
      const preview = await previewFolder(dataset.path);
      await database.dataset.update({
        where: { id: datasetId },
        data: { preview: preview as unknown as Prisma.InputJsonObject },
      });
    }
    const found = await inspectFolder(dataset.path, { threads: 1, signal });
    const inspection: DatasetInspection = {
      symbols: found.symbols,
      rows: found.rows,
      bars: found.bars,
      start: found.start,
      end: found.end,
      interval: found.interval,
      featureColumns: [...found.featureColumns.builtIn, ...found.featureColumns.fromFiles],
      targetColumns: found.targetColumns,
      quality: found.quality,
    };
    await database.dataset.update({
      where: { id: datasetId },
      data: {
        status: 'ready',
        reason: null,
        inspection: inspection as unknown as Prisma.InputJsonValue,
        simulated: found.simulated,
        title: found.title ?? dataset.title,
        description: found.description ?? dataset.description,
      },
    });
    log.info({ datasetId, symbols: found.symbols.length, rows: found.rows }, 'dataset read');
  } catch (error) {
    if (signal.aborted) throw error; // another runner reads it
    if (!(error instanceof DomainError)) log.error({ datasetId, error }, 'dataset could not be read');
    await database.dataset.updateMany({
      where: { id: datasetId },
      data: { status: 'refused', reason: messageOf(error) },
    });
  }
}
