export interface RunnerStatus {
  id: string;
  name: string;
  host: string;
  version: string;
  online: boolean;
  lastSeenAt: Date;
  /** The run it holds, if any. */
  run: { id: string; number: number; name: string } | null;
}
export interface SystemStatus {
  /** Of twostage. */
  version: string;
  now: Date;
  runners: RunnerStatus[];
  queuedRuns: number;
  activeRuns: number;
}
