import { messageOf } from '@twostage/core/errors';
import type { Database } from '@twostage/prisma/client';
import type { JobQueue } from '@twostage/prisma/queue';
import type { Logger } from 'pino';
import { createCaller } from './api/router.ts';
import type { ApiContext } from './api/trpc.ts';
import type { Auth } from './auth/auth.ts';
import { signedInBy } from './auth/sessions.ts';
import type { Me } from './contracts/people.ts';
import { type PageBridge, pageBridgeKey } from './pageBridge.ts';

/** What one web process is made of; HTTP, sockets and pages share it. */
export interface WebApp {
  readonly prisma: Database;
  readonly auth: Auth;
  readonly publicUrl: string;
  readonly isTrustedOrigin: (origin: string) => boolean;
  readonly contextOf: (me: Me | null) => ApiContext;
  /** Logs what was not expected. */
  readonly report: (error: unknown, path: string) => void;
}

export function createWebApp(parts: {
  prisma: Database;
  queue: JobQueue;
  auth: Auth;
  publicUrl: string;
  origins: readonly string[];
  dataRoots: readonly string[];
  log: Logger;
}): WebApp {
  const { prisma, queue, publicUrl, dataRoots, log } = parts;
  const report = (error: unknown, path: string) =>
    log.error({ path, stack: error instanceof Error ? error.stack : undefined }, messageOf(error));
  return {
    prisma,
    auth: parts.auth,
    publicUrl,
    isTrustedOrigin: (origin) => parts.origins.includes(origin),
    contextOf: (me) => ({ prisma, queue, publicUrl, dataRoots, me, report }),
    report,
  };
}

/**
 * Lets pages that are rendered on the server call the API without HTTP. Next bundles its own copy of every module it
 * imports, so this process's clients reach it through `globalThis` only.
 */
export function offerToPages(app: WebApp): void {
  const bridge: PageBridge = {
    personOf: async (headers) => (await signedInBy(app.auth, headers))?.me ?? null,
    callerFor: (me) => createCaller(app.contextOf(me)),
  };
  Object.assign(globalThis, { [pageBridgeKey]: bridge });
}
