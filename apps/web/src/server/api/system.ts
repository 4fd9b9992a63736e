import { systemStatus } from '../services/systemStatus.ts';
import { procedure, router } from './trpc.ts';

export const systemRouter = router({
  status: procedure.query(({ ctx }) => systemStatus(ctx)),
});
