import type { RunConfig } from '@twostage/core/runs/config';
import type { Database } from './client.ts';
import type { JobQueue } from './queue.ts';
import { createRun } from './runs.ts';
import { issueSetupToken } from './setupToken.ts';

export interface SampleDataset {
  readonly name: string;
  /** Absolute folder. */
  readonly path: string;
  readonly title: string;
  readonly description: string;
}
export interface FirstStart {
  /** For the link that creates the first admin; null once there is a person. */
  readonly setupToken: string | null;
  readonly datasetId: string | null;
  /** The demo run queued now; null where it was queued at an earlier start. */
  readonly runId: string | null;
}

const demoQueued = 'demo.queued';

/** What a new installation shows at first sight. Done again, or twice at once, it adds nothing. */
export async function bootstrap(
  database: Database,
  queue: JobQueue,
  options: { sample: SampleDataset | null; demo: RunConfig | null },
): Promise<FirstStart> {
  const setupToken = await issueSetupToken(database);
  const { sample, demo } = options;
  if (!sample) return { setupToken, datasetId: null, runId: null };
  return database.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('twostage.bootstrap'))::text`;
    let dataset = await tx.dataset.findUnique({ where: { path: sample.path }, select: { id: true } });
    if (!dataset) {
      // The folder may have moved with its installation: the same sample, at another place.
      dataset = await tx.dataset.upsert({
        where: { name: sample.name },
        create: { ...sample, simulated: true },
        update: { path: sample.path, status: 'inspecting', reason: null },
        select: { id: true },
      });
      await queue.enqueueInspection(tx, dataset.id);
      await tx.auditEntry.create({
        data: { action: 'dataset.register', subject: `dataset:${dataset.id}`, details: { ...sample } },
      });
    }
    const wanted = demo && !(await tx.setting.findUnique({ where: { key: demoQueued } }));
    if (!wanted || (await tx.run.count()) > 0) return { setupToken, datasetId: dataset.id, runId: null };
    const { id: runId } = await createRun(tx, queue, { config: demo, datasetId: dataset.id, createdById: null });
    await tx.auditEntry.create({
      data: { action: 'run.start', subject: `run:${runId}`, details: { name: demo.name, datasetId: dataset.id } },
    });
    // Someone who deletes it does not want it again.
    await tx.setting.create({ data: { key: demoQueued, value: runId } });
    return { setupToken, datasetId: dataset.id, runId };
  });
}
