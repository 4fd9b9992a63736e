import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError } from '@twostage/core/errors';
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { fromNodeHeaders, toNodeHandler } from 'better-auth/node';
import { errorDetails, toTrpcError } from '../api/errors.ts';
import { appRouter } from '../api/router.ts';
import type { ApiContext } from '../api/trpc.ts';
import { signedInBy } from '../auth/sessions.ts';
import type { ServiceContext } from '../services/context.ts';
import { receiveFile } from '../services/uploads/receiveFile.ts';
import type { WebApp } from '../webApp.ts';
import { replyHealth } from './health.ts';
import { isCrossSite } from './origins.ts';
import { planRoute } from './planRoutes.ts';
import { largestBodyBytes } from './readJson.ts';
import { replyJson } from './reply.ts';
import { sendRunLog } from './runLog.ts';

const trpcPrefix = '/api/trpc/';
const uploadPath = /^\/api\/v1\/uploads\/(?<uploadId>[\w-]+)\/files\/(?<name>[^/]+)$/;
const runLogPath = /^\/api\/v1\/runs\/([\w-]+)\/log$/;

/** Answers everything under /api. */
export function createApiHandler(app: WebApp): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const authHandler = toNodeHandler(app.auth);

  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://server');
    const { pathname } = url;
    if (pathname === '/api/health') return replyHealth(app.prisma, response);
    if (isCrossSite(request, app.isTrustedOrigin)) {
      const origin = request.headers.origin ?? 'another site';
      return replyJson(response, 403, {
        message: `a page of ${origin} may not ask this server, which is ${app.publicUrl}; PUBLIC_URL sets that`,
      });
    }
    if (pathname.startsWith('/api/auth/')) return authHandler(request, response);
    if (pathname.startsWith(trpcPrefix)) return answerTrpc(app, request, response, pathname.slice(trpcPrefix.length));
    const runId = runLogPath.exec(pathname)?.[1];
    if (runId !== undefined && request.method === 'GET') {
      return guarded(app, response, async () => {
        const context = await signedInContext(app, request, response);
        await sendRunLog(context, response, { runId, training: url.searchParams.get('training') });
      });
    }
    const file = uploadPath.exec(pathname)?.groups;
    if (file && request.method === 'PUT') {
      return guarded(app, response, async () => {
        const context = await signedInContext(app, request, response);
        const name = decoded(file.name!);
        replyJson(response, 200, await receiveFile(context, { uploadId: file.uploadId!, name }, request));
      }).finally(() => request.resume());
    }
    const answerPlans = planRoute(request.method ?? 'GET', pathname);
    if (answerPlans) {
      return guarded(app, response, async () =>
        answerPlans(await signedInContext(app, request, response), request, response),
      );
    }
    replyJson(response, 404, { message: `there is no ${request.method} ${pathname}` });
  };
}

async function answerTrpc(
  app: WebApp,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  // A form of another site can post text or url-encoded fields without asking first, never JSON.
  if (request.method === 'POST' && !/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    return replyJson(response, 415, { message: 'send application/json' });
  }
  response.setHeader('Cache-Control', 'no-store');
  await nodeHTTPRequestHandler({
    req: request,
    res: response,
    path,
    router: appRouter,
    maxBodySize: largestBodyBytes,
    createContext: () => contextOf(app, request, response),
  });
}

/** Who asks, from the cookie; a cookie that was prolonged goes back with the answer. */
async function contextOf(app: WebApp, request: IncomingMessage, response: ServerResponse): Promise<ApiContext> {
  const signedIn = await signedInBy(app.auth, fromNodeHeaders(request.headers));
  for (const cookie of signedIn?.setCookie ?? []) response.appendHeader('Set-Cookie', cookie);
  return app.contextOf(signedIn?.me ?? null);
}

/** @throws DomainError INVALID_INPUT */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new DomainError('INVALID_INPUT', `${text} is no name of a file`, { field: 'name' });
  }
}

/** @throws DomainError UNAUTHENTICATED */
async function signedInContext(
  app: WebApp,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<ServiceContext> {
  const context = await contextOf(app, request, response);
  if (!context.me) throw new DomainError('UNAUTHENTICATED', 'sign in first');
  return { ...context, actor: { userId: context.me.id, role: context.me.role } };
}

/** Sends what was thrown as JSON with its status, if nothing was sent yet. */
async function guarded(app: WebApp, response: ServerResponse, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const error = toTrpcError(thrown);
    if (error.code === 'INTERNAL_SERVER_ERROR') app.report(thrown, 'rest');
    if (response.headersSent) response.destroy();
    else
      replyJson(response, getHTTPStatusCodeFromError(error), { message: error.message, ...errorDetails(error.cause) });
  }
}
