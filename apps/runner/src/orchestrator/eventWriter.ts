import type { RunEvent } from '@twostage/core/runs/events';
import { applyEvent, type RunView } from '@twostage/core/runs/view';
import type { EventSink } from './executeRun.ts';

const maxBatch = 500;

/**
 * Keeps the events of a run in order on their way to the sink, many an append while one is under way, and folds each
 * into the view first: an event that the lifecycle forbids throws where it is written.
 */
export class EventWriter {
  readonly view: RunView;
  readonly #queue: RunEvent[] = [];
  #draining: Promise<void> | null = null;
  #failure: { error: unknown } | null = null;
  #closed = false;

  constructor(
    readonly runId: string,
    readonly sink: EventSink,
    view: RunView,
    /** The sink refused: nothing more of this run can be made durable. */
    readonly onFailure: (error: unknown) => void,
  ) {
    this.view = structuredClone(view);
  }

  /** @throws DomainError ILLEGAL_TRANSITION */
  write(...events: RunEvent[]): void {
    if (this.#closed || this.#failure) return;
    for (const event of events) {
      applyEvent(this.view, { runId: this.runId, seq: this.view.lastSeq + 1, at: Date.now(), event });
      this.#queue.push(event);
    }
    this.#draining ??= this.#drain();
  }

  /** Resolves when everything written is durable. @throws what the sink threw */
  async flush(): Promise<void> {
    while (this.#draining) await this.#draining;
    if (this.#failure) throw this.#failure.error;
  }

  /** Drops what has not gone out and takes nothing more: the run is no longer ours to write. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#queue.length = 0;
    await this.#draining;
  }

  async #drain(): Promise<void> {
    // Events written in one go leave in one append.
    await Promise.resolve();
    try {
      while (this.#queue.length > 0) await this.sink.append(this.#queue.splice(0, maxBatch));
    } catch (error) {
      this.#failure = { error };
      this.#queue.length = 0;
      this.onFailure(error);
    } finally {
      this.#draining = null;
    }
  }
}
