import { featureCheckIdInput, requestFeatureCheckInput } from '../contracts/featureChecks.ts';
import { readFeatureCheck } from '../services/readFeatureCheck.ts';
import { requestFeatureCheck } from '../services/requestFeatureCheck.ts';
import { procedure, router } from './trpc.ts';

export const featuresRouter = router({
  check: procedure.input(requestFeatureCheckInput).mutation(({ ctx, input }) => requestFeatureCheck(ctx, input)),
  answer: procedure.input(featureCheckIdInput).query(({ ctx, input }) => readFeatureCheck(ctx, input)),
});
