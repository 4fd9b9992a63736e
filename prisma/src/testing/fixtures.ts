import { runConfigSchema } from '@twostage/core/runs/config';
import type { Progress, RunEvent } from '@twostage/core/runs/events';
import type { Outcome, TrainingSpec } from '@twostage/core/runs/training';
import { trainingId } from '@twostage/core/runs/training';
import type { Database } from '../client.ts';
import { type JobQueue, openJobQueue } from '../queue.ts';
import { createRun } from '../runs.ts';

const scope = { kind: 'crossSectional' } as const;
const specOf = (family: TrainingSpec['family'], stage: TrainingSpec['stage']): TrainingSpec => {
  const target = 'fwd_ret_1d';
  return { id: trainingId(family, target, scope), family, target, scope, stage };
};
export const lightgbm = specOf('LightGBM', 'cpu');
export const xgboost = specOf('XGBoost', 'cpu');
export const mlp = specOf('MLP', 'gpu');

export const progress = (step: number): Progress => ({
  phase: 'training',
  fold: 0,
  folds: 3,
  step,
  totalSteps: 100,
  trainLoss: 1 / step,
  validationLoss: 2 / step,
  bestStep: step,
  bestValidationLoss: 2 / step,
  rowsPerSecond: 1000,
  elapsedMs: step,
  etaMs: null,
  rssBytes: 1,
  threads: 2,
});

export const completed = (ic: number, rankIc: number): Outcome => ({
  kind: 'completed',
  result: {
    metrics: {
      rows: 10,
      bars: 5,
      icKind: 'crossSectional',
      ic,
      rankIc,
      icir: 1,
      icT: 2,
      mse: 1,
      mae: 1,
      r2: 0,
      hitRate: 0.5,
    },
    folds: [],
    artifacts: [],
    device: 'cpu',
    notes: [],
  },
});

export const stateChanged = (state: Extract<RunEvent, { kind: 'run.stateChanged' }>['state']): RunEvent => ({
  kind: 'run.stateChanged',
  state,
  reason: null,
  runner: 'test',
});
export const logLine = (line: string): RunEvent => ({ kind: 'log', training: null, stream: 'runner', line });

/** A run under way: LightGBM runs, XGBoost and MLP are pending. */
export const underWay: readonly RunEvent[] = [
  stateChanged('preparing'),
  { kind: 'run.planned', trainings: [lightgbm, xgboost, mlp], folds: [], summary: [] },
  stateChanged('running'),
  { kind: 'stage.started', stage: 'cpu' },
  { kind: 'training.started', training: lightgbm.id, pid: 1, threads: 2 },
];

export const openTestQueue = (url: string): Promise<JobQueue> =>
  openJobQueue(url, {
    supervise: false,
    onError: (message) => {
      throw new Error(message);
    },
  });

export async function queueRun(database: Database, queue: JobQueue): Promise<string> {
  const config = runConfigSchema.parse({ name: 'test', dataDir: '/data/market' });
  const { id } = await database.$transaction((tx) =>
    createRun(tx, queue, { config, datasetId: null, createdById: null }),
  );
  return id;
}
