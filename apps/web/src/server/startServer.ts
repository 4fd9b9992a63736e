import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { messageOf } from '@twostage/core/errors';
import { createDatabaseClient } from '@twostage/prisma/client';
import { assertReachable } from '@twostage/prisma/postgres/connection';
import { openJobQueue } from '@twostage/prisma/queue';
import { keepStatusTrue } from './live/keepStatusTrue.ts';
import type { Logger } from 'pino';
import { clientAddressHeader, createAuth } from './auth/auth.ts';
import type { ServerConfig } from './config.ts';
import { createApiHandler } from './http/api.ts';
import { applySecurityHeaders } from './http/contentPolicy.ts';
import { listenOnFreePort } from './http/listen.ts';
import { originsOf, ownUrl } from './http/origins.ts';
import { writePort } from './http/ports.ts';
import { openLiveServer } from './live/liveServer.ts';
import { createWebApp, offerToPages } from './webApp.ts';

/** What answers everything that is not /api or /socket.io. */
export interface Pages {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** WebSockets of the development build. */
  readonly upgrade: ((request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>) | null;
  readonly close: () => Promise<void>;
}
export interface StartOptions {
  readonly config: ServerConfig;
  readonly log: Logger;
  readonly dev: boolean;
  /** A line for the person who starts it. */
  readonly say: (line: string) => void;
  readonly preparePages: (server: Server, address: AddressInfo) => Promise<Pages>;
}
export interface RunningServer {
  /** Where browsers reach it. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Starts everything of one web process. The port is taken before the rest, so that origins and links name the real one; until
 * all is ready it answers 503.
 * @throws DomainError CONFLICT (no port is free), DATABASE_UNREACHABLE
 */
export async function startServer({ config, log, dev, say, preparePages }: StartOptions): Promise<RunningServer> {
  await assertReachable(config.databaseUrl);
  let handler: Handler = async (_request, response) => {
    response.writeHead(503, { 'Retry-After': '1', 'Content-Type': 'text/plain' }).end('starting\n');
  };
  const server = createServer((request, response) => {
    handler(request, response).catch((error) => {
      log.error({ method: request.method, path: pathOf(request), error: messageOf(error) }, 'a request failed');
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain' });
      response.end('something went wrong on the server; its log says what\n');
    });
  });
  const address = await listenOnFreePort(server, config.port, config.host, (port) =>
    say(`port ${port} is taken; trying ${port + 1}`),
  );
  const publicUrl = config.publicUrl ?? ownUrl(address);
  const origins = originsOf(address, config.publicUrl);

  const prisma = createDatabaseClient(config.databaseUrl, { name: 'twostage web' });
  const queue = await openJobQueue(config.databaseUrl, { supervise: false, onError: (message) => log.error(message) });
  const auth = createAuth(prisma, { secret: config.authSecret, publicUrl, trustedOrigins: origins, log });
  const app = createWebApp({ prisma, queue, auth, publicUrl, origins, dataRoots: config.dataRoots, log });
  offerToPages(app);
  const live = await openLiveServer({ ...app, httpServer: server, databaseUrl: config.databaseUrl, log });
  const status = keepStatusTrue(prisma, queue, log);
  const pages = await preparePages(server, address);
  if (pages.upgrade) {
    const { upgrade } = pages;
    server.on('upgrade', (request, socket, head) => {
      if (!pathOf(request).startsWith('/socket.io')) void upgrade(request, socket, head);
    });
  }
  const answerApi = createApiHandler(app);
  handler = async (request, response) => {
    request.headers[clientAddressHeader] = clientAddress(request, config.trustProxy);
    // Pages cannot see their own address otherwise; sign-in leads back to it.
    request.headers['x-twostage-path'] = request.url;
    applySecurityHeaders(request, response, { dev, https: publicUrl.startsWith('https:') });
    await (pathOf(request).startsWith('/api/') ? answerApi : pages.handle)(request, response);
  };
  const url = ownUrl(address);
  writePort(config.home, url, address.port);

  return {
    url,
    port: address.port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([live.close(), status.stop()]);
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 2000).unref();
      await closed;
      await pages.close();
      await queue.stop(1000);
      await prisma.$disconnect();
    },
  };
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?', 1)[0]!;

/** Sign-in attempts are counted by it: a client's own X-Forwarded-For would let it start over as often as it likes. */
function clientAddress(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? String(request.headers['x-forwarded-for'] ?? '') : '';
  return forwarded.split(',').at(-1)?.trim() || request.socket.remoteAddress || '';
}
