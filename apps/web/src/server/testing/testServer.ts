import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Role } from '@twostage/core/access/roles';
import { createDatabaseClient, type Database } from '@twostage/prisma/client';
import { createTestDatabase } from '@twostage/prisma/testing/testDatabase';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';
import { hashPassword } from 'better-auth/crypto';
import superjson from 'superjson';
import type { AppRouter } from '../api/router.ts';
import { createLog } from '../log.ts';
import { storePassword } from '../services/setPassword.ts';
import { type RunningServer, startServer } from '../startServer.ts';

export const password = 'correct horse battery';

export interface TestServer {
  readonly url: string;
  readonly home: string;
  readonly databaseUrl: string;
  readonly prisma: Database;
  /** A person who can sign in, with `password`. */
  addUser(role: Role, name?: string): Promise<{ id: string; email: string }>;
  /** @returns the session cookie */
  signIn(email: string): Promise<string>;
  /** The API over HTTP; without a cookie, as someone who is not signed in. */
  api(cookie?: string): TRPCClient<AppRouter>;
  close(): Promise<void>;
}

/** The whole web process on a real PostgreSQL and a free port, without pages. */
export async function startTestServer(): Promise<TestServer> {
  const database = await createTestDatabase();
  const home = mkdtempSync(path.join(os.tmpdir(), 'twostage-web-'));
  const server: RunningServer = await startServer({
    config: {
      databaseUrl: database.url,
      port: 20_000 + Math.floor(Math.random() * 30_000),
      host: '127.0.0.1',
      home,
      authSecret: 'a secret that only this test knows 0123456789',
      publicUrl: null,
      dataRoots: [path.join(home, 'data')],
      trustProxy: true,
    },
    log: createLog('silent'),
    dev: false,
    say: () => {},
    preparePages: async () => ({
      handle: async (_request, response) => void response.end('page'),
      upgrade: null,
      close: async () => {},
    }),
  });
  const prisma = createDatabaseClient(database.url);
  // Computed once: it is made to be slow.
  const hash = await hashPassword(password);
  let users = 0;
  let addresses = 0;
  return {
    url: server.url,
    home,
    databaseUrl: database.url,
    prisma,
    addUser: async (role, name = `${role} ${++users}`) => {
      const email = `${name.replaceAll(' ', '.').toLowerCase()}@example.com`;
      const { id } = await prisma.user.create({ data: { name, email, role, emailVerified: true } });
      await prisma.$transaction((tx) => storePassword(tx, id, hash));
      return { id, email };
    },
    signIn: async (email) => {
      const response = await fetch(`${server.url}/api/auth/sign-in/email`, {
        method: 'POST',
        // Another address each time: sign-in attempts are limited by it.
        headers: { 'content-type': 'application/json', origin: server.url, 'x-forwarded-for': `10.0.0.${++addresses}` },
        body: JSON.stringify({ email, password }),
      });
      if (!response.ok) throw new Error(`sign-in answered ${response.status}: ${await response.text()}`);
      return response.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';', 1)[0])
        .join('; ');
    },
    api: (cookie) =>
      createTRPCClient<AppRouter>({
        links: [
          httpLink({
            url: `${server.url}/api/trpc`,
            transformer: superjson,
            headers: () => ({ origin: server.url, ...(cookie ? { cookie } : {}) }),
          }),
        ],
      }),
    close: async () => {
      await prisma.$disconnect();
      await server.close();
      await database.drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
