export interface RunnerStatus {
  id: string;
  name: string;
  online: boolean;
  lastSeenAt: Date;
}
export interface SystemStatus {
  version: string;
  now: Date;
  runners: RunnerStatus[];
  queuedRuns: number;
  activeRuns: number;
}
