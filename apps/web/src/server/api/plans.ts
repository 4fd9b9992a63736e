import {
  approvePlanInput,
  commentInput,
  describePlanInput,
  draftPlanInput,
  editPlanInput,
  planBuildIdInput,
  planDiffInput,
  planIdInput,
  planVersionIdInput,
  refusePlanInput,
  requestPlanBuildInput,
  resolveCommentInput,
  reviewSettingInput,
  submitPlanInput,
} from '../contracts/plans.ts';
import {
  approvePlan,
  discardPlan,
  rejectPlan,
  revokePlan,
  submitPlan,
  withdrawPlan,
} from '../services/plans/decidePlan.ts';
import { draftPlan } from '../services/plans/draftPlan.ts';
import { describePlan, editPlan } from '../services/plans/editPlan.ts';
import { estimateBasis } from '../services/plans/estimateBasis.ts';
import { cancelPlanBuild, getPlanBuild, listPlanBuilds, requestPlanBuild } from '../services/plans/planBuilds.ts';
import { commentOnPlan, resolvePlanComment } from '../services/plans/planComments.ts';
import { planDiff } from '../services/plans/planDiff.ts';
import { planInbox } from '../services/plans/planInbox.ts';
import { getPlan, getPlanVersion, listPlans } from '../services/plans/readPlans.ts';
import { getReviewSetting, setReviewSetting } from '../services/plans/reviewSetting.ts';
import { procedure, router } from './trpc.ts';

export const plansRouter = router({
  list: procedure.query(({ ctx }) => listPlans(ctx)),
  get: procedure.input(planIdInput).query(({ ctx, input }) => getPlan(ctx, input)),
  version: procedure.input(planVersionIdInput).query(({ ctx, input }) => getPlanVersion(ctx, input)),
  inbox: procedure.query(({ ctx }) => planInbox(ctx)),
  diff: procedure.input(planDiffInput).query(({ ctx, input }) => planDiff(ctx, input)),
  estimateBasis: procedure.input(planVersionIdInput).query(({ ctx, input }) => estimateBasis(ctx, input)),
  draft: procedure.input(draftPlanInput).mutation(({ ctx, input }) => draftPlan(ctx, input)),
  edit: procedure.input(editPlanInput).mutation(({ ctx, input }) => editPlan(ctx, input)),
  describe: procedure.input(describePlanInput).mutation(({ ctx, input }) => describePlan(ctx, input)),
  submit: procedure.input(submitPlanInput).mutation(({ ctx, input }) => submitPlan(ctx, input)),
  withdraw: procedure.input(planVersionIdInput).mutation(({ ctx, input }) => withdrawPlan(ctx, input)),
  discard: procedure.input(planVersionIdInput).mutation(({ ctx, input }) => discardPlan(ctx, input)),
  approve: procedure.input(approvePlanInput).mutation(({ ctx, input }) => approvePlan(ctx, input)),
  reject: procedure.input(refusePlanInput).mutation(({ ctx, input }) => rejectPlan(ctx, input)),
  revoke: procedure.input(refusePlanInput).mutation(({ ctx, input }) => revokePlan(ctx, input)),
  comment: procedure.input(commentInput).mutation(({ ctx, input }) => commentOnPlan(ctx, input)),
  resolveComment: procedure.input(resolveCommentInput).mutation(({ ctx, input }) => resolvePlanComment(ctx, input)),
  reviewSetting: procedure.query(({ ctx }) => getReviewSetting(ctx)),
  setReviewSetting: procedure.input(reviewSettingInput).mutation(({ ctx, input }) => setReviewSetting(ctx, input)),
});

export const planBuildsRouter = router({
  list: procedure.query(({ ctx }) => listPlanBuilds(ctx)),
  get: procedure.input(planBuildIdInput).query(({ ctx, input }) => getPlanBuild(ctx, input)),
  request: procedure.input(requestPlanBuildInput).mutation(({ ctx, input }) => requestPlanBuild(ctx, input)),
  cancel: procedure.input(planBuildIdInput).mutation(({ ctx, input }) => cancelPlanBuild(ctx, input)),
});
