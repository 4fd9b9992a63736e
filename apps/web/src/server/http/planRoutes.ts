import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError } from '@twostage/core/errors';
import type { ZodError, ZodType, z } from 'zod';
import {
  approvePlanInput,
  commentInput,
  draftPlanInput,
  editPlanInput,
  planIdInput,
  planVersionIdInput,
  refusePlanInput,
  submitPlanInput,
} from '../contracts/plans.ts';
import type { ServiceContext } from '../services/context.ts';
import {
  approvePlan,
  discardPlan,
  rejectPlan,
  revokePlan,
  submitPlan,
  withdrawPlan,
} from '../services/plans/decidePlan.ts';
import { draftPlan } from '../services/plans/draftPlan.ts';
import { editPlan } from '../services/plans/editPlan.ts';
import { exportPlan, planFiles } from '../services/plans/exportPlan.ts';
import { commentOnPlan } from '../services/plans/planComments.ts';
import { planInbox } from '../services/plans/planInbox.ts';
import { getPlan, getPlanVersion, listPlans } from '../services/plans/readPlans.ts';
import { inputMessage } from '../api/errors.ts';
import { readJson } from './readJson.ts';
import { replyJson } from './reply.ts';

type Work = (context: ServiceContext, input: unknown) => Promise<unknown>;

const route = <Schema extends ZodType>(
  schema: Schema,
  work: (context: ServiceContext, input: z.output<Schema>) => Promise<unknown>,
): Work => {
  return (context, input) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return work(context, parsed.data);
    throw new DomainError('INVALID_INPUT', inputMessage(parsed.error as ZodError), {
      field: parsed.error.issues[0]?.path.join('.') ?? '',
    });
  };
};

/** By method and path; `:name` of a path is a field of the input, beside those of the body. */
const routes: Readonly<Record<string, Work>> = {
  'GET /plans': (context) => listPlans(context),
  'POST /plans': route(draftPlanInput, draftPlan),
  'GET /plans/inbox': (context) => planInbox(context),
  'GET /plans/:planId': route(planIdInput, getPlan),
  'GET /plan-versions/:versionId': route(planVersionIdInput, getPlanVersion),
  'PATCH /plan-versions/:versionId': route(editPlanInput, editPlan),
  'DELETE /plan-versions/:versionId': route(planVersionIdInput, discardPlan),
  'POST /plan-versions/:versionId/submit': route(submitPlanInput, submitPlan),
  'POST /plan-versions/:versionId/withdraw': route(planVersionIdInput, withdrawPlan),
  'POST /plan-versions/:versionId/approve': route(approvePlanInput, approvePlan),
  'POST /plan-versions/:versionId/reject': route(refusePlanInput, rejectPlan),
  'POST /plan-versions/:versionId/revoke': route(refusePlanInput, revokePlan),
  'POST /plan-versions/:versionId/comments': route(commentInput, commentOnPlan),
};
const compiled = Object.entries(routes).map(([key, work]) => {
  const [method, path] = key.split(' ') as [string, string];
  const pattern = new RegExp(`^/api/v1${path.replace(/:(\w+)/g, '(?<$1>[\\w-]+)')}$`);
  return { method, pattern, work };
});
const exported = new RegExp(`^/api/v1/plan-versions/(?<versionId>[\\w-]+)/(?<file>${planFiles.join('|')})$`);

/** What answers this request of the plans' REST interface; null: none of it does. */
export function planRoute(
  method: string,
  pathname: string,
): ((context: ServiceContext, request: IncomingMessage, response: ServerResponse) => Promise<void>) | null {
  const file = method === 'GET' ? exported.exec(pathname)?.groups : undefined;
  if (file) return (context, _, response) => sendFile(context, response, file as never);
  for (const { method: takes, pattern, work } of compiled) {
    const groups = takes === method ? (pattern.exec(pathname)?.groups ?? (pattern.test(pathname) ? {} : null)) : null;
    if (!groups) continue;
    return async (context, request, response) => {
      const body = method === 'GET' ? {} : await readJson(request);
      replyJson(response, 200, ((await work(context, { ...body, ...groups })) ?? {}) as object);
    };
  }
  return null;
}

async function sendFile(
  context: ServiceContext,
  response: ServerResponse,
  { versionId, file }: Parameters<typeof exportPlan>[1],
): Promise<void> {
  const text = await exportPlan(context, { versionId, file });
  response.writeHead(200, {
    'Content-Type': file.endsWith('.md') ? 'text/markdown; charset=utf-8' : 'application/json; charset=utf-8',
    'Content-Disposition': `attachment; filename="${file}"`,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(text);
}
