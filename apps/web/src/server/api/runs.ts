import { compareRunsInput, listRunsInput, readRunEventsInput, runIdInput, startRunInput } from '../contracts/runs.ts';
import { cancelRun } from '../services/cancelRun.ts';
import { compareRuns } from '../services/compareRuns.ts';
import { getRun } from '../services/getRun.ts';
import { listRuns } from '../services/listRuns.ts';
import { readRunEvents } from '../services/readRunEvents.ts';
import { startRun } from '../services/startRun.ts';
import { procedure, router } from './trpc.ts';

export const runsRouter = router({
  list: procedure.input(listRunsInput).query(({ ctx, input }) => listRuns(ctx, input)),
  get: procedure.input(runIdInput).query(({ ctx, input }) => getRun(ctx, input)),
  start: procedure.input(startRunInput).mutation(({ ctx, input }) => startRun(ctx, input)),
  cancel: procedure.input(runIdInput).mutation(({ ctx, input }) => cancelRun(ctx, input)),
  events: procedure.input(readRunEventsInput).query(({ ctx, input }) => readRunEvents(ctx, input)),
  compare: procedure.input(compareRunsInput).query(({ ctx, input }) => compareRuns(ctx, input)),
});
