import type { EventWriter } from './eventWriter.ts';
import type { ExecuteRunInput } from './executeRun.ts';

/** The parts of a run in progress that its steps share. */
export interface Run {
  readonly input: ExecuteRunInput;
  readonly events: EventWriter;
  /** Aborted by the caller, or because the events can no longer be kept. */
  readonly signal: AbortSignal;
}

/** The run is not ours to end: its lease is lost, or this runner is leaving and another will go on. */
export const isLeft = ({ signal }: Run): boolean =>
  signal.aborted && (signal.reason === 'lost' || signal.reason === 'shutdown');
export const isLost = ({ signal }: Run): boolean => signal.aborted && signal.reason === 'lost';
export const isCancelled = (run: Run): boolean => run.signal.aborted && !isLeft(run);
