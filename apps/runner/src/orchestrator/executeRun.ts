import type { RunConfig } from '@twostage/core/runs/config';
import type { RunEvent } from '@twostage/core/runs/events';
import type { RunState } from '@twostage/core/runs/lifecycle';
import type { RunView } from '@twostage/core/runs/view';
import type { ChildCommand } from '../training-process/command.ts';

export interface EventSink {
  /** Durable when it resolves; in call order. */
  append(events: readonly RunEvent[]): Promise<void>;
}

export interface ExecuteRunInput {
  readonly runId: string;
  readonly config: RunConfig;
  /** Absolute; made if absent. */
  readonly runDir: string;
  readonly sink: EventSink;
  /**
   * The view folded from the run's earlier events: an empty view for a new run; not changed. Finished trainings are not
   * repeated; running ones go back to pending (training.requeued).
   */
  readonly view: RunView;
  /**
   * Aborted: cancel. The reason 'cancel' ends the run as cancelled; the reason 'lost' (lease lost) or 'shutdown' stops
   * the children and leaves the run's state alone.
   */
  readonly signal: AbortSignal;
  /** Who runs it, e.g. the host's name. */
  readonly runner: string;
  readonly childCommand?: ChildCommand;
}

export type ExecuteRun = (input: ExecuteRunInput) => Promise<RunState>;
