import type { LoggedEvent, RunEvent, RunEventKind } from '@twostage/core/runs/events';
import { type AppendInput, appendEvents } from './eventLog.ts';
import type { Database } from './client.ts';

/** Kinds that can wait: they come in floods, and a reader loses nothing by 20 ms. */
const patient: Record<RunEventKind, boolean> = {
  'training.progress': true,
  log: true,
  'run.stateChanged': false,
  'run.prepared': false,
  'run.planned': false,
  'stage.started': false,
  'stage.ended': false,
  'training.started': false,
  'training.foldEnded': false,
  'training.ended': false,
  'training.requeued': false,
  'run.judged': false,
};
const longestWaitMs = 20;
const maxBatch = 500;

interface Entry {
  readonly event: RunEvent;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The log of one leased run. Progress and log lines wait at most 20 ms for company; anything else goes out at once, with what came
 * before it. The order is kept, and only one append is under way at a time.
 */
export class LogSink {
  #waiting: Entry[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    private readonly run: Pick<AppendInput, 'runId' | 'leaseToken'>,
    private readonly onAppended: (events: LoggedEvent[]) => void = () => {},
  ) {}

  /** Resolves once the events are durable. @throws what `appendEvents` throws */
  append(events: readonly RunEvent[]): Promise<void> {
    if (events.length === 0) return Promise.resolve();
    const durable = events.map(
      (event) => new Promise<void>((resolve, reject) => this.#waiting.push({ event, resolve, reject })),
    );
    if (events.every(({ kind }) => patient[kind]) && this.#waiting.length < maxBatch) {
      this.#timer ??= setTimeout(() => this.#flush(), longestWaitMs);
    } else this.#flush();
    return Promise.all(durable).then(() => {});
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
    });
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxBatch);
      try {
        const events = batch.map(({ event }) => event);
        this.onAppended(await appendEvents(this.database, { ...this.run, events }));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        // Later events must not overtake lost ones.
        for (const { reject } of [...batch, ...this.#waiting.splice(0)]) reject(error);
      }
    }
  }
}
