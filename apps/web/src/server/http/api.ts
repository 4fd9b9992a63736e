import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError } from '@twostage/core/errors';
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { fromNodeHeaders, toNodeHandler } from 'better-auth/node';
import { toTrpcError } from '../api/errors.ts';
import { appRouter } from '../api/router.ts';
import type { ApiContext } from '../api/trpc.ts';
import { signedInBy } from '../auth/sessions.ts';
import type { WebApp } from '../webApp.ts';
import { replyHealth } from './health.ts';
import { isCrossSite } from './origins.ts';
import { replyJson } from './reply.ts';
import { sendRunLog } from './runLog.ts';

const largestBodyBytes = 1_048_576;
const trpcPrefix = '/api/trpc/';
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
        const context = await contextOf(app, request, response);
        if (!context.me) throw new DomainError('UNAUTHENTICATED', 'sign in first');
        const actor = { userId: context.me.id, role: context.me.role };
        await sendRunLog({ ...context, actor }, response, { runId, training: url.searchParams.get('training') });
      });
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

/** Sends what was thrown as JSON with its status, if nothing was sent yet. */
async function guarded(app: WebApp, response: ServerResponse, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const error = toTrpcError(thrown);
    if (error.code === 'INTERNAL_SERVER_ERROR') app.report(thrown, 'rest');
    if (response.headersSent) response.destroy();
    else replyJson(response, getHTTPStatusCodeFromError(error), { message: error.message });
  }
}
