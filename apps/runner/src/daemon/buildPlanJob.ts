import path from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import { type PlanBuildProgress, planBuildRequestSchema } from '@twostage/core/plans/buildRequest';
import { beginPlanBuild, endPlanBuild, reportPlanBuild } from '@twostage/prisma/planBuilds';
import { buildPlan } from '../plan/buildPlan.ts';
import { assertUnderDataRoots } from './dataRoots.ts';
import type { RunnerContext } from './runLeased.ts';

const reportEveryMs = 500;

/**
 * Builds a plan that was asked for and writes it down, or why none can be made of those data. Does nothing where it is over.
 * @param signal aborted: another runner takes it
 * @throws where this runner leaves, so that the queue gives the job to another
 */
export async function buildPlanJob(context: RunnerContext, planBuildId: string, signal: AbortSignal): Promise<void> {
  const { database, log, home, dataRoots, runner, shutdown, cancellers } = context;
  if (shutdown.aborted) throw new DomainError('CANCELLED', 'this runner is stopping');
  const begun = await beginPlanBuild(database, planBuildId, runner);
  if (begun === null) return;
  const cancel = new AbortController();
  cancellers.set(planBuildId, () => cancel.abort('cancel'));
  if (begun.cancelRequested) cancel.abort('cancel');
  const reports = new Reports((progress) => reportPlanBuild(database, planBuildId, progress));
  try {
    const request = planBuildRequestSchema.parse(begun.request);
    await assertUnderDataRoots(request.dataDir, dataRoots);
    const plan = await buildPlan({
      ...{ request, buildId: planBuildId, workDir: path.join(home, 'plan-builds') },
      signal: AbortSignal.any([cancel.signal, signal, shutdown]),
      onProgress: (progress) => reports.push(progress),
    });
    await reports.end();
    await endPlanBuild(database, planBuildId, { status: 'ready', result: plan });
    log.info({ planBuildId, jobs: plan.jobs.length }, 'plan built');
  } catch (error) {
    await reports.end();
    if (cancel.signal.aborted) return await endPlanBuild(database, planBuildId, { status: 'cancelled' });
    if (signal.aborted || shutdown.aborted) throw error; // another runner builds it
    if (!(error instanceof DomainError)) log.error({ planBuildId, error }, 'plan could not be built');
    await endPlanBuild(database, planBuildId, { status: 'refused', reason: messageOf(error) });
  } finally {
    cancellers.delete(planBuildId);
  }
}

/** Writes the latest progress down, one write after another and not too often; one that fails is made up for by the next. */
class Reports {
  #latest: PlanBuildProgress | null = null;
  #writing: Promise<void> = Promise.resolve();
  #writtenMs = Number.NEGATIVE_INFINITY;

  constructor(readonly write: (progress: PlanBuildProgress) => Promise<void>) {}

  push(progress: PlanBuildProgress): void {
    this.#latest = progress;
    if (performance.now() - this.#writtenMs >= reportEveryMs) this.#flush();
  }

  async end(): Promise<void> {
    this.#flush();
    await this.#writing;
  }

  #flush(): void {
    const progress = this.#latest;
    if (progress === null) return;
    this.#latest = null;
    this.#writtenMs = performance.now();
    this.#writing = this.#writing.then(() => this.write(progress)).catch(() => {});
  }
}
