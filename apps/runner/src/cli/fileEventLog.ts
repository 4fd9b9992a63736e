import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import type { LoggedEvent, RunEvent } from '@twostage/core/runs/events';
import { runDirectory } from '@twostage/core/runs/runDirectory';
import { applyEvent, emptyRunView, type RunView } from '@twostage/core/runs/view';
import type { EventSink } from '../orchestrator/executeRun.ts';

/** The event log of a run without a database: OUT/events.ndjson, and the view folded from it. */
export class FileEventLog implements EventSink {
  readonly view: RunView = emptyRunView();
  readonly #file: FileHandle;

  private constructor(
    readonly runId: string,
    file: FileHandle,
    readonly onEvent: (logged: LoggedEvent) => void,
  ) {
    this.#file = file;
  }

  static async create(runDir: string, runId: string, onEvent: (logged: LoggedEvent) => void): Promise<FileEventLog> {
    return new FileEventLog(runId, await open(path.join(runDir, runDirectory.events), 'wx'), onEvent);
  }

  async append(events: readonly RunEvent[]): Promise<void> {
    const at = Date.now();
    const logged = events.map((event, i) => ({ runId: this.runId, seq: this.view.lastSeq + 1 + i, at, event }));
    await this.#file.appendFile(logged.map((one) => `${JSON.stringify(one)}\n`).join(''));
    for (const one of logged) {
      applyEvent(this.view, one);
      this.onEvent(one);
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
