import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunConfigInput, runConfigSchema } from '@twostage/core/runs/config';
import type { LoggedEvent } from '@twostage/core/runs/events';
import type { RunState } from '@twostage/core/runs/lifecycle';
import { createDatabaseClient, type Database } from '@twostage/prisma/client';
import { readEvents } from '@twostage/prisma/eventLog';
import { type JobQueue, openJobQueue } from '@twostage/prisma/queue';
import { createRun } from '@twostage/prisma/runs';
import { createTestDatabase, type TestDatabase } from '@twostage/prisma/testing/testDatabase';
import { type DaemonProcess, startDaemon } from './daemonProcess.ts';

/** How long anything may take on a machine that is busy with the other tests. */
const patienceSeconds = 150;

/** A database of its own and the runners that were started on it, as a test drives them. Its data lie in `home`/data. */
export class Installation {
  readonly #runners: DaemonProcess[] = [];

  private constructor(
    readonly home: string,
    readonly database: Database,
    readonly queue: JobQueue,
    private readonly server: Pick<TestDatabase, 'url' | 'drop'>,
  ) {}

  /** @param server a prepared database, dropped in the end; a new one where none is given */
  static async open(home: string, server?: Pick<TestDatabase, 'url' | 'drop'>): Promise<Installation> {
    const its = server ?? (await createTestDatabase());
    const queue = await openJobQueue(its.url, { supervise: false, onError: () => {} });
    return new Installation(home, createDatabaseClient(its.url), queue, its);
  }

  get market(): string {
    return path.join(this.home, 'data', 'market');
  }

  /** What its runners have said. */
  get output(): string {
    return this.#runners.map(({ output }) => output()).join('\n---\n');
  }

  async start(env: { TWOSTAGE_SUPERVISED?: '1' } = {}): Promise<DaemonProcess> {
    const runner = await startDaemon({
      ...env,
      DATABASE_URL: this.server.url,
      TWOSTAGE_HOME: this.home,
      TWOSTAGE_DATA_ROOTS: path.join(this.home, 'data'),
    });
    this.#runners.push(runner);
    return runner;
  }

  /** Where nothing else is said, five trainings of the family that needs no native library. */
  async queueRun(config: Partial<RunConfigInput> = {}, planVersionId?: string): Promise<string> {
    const parsed = runConfigSchema.parse({
      name: 'test',
      dataDir: this.market,
      families: ['FTRLProximal'],
      targets: ['fwd_ret_1d', 'fwd_ret_2d', 'fwd_ret_3d', 'fwd_ret_4d', 'fwd_ret_5d'],
      ...config,
    });
    const { id } = await this.database.$transaction((tx) =>
      createRun(tx, this.queue, {
        ...{ config: parsed, datasetId: null, createdById: null },
        ...(planVersionId !== undefined && { planVersionId }),
      }),
    );
    return id;
  }

  rowsOf(runId: string) {
    return this.database.run.findUniqueOrThrow({
      where: { id: runId },
      include: { trainings: { orderBy: { position: 'asc' } } },
    });
  }

  /** Every event, in order, none missing. */
  async eventsOf(runId: string): Promise<LoggedEvent[]> {
    const events = await readEvents(this.database, runId, 0, 100_000);
    const wrong = events.findIndex(({ seq }, index) => seq !== index + 1);
    if (wrong >= 0) throw new Error(`event ${wrong + 1} of ${events.length} has the number ${events[wrong]!.seq}`);
    return events;
  }

  /** The first truth that `find` comes back with. */
  async until<T>(what: string, find: () => Promise<T | null | false>, seconds = patienceSeconds): Promise<T> {
    for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(50)) {
      const found = await find();
      if (found) return found;
    }
    throw new Error(`not within ${seconds} s: ${what}; ${this.output}`);
  }

  untilState(runId: string, state: RunState, seconds = patienceSeconds) {
    return this.until(
      `run is ${state}`,
      async () => {
        const run = await this.rowsOf(runId);
        return run.state === state && run;
      },
      seconds,
    );
  }

  /** One training has completed and the next one has a process. */
  untilMidStage(runId: string) {
    return this.until('one training completed, another runs', async () => {
      const { trainings } = await this.rowsOf(runId);
      const running = trainings.find((training) => training.state === 'running');
      const completed = trainings.find((training) => training.state === 'completed');
      return running && completed ? { running: running.key, completed: completed.key } : null;
    });
  }

  async close(): Promise<void> {
    for (const { child } of this.#runners) child.kill('SIGKILL');
    await Promise.all(this.#runners.map(({ ended }) => ended));
    await this.queue.stop(1000);
    await this.database.$disconnect();
    await this.server.drop();
  }
}
